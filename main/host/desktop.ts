import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions, shell } from 'electron';
import { fileEnding } from '../backup/parcel.ts';
import type { Language } from '../contract.ts';
import type { Desktop } from '../doors.ts';
import type { SettingsPage } from '../host-powers.ts';
import { ProblemError } from '../problem.ts';
import { translator } from '../text.ts';
import { type Launch, setXdgAutostart } from './autostart.ts';
import { electronLogin, mayStart } from './electron-login.ts';
import { openSecretPage } from './open-page.ts';
import { writeWhole, writtenThere } from './whole-file.ts';

/**
 * Opens a file or a folder in the program that the person has for it. By its URL: for a path Electron waits
 * on Linux until that program ends, with all of ClawCove standing still (seen on 33).
 */
async function openPath(path: string): Promise<void> {
  await shell.openExternal(pathToFileURL(path).href).catch(() => {
    throw new ProblemError('cannot-open', { name: path });
  });
}

/** What the person picks to be opened; null when they close the dialog. */
async function pick(options: OpenDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

/** Where the person wants something saved; null when they close the dialog. */
async function pickPlace(options: SaveDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow();
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options));
  return canceled || filePath === '' ? null : filePath;
}

/** Shows copies of backups first, and any file to those who have given theirs another name. */
const copyFilters = (language: Language) => [
  { name: translator(language)('window.copy.kind'), extensions: [fileEnding.slice(1)] },
  { name: translator(language)('window.copy.any'), extensions: ['*'] },
];

/**
 * The desktop of the person who runs ClawCove.
 *
 * @param startsBy the system's way of starting programs at login
 */
export function createDesktop(options: {
  readonly logFile: string;
  readonly launch: Launch;
  readonly startsBy:
    | { readonly is: 'xdg'; readonly configFolder: string }
    | { readonly is: 'electron'; readonly system: 'windows' | 'macos' };
  /** The address of a page of this system's own settings; null: it has none. */
  readonly settingsAddress: (page: SettingsPage) => string | null;
  /** The safety report on what is so now, as a PDF. */
  readonly printReport: (language: Language) => Promise<Uint8Array>;
}): Desktop {
  const { logFile, launch, startsBy, settingsAddress, printReport } = options;
  return {
    openPage: (url) =>
      openSecretPage(url, async (harmless) => {
        await shell.openExternal(harmless).catch(() => {
          throw new ProblemError('cannot-open', { name: 'OpenClaw' });
        });
      }),
    openFolder: openPath,
    openLog: () => openPath(logFile),
    async openSettings(language, page) {
      const address = settingsAddress(page);
      const problem = new ProblemError('cannot-open', {
        name: translator(language)(`window.settings-page.${page}`),
      });
      if (address === null) throw problem;
      await shell.openExternal(address).catch(() => {
        throw problem;
      });
    },
    chooseFolder: (language) =>
      pick({
        title: translator(language)('window.choose-folder'),
        properties: ['openDirectory', 'createDirectory'],
      }),
    chooseCopyPlace(language, day) {
      const say = translator(language);
      return pickPlace({
        title: say('window.copy.save'),
        defaultPath: `${say('window.copy.name', { day })}${fileEnding}`,
        filters: copyFilters(language),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
    },
    chooseCopy: (language) =>
      pick({
        title: translator(language)('window.copy.bring-in'),
        filters: copyFilters(language),
        properties: ['openFile'],
      }),
    chooseReportPlace(language, day) {
      const say = translator(language);
      return pickPlace({
        title: say('window.report.save'),
        defaultPath: `${say('window.report.name', { day })}.pdf`,
        filters: [
          { name: say('window.report.pdf'), extensions: ['pdf'] },
          { name: say('window.report.json'), extensions: ['json'] },
        ],
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
    },
    async keepReport(language, file, json) {
      const content = /\.json$/i.test(file) ? json : await printReport(language);
      const { signal } = new AbortController();
      await writeWhole(file, writtenThere, signal, (part) => part.writeFile(content));
      // Nothing is lost where no program shows such files: it lies where the person wanted it.
      await openPath(file).catch(() => {});
    },
    async setStartAtLogin(on) {
      if (startsBy.is === 'xdg') return setXdgAutostart(on, startsBy.configFolder, launch);
      const item = electronLogin(startsBy.system, launch);
      app.setLoginItemSettings({ ...item, openAtLogin: on });
      // Whoever has switched it off in the system's own settings is not overruled.
      if (on && !mayStart(startsBy.system, app.getLoginItemSettings(item)))
        throw new ProblemError('login-start-refused', {}, []);
    },
  };
}
