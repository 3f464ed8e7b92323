import { app, BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions, shell } from 'electron';
import { fileEnding } from '../backup/parcel.ts';
import type { Language } from '../contract.ts';
import type { Desktop } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import { translator } from '../text.ts';
import { type Launch, setXdgAutostart } from './autostart.ts';
import { openSecretPage } from './open-page.ts';

/** Electron says what went wrong in a string; empty is good. */
async function openPath(path: string, name: string): Promise<void> {
  const wrong = await shell.openPath(path);
  if (wrong !== '') throw new ProblemError('cannot-open', { name });
}

/** What the person picks to be opened; null when they close the dialog. */
async function pick(options: OpenDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
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
  readonly startsBy: { readonly is: 'xdg'; readonly configFolder: string } | { readonly is: 'electron' };
}): Desktop {
  const { logFile, launch, startsBy } = options;
  return {
    openPage: (url) =>
      openSecretPage(url, async (harmless) => {
        await shell.openExternal(harmless).catch(() => {
          throw new ProblemError('cannot-open', { name: 'OpenClaw' });
        });
      }),
    openFolder: (path) => openPath(path, path),
    openLog: () => openPath(logFile, logFile),
    chooseFolder: (language) =>
      pick({
        title: translator(language)('window.choose-folder'),
        properties: ['openDirectory', 'createDirectory'],
      }),
    async chooseCopyPlace(language, day) {
      const say = translator(language);
      const options: SaveDialogOptions = {
        title: say('window.copy.save'),
        defaultPath: `${say('window.copy.name', { day })}${fileEnding}`,
        filters: copyFilters(language),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      };
      const parent = BrowserWindow.getFocusedWindow();
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      return canceled || filePath === '' ? null : filePath;
    },
    chooseCopy: (language) =>
      pick({
        title: translator(language)('window.copy.bring-in'),
        filters: copyFilters(language),
        properties: ['openFile'],
      }),
    async setStartAtLogin(on) {
      if (startsBy.is === 'xdg') return setXdgAutostart(on, startsBy.configFolder, launch);
      app.setLoginItemSettings({ openAtLogin: on, path: launch.file, args: [...launch.args, '--hidden'] });
    },
  };
}
