/** ClawCove's entry: the app with its window and tray, or one command in a terminal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { dialog, app as electron, protocol } from 'electron';
import { claim } from './bridge/owner.ts';
import { faceOf, ownWords } from './cli/face.ts';
import { exits } from './cli/output.ts';
import type { Desktop } from './doors.ts';
import { openFaces } from './faces/open-faces.ts';
import { quietChromium, registerScheme } from './faces/security.ts';
import { preloadIn, sparePageMemory } from './faces/window.ts';
import { createDesktop } from './host/desktop.ts';
import { createLog } from './host/log.ts';
import { ownFile } from './host/own-file.ts';
import { settingsAddress } from './host/settings-page.ts';
import { hasScreen, hasTray, localeOf, ownerPlace, ownFolder, thisSystem } from './host/this-system.ts';
import { languageOf, translator } from './text.ts';

const system = thisSystem();
const version = electron.getVersion();
const home = electron.getAppPath();
const configFolder = electron.getPath('appData');
const dataFolder = ownFolder(system, configFolder, process.env);
const logFile = join(dataFolder, 'clawcove.log');
electron.setPath('userData', dataFolder);
// What Chromium keeps for the window stays apart from what ClawCove keeps for the person.
electron.setPath('sessionData', join(dataFolder, 'window'));
electron.setPath('crashDumps', join(dataFolder, 'window', 'crashes'));
electron.setAppUserModelId('app.clawcove');

const log = createLog(logFile);
const isRoot = process.getuid?.() === 0;
const owner = ownerPlace(system, dataFolder);
const words = ownWords(process.argv, process.defaultApp === true);
const face = faceOf(words);
const language = languageOf(localeOf(system, process.env, electron.getPreferredSystemLanguages()));
const say = translator(language);

const startedFrom = ownFile();
const desktop = createDesktop({
  logFile,
  launch: {
    // An AppImage is mounted somewhere else at every start; its own file is what stays.
    file: startedFrom ?? process.execPath,
    args: electron.isPackaged ? [] : [home],
  },
  startsBy: system === 'linux' ? { is: 'xdg', configFolder } : { is: 'electron', system },
  settingsAddress: (page) => settingsAddress(system, page),
  printReport: async (language) => {
    const { printReport } = await import('./faces/report.ts');
    return printReport({
      preload: preloadIn(home),
      isPackaged: electron.isPackaged,
      say: translator(language),
    });
  },
});
// Most of ClawCove is behind these imports: the window must not wait for it.
const openDoors = async (instead: Partial<Desktop> = {}, startAnew: (() => void) | null = null) => {
  const [{ realDoors }, { feedIn }, words] = await Promise.all([
    import('./host/doors.ts'),
    import('./app-update/feed.ts'),
    readFile(join(home, 'package.json'), 'utf8'),
  ]);
  const { isPackaged } = electron;
  const app = { version, isPackaged, feed: feedIn(JSON.parse(words)), file: startedFrom, startAnew };
  // Threads are started from files.
  const built = join(home, 'out', 'main');
  const scanProgram = {
    entry: join(built, 'scan-worker.js'),
    maps: join(built, 'cmaps'),
    hasProc: system === 'linux',
  };
  return realDoors({
    app,
    desktop: { ...desktop, ...instead },
    log,
    dataFolder,
    scanProgram,
    language,
    isTranslated: electron.runningUnderARM64Translation,
    resources: process.resourcesPath,
  });
};
const buildApp = async (startAnew: () => void) => {
  const [doors, { createApp }] = await Promise.all([openDoors({}, startAnew), import('./app.ts')]);
  return createApp(doors, version);
};

/** How long to wait for another ClawCove to end (ms). */
const retryAfter = 500;

/** Says why no window opens, in a box and to who started it in a terminal, and ends. */
async function refuse(title: string, detail: string): Promise<void> {
  process.stderr.write(`${title}\n${detail}\n`);
  await electron.whenReady();
  dialog.showErrorBox(title, detail);
  electron.exit(exits.refused);
}

/** Opens the window or the tray, unless somebody else of this person is at work already. */
async function openApp(isHidden: boolean): Promise<void> {
  const claimed = await claim(owner);
  if (claimed.is === 'silent') return refuse(say('window.no-answer.title'), say('window.no-answer.detail'));
  if (claimed.is === 'taken') {
    const { by } = claimed;
    const isApp = by.face === 'app';
    if (!isApp && !isHidden) return refuse(say('window.in-terminal.title'), say('window.in-terminal.detail'));
    // One that is just ending shows nothing any more; then, and after a command, this one takes its place.
    const isThere = isApp && (isHidden || (await by.show().catch(() => false)));
    by.hangUp();
    if (isThere) return electron.exit();
    await setTimeout(retryAfter);
    return openApp(isHidden);
  }
  const serve = openFaces({
    home,
    system,
    version,
    isHidden,
    createApp: buildApp,
    log,
    hasTray: () => hasTray(system),
    async onQuit(startsAnew) {
      await claimed.release();
      if (!startsAnew || startedFrom === null) return;
      const { startProgram } = await import('./host/start-program.ts');
      startProgram(startedFrom);
    },
  });
  claimed.answer(serve);
}

/** The app with its faces; nothing before this line has started Chromium. */
async function openOnScreen(isHidden: boolean): Promise<void> {
  if (isRoot) {
    process.stderr.write(`${say('cli.administrator')}\n`);
    return electron.exit(exits.refused);
  }
  if (!hasScreen(system, process.env)) {
    process.stderr.write(`${say('cli.no-display')}\n`);
    return electron.exit(exits.couldNotLook);
  }
  // What an AppImage's own start script says where the system has forbidden what Chromium's sandbox is made of.
  if (electron.commandLine.hasSwitch('no-sandbox'))
    return refuse(say('window.no-sandbox.title'), say('window.no-sandbox.detail'));
  quietChromium(electron);
  sparePageMemory(electron);
  registerScheme(protocol);
  electron.enableSandbox();
  await openApp(isHidden || (await wasOpenedAtLogin()));
}

/** On a Mac nothing can be said to a program that starts at login; the system itself tells that it was one. */
async function wasOpenedAtLogin(): Promise<boolean> {
  if (system !== 'macos') return false;
  await electron.whenReady();
  return electron.getLoginItemSettings().wasOpenedAtLogin;
}

if (face.is === 'terminal') {
  // All of it happens before Chromium starts: it waits for this module, so a command needs no
  // screen, no session bus and a third of a second. Seen on Electron 33 without any of them.
  const [{ createApp }, { commandLine }, { createTerminal }] = await Promise.all([
    import('./app.ts'),
    import('./cli/command-line.ts'),
    import('./cli/terminal.ts'),
  ]);
  process.exit(
    await commandLine(words, {
      terminal: createTerminal(process),
      version,
      language,
      owner,
      isRoot,
      log,
      openDoors,
      createApp,
    }),
  );
} else {
  // In Electron code behind process.exit() still runs for a moment, hence the else.
  openOnScreen(face.is === 'tray').catch((error) => {
    log.error('could not start', error);
    electron.exit(exits.workFailed);
  });
}
