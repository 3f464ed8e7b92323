/** The app with its window, tray and notices: builds the faces and ties them to one App. */
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { dialog, app as electron, ipcMain, Menu, nativeTheme, powerMonitor, protocol } from 'electron';
import type { App } from '../app.ts';
import { serveFar } from '../bridge/far.ts';
import { pushSnapshots, serve } from '../bridge/serve.ts';
import type { Log } from '../doors.ts';
import { problemOf } from '../problem.ts';
import { languageOf, type Say, translator } from '../text.ts';
import { applicationMenu } from './menu.ts';
import { origin, scheme, servePage } from './protocol.ts';
import { createTeller, tellNews } from './tell.ts';
import { createTray } from './tray.ts';
import type { TrayAction } from './tray-view.ts';
import { createWindow, type WindowFace } from './window.ts';

export interface Faces {
  /** Serves another ClawCove of this person that comes to this one. */
  readonly answer: (socket: Socket) => void;
}

/**
 * Opens the window as soon as Chromium can, while the doors are still being
 * opened; the rest follows when the App is there.
 *
 * @param home folder with out/ and assets/
 */
export function openFaces(options: {
  readonly home: string;
  readonly version: string;
  readonly isHidden: boolean;
  readonly app: Promise<App>;
  readonly log: Log;
  readonly hasTray: () => Promise<boolean>;
  /** The last thing that is done before ClawCove ends. */
  readonly onQuit: () => Promise<void>;
}): Faces {
  const { home, version, log, hasTray, onQuit } = options;
  const { isPackaged } = electron;
  const icon = join(home, 'assets/icons/icon.png');
  let app: App | null = null;
  let face: WindowFace | null = null;
  let isQuitting = false;
  let wasToldOfHiding = false;

  const say = (): Say => translator(app?.state.get().choices.language ?? languageOf(electron.getLocale()));

  async function quit(exitCode = 0): Promise<void> {
    if (isQuitting) return;
    isQuitting = true;
    face?.window.destroy();
    tray.remove();
    await app?.close().catch((error) => log.error('closing failed', error));
    await onQuit().catch((error) => log.error('closing failed', error));
    electron.exit(exitCode);
  }

  function showWindow(): void {
    if (isQuitting) return;
    if (face) face.show();
    else if (electron.isReady()) openWindow(false);
  }

  function openWindow(isHidden: boolean): void {
    const preload = join(home, 'out/preload/preload.cjs');
    const opened = createWindow({
      preload,
      icon,
      isPackaged,
      isHidden,
      log,
      onClose: () => void closeWindow(),
    });
    face = opened;
    void options.app.then(
      (app) => pushSnapshots(app, opened.window.webContents),
      () => {},
    );
  }

  /** The window goes, the watch goes on: seen in the tray, or else only if the person wants it so. */
  async function closeWindow(): Promise<void> {
    if (app === null) return quit();
    if (await hasTray()) {
      face?.window.hide();
      if (wasToldOfHiding) return;
      wasToldOfHiding = true;
      teller.tell(say()('notice.hidden.title'), say()('notice.hidden.body'));
      return;
    }
    if (!face) return;
    const { response } = await dialog.showMessageBox(face.window, {
      type: 'question',
      message: say()('window.no-tray.title'),
      detail: say()('window.no-tray.detail'),
      buttons: [say()('window.no-tray.keep'), say()('window.no-tray.quit')],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) return quit();
    face.window.hide();
  }

  function act(action: TrayAction): void {
    if (action.is === 'show-window') showWindow();
    else if (action.is === 'quit') void quit();
    else if (action.is === 'intent') {
      // What a refusal says is only seen in the window.
      void app?.act(action.intent).then((reply) => {
        if (!reply.ok) showWindow();
      });
    }
  }

  const tray = createTray(join(home, 'assets/icons/tray'), act);
  const teller = createTeller(icon, showWindow);

  /** Makes everything follow the App: theme, menu, tray, notices. */
  function follow(running: App): void {
    app = running;
    let language: string | null = null;
    const show = () => {
      const { choices } = running.state.get();
      if (nativeTheme.themeSource !== choices.appearance) nativeTheme.themeSource = choices.appearance;
      if (choices.language !== language) {
        language = choices.language;
        Menu.setApplicationMenu(applicationMenu(say(), { isPackaged, quit: () => void quit() }));
      }
      tray.show(running.state.get(), say());
    };
    let _waiting: NodeJS.Immediate | null = null;
    running.state.subscribe(() => {
      _waiting ??= setImmediate(() => {
        _waiting = null;
        if (!isQuitting) show();
      });
    });
    show();
    tellNews(running, teller, { isWatched: () => face?.isWatched() ?? false, now: Date.now, say });
    powerMonitor.on('resume', () => running.nudge());
  }

  /** Without its doors there is nothing to show: says so and ends. */
  async function giveUp(error: unknown): Promise<void> {
    log.error('could not start', error);
    const { code, facts } = problemOf(error);
    await electron.whenReady();
    const parts = ['what', 'means', 'next'].map((part) => say()(`problem.${code}.${part}`, facts));
    dialog.showErrorBox(say()('window.not-started.title'), parts.join('\n\n'));
    await quit(1);
  }

  async function open(): Promise<void> {
    await electron.whenReady();
    protocol.handle(scheme, servePage(join(home, 'out/renderer')));
    serve(ipcMain, { app: options.app, origin, log });
    if (!options.isHidden) openWindow(false);
    const running = await options.app;
    follow(running);
    await running.start();
  }

  electron.on('before-quit', (event) => {
    if (isQuitting) return;
    event.preventDefault();
    void quit();
  });
  electron.on('window-all-closed', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void quit());
  open().catch(giveUp);

  return {
    answer: (socket) => serveFar(socket, { face: 'app', version, app: options.app, onShow: showWindow, log }),
  };
}
