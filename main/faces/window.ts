import { join } from 'node:path';
import { type App, BrowserWindow, nativeTheme } from 'electron';
import { channels } from '../bridge/channels.ts';
import type { Log } from '../doors.ts';
import { startPage } from './protocol.ts';
import { holdPage, shutSession, webPreferences } from './security.ts';

/** The script between a page of ours and main, in the folder with out/ and assets/. */
export const preloadIn = (home: string): string => join(home, 'out/preload/preload.cjs');

/** The window; it lives, shown or hidden, as long as ClawCove. */
export interface WindowFace {
  readonly window: BrowserWindow;
  /** When a page that has shown nothing yet is waited for no longer. */
  readonly late: Promise<void>;
  /** When the person sees what it has to show, or for want of that after a while. */
  readonly drawn: Promise<void>;
  /** Brings it to the front, whatever became of it. */
  show(): void;
  /** Whether the person is looking at it, or will in a moment. */
  isWatched(): boolean;
}

/** A page that dies again within this time (ms) is left alone: reloading it would go round for ever. */
const reloadAfter = 10_000;

/** A page that has drawn nothing after this time (ms) is shown as it is. */
const patience = 5_000;

/** The page's own background colours, so that nothing flashes before it is drawn. */
const backgrounds = { light: '#f3f6f6', dark: '#0c1417' };

/**
 * Asks the page's engine to spare memory: most of what a page of this size takes is room that the
 * engine keeps for pages which make and drop objects all the time. Must happen before Chromium is
 * ready. Measured on Electron 33: 20 of 107 MB.
 */
export function sparePageMemory({ commandLine }: Pick<App, 'commandLine'>): void {
  commandLine.appendSwitch('js-flags', '--optimize-for-size --max-semi-space-size=1');
}

/** Makes the window and starts loading its page; it is shown when the first picture is ready. */
export function createWindow(options: {
  readonly preload: string;
  readonly icon: string;
  readonly isPackaged: boolean;
  readonly log: Log;
  /** What closing means; the window itself is only ever hidden. */
  readonly onClose: () => void;
}): WindowFace {
  const { preload, icon, isPackaged, log, onClose } = options;
  const window = new BrowserWindow({
    width: 1080,
    height: 760,
    minWidth: 800,
    minHeight: 600,
    show: false,
    title: 'ClawCove',
    icon,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
    webPreferences: webPreferences(preload, isPackaged),
  });
  shutSession(window.webContents.session, isPackaged);
  holdPage(window.webContents);
  let isComing = true;
  const show = () => {
    if (isComing && !window.isDestroyed()) window.show();
    isComing = false;
  };
  window.once('ready-to-show', show);
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patience);
    window.once('closed', () => clearTimeout(timer));
  });
  void late.then(show);
  const drawn = new Promise<void>((resolve) => {
    window.webContents.ipc.once(channels.drawn, () => resolve());
  });
  window.on('close', (event) => {
    event.preventDefault();
    onClose();
  });
  let loadedAt = Date.now();
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    // An orderly end is ClawCove's own end; a page that is reloaded then keeps it from ending.
    if (reason === 'clean-exit') return;
    log.error(`the page is gone: ${reason}`);
    if (Date.now() - loadedAt < reloadAfter) return;
    loadedAt = Date.now();
    window.webContents.reload();
  });
  void window.loadURL(startPage).catch((error) => {
    // Ending while it still loads is no fault of the page's.
    if (!window.isDestroyed()) log.error('the page did not load', error);
  });
  return {
    window,
    late,
    drawn: Promise.race([drawn, late]),
    show() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    isWatched() {
      if (window.isDestroyed()) return false;
      return isComing || (window.isVisible() && !window.isMinimized() && window.isFocused());
    },
  };
}
