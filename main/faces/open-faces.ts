/** The app with its window, tray and notices: builds the faces and ties them to one App. */
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { dialog, app as electron, ipcMain, Menu, nativeTheme, powerMonitor, protocol } from 'electron';
import type { App } from '../app.ts';
import { oncePerTurn } from '../bridge/once-per-turn.ts';
import { pushSnapshots, serve } from '../bridge/serve.ts';
import type { Choices } from '../contract.ts';
import type { Log } from '../doors.ts';
import type { SystemName } from '../host/this-system.ts';
import { problemOf } from '../problem.ts';
import { languageOf, type Say, translator } from '../text.ts';
import { createClosing } from './closing.ts';
import { applicationMenu } from './menu.ts';
import { origin, scheme, servePage } from './protocol.ts';
import { createTeller, tellNews } from './tell.ts';
import { createTray } from './tray.ts';
import type { TrayAction } from './tray-view.ts';
import { createWindow, preloadIn, type WindowFace } from './window.ts';

/** So long (ms) a person and a terminal may read that ClawCove starts anew. */
const farewell = 1_500;

/**
 * Opens the window as soon as Chromium can; the App is built while the page
 * starts, and its work begins once the person sees the page.
 *
 * @param options.home folder with out/ and assets/
 * @returns what serves another ClawCove of this person that comes to this one
 */
export function openFaces(options: {
  readonly home: string;
  readonly system: SystemName;
  readonly version: string;
  readonly isHidden: boolean;
  /** Builds the App; called once, as soon as that keeps no window waiting. It may ask for a new start of ClawCove. */
  readonly createApp: (startAnew: () => void) => Promise<App>;
  readonly log: Log;
  readonly hasTray: () => Promise<boolean>;
  /** The last thing that is done before ClawCove ends, or is started anew. */
  readonly onQuit: (startsAnew: boolean) => Promise<void>;
}): (socket: Socket) => void {
  const { home, system, version, log, onQuit } = options;
  const { isPackaged } = electron;
  const icon = join(home, 'assets/icons/256x256.png');
  let begin = () => {};
  const coming = new Promise<void>((resolve) => {
    begin = resolve;
  }).then(() => options.createApp(() => void startAnew()));
  let app: App | null = null;
  let face: WindowFace | null = null;
  let isQuitting = false;

  const say = (): Say => {
    const now = app?.state.get();
    return translator(now?.choices.language ?? languageOf(electron.getLocale()), now?.choices.engine);
  };
  const teller = createTeller(icon, showWindow);
  const tray = createTray({ icons: join(home, 'assets/icons/tray'), system, act });
  const close = createClosing(teller, options.hasTray);

  async function quit(exitCode = 0, startsAnew = false): Promise<void> {
    if (isQuitting) return;
    isQuitting = true;
    // The tray icon goes with the process: taken away by hand just before, it hung Electron 33 now and then.
    face?.window.destroy();
    await app?.close().catch((error) => log.error('closing failed', error));
    await onQuit(startsAnew).catch((error) => log.error('closing failed', error));
    electron.exit(exitCode);
  }

  /** Ends and comes again, once the work that asked for it has ended and whoever watches it has been told. */
  async function startAnew(): Promise<void> {
    await app?.settled();
    await setTimeout(farewell);
    await quit(0, true);
  }

  function openWindow(): void {
    const opened = createWindow({
      preload: preloadIn(home),
      icon,
      isPackaged,
      log,
      onClose: () => {
        if (app === null) void quit();
        else void close(opened.window, say()).then((became) => (became === 'quit' ? quit() : null));
      },
    });
    face = opened;
    void coming.then(
      (app) => pushSnapshots(app, opened.window.webContents, log),
      // Said by the one who starts the App.
      () => {},
    );
  }

  function showWindow(): void {
    if (isQuitting || !electron.isReady()) return;
    if (face) face.show();
    else openWindow();
  }

  function act(action: TrayAction): void {
    if (action.is === 'show-window') showWindow();
    else if (action.is === 'quit') void quit();
    else if (action.is === 'intent') {
      // Why it was refused can only be read in the window.
      void app?.act(action.intent).then(({ ok }) => ok || showWindow());
    }
  }

  /** Makes the theme, the menu and the tray what the Snapshot says, now and after every change. */
  function follow(running: App): void {
    app = running;
    let shown: Choices | null = null;
    const show = () => {
      if (isQuitting) return;
      const snapshot = running.state.get();
      const { appearance, language } = snapshot.choices;
      if (appearance !== shown?.appearance) nativeTheme.themeSource = appearance;
      if (language !== shown?.language) {
        Menu.setApplicationMenu(applicationMenu(say(), { isPackaged, quit: () => void quit() }));
      }
      tray.show(snapshot, say());
      shown = snapshot.choices;
    };
    running.state.subscribe(
      oncePerTurn(show, (error) => log.error('the tray could not show what changed', error)),
    );
    show();
    // The person has asked the system for more contrast, or no longer does.
    nativeTheme.on('updated', () => isQuitting || tray.show(running.state.get(), say()));
    tellNews(running, teller, { isWatched: () => face?.isWatched() ?? false, now: Date.now, say });
    powerMonitor.on('resume', () => running.nudge());
    // A Mac's Dock shows ClawCove without a window, too, and whoever clicks there wants to see one.
    electron.on('activate', showWindow);
  }

  async function open(): Promise<void> {
    await electron.whenReady();
    const page = servePage(join(home, 'out/renderer'));
    protocol.handle(scheme, page.answer);
    serve(ipcMain, { app: coming, origin, log });
    if (!options.isHidden) openWindow();
    // The thread that builds the App serves the page, too: it does so while the page has nothing to ask for.
    if (face) await Promise.race([page.given, face.late]);
    begin();
    const running = await coming;
    follow(running);
    // What the first look costs would be taken from the page that is just being drawn.
    await face?.drawn;
    await running.start();
  }

  /** Without its App there is nothing to show: says so and ends. */
  async function giveUp(error: unknown): Promise<void> {
    log.error('could not start', error);
    const { code, facts } = problemOf(error);
    const parts = ['what', 'means', 'next'].map((part) => say()(`problem.${code}.${part}`, facts));
    dialog.showErrorBox(say()('window.not-started.title'), parts.join('\n\n'));
    await quit(1);
  }

  electron.on('before-quit', (event) => {
    if (isQuitting) return;
    event.preventDefault();
    void quit();
  });
  // ClawCove lives on without its window.
  electron.on('window-all-closed', () => {});

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void quit());
  open().catch(giveUp);

  /** False when there will be no window any more. */
  const onShow = () => {
    showWindow();
    return !isQuitting;
  };
  return (socket) =>
    void import('../bridge/far.ts').then(({ serveFar }) =>
      serveFar(socket, { face: 'app', version, app: coming, onShow, log }),
    );
}
