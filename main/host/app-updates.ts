/** ClawCove's own updates on this computer. */
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Feed } from '../app-update/feed.ts';
import type { AppAbility, AppStanding } from '../app-update/release.ts';
import type { Release } from '../app-update/signed.ts';
import type { AppUpdates, Clock, Log, Net } from '../doors.ts';
import { isOlder } from '../openclaw/versions.ts';
import { Cancelled, ProblemError } from '../problem.ts';
import type { AppFileUpdater } from './app-file.ts';
import { remember } from './remember.ts';

/** The ClawCove that runs, as far as its updates are concerned. */
export interface ThisApp {
  readonly version: string;
  readonly isPackaged: boolean;
  /** null: it carries none. */
  readonly feed: Feed | null;
  /** The one file that it was started from (AppImage); null where it is many. */
  readonly file: string | null;
  /** Has it end and start anew when no work runs; null: nobody watches it, it is a command in a terminal. */
  readonly startAnew: (() => void) | null;
}

export interface AppUpdatesOptions {
  readonly app: ThisApp;
  /** Where downloads lie. */
  readonly folder: string;
  readonly net: Net;
  readonly clock: Clock;
  readonly log: Log;
}

function canReplace(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What this app can do about its own version, and else who does it; pure but for a look at the folder. */
export function abilityOf({ isPackaged, feed, file }: Omit<ThisApp, 'startAnew'>): AppAbility {
  if (!isPackaged) return { is: 'left-to-others', why: 'app-from-source' };
  // Installed by the system's own means (deb), or by an administrator where this person may not write.
  if (file === null || !canReplace(file)) return { is: 'left-to-others', why: 'app-by-system' };
  return feed === null ? { is: 'left-to-others', why: 'app-without-source' } : { is: 'able' };
}

/** The problem that broke a download or the move into its place off. */
function problemOfError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProblemError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const next = ['try-again', 'open-log'] as const;
  if (code === 'ENOSPC') return new ProblemError('no-room-on-disk', {}, ['try-again']);
  if (code === 'ERR_CHECKSUM_MISMATCH' || code === 'ERR_TOO_LARGE')
    return new ProblemError('app-download-damaged', {}, next);
  if (code === 'ERR_NO_FILE') return new ProblemError('source-out-of-order', {}, ['try-again']);
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return new ProblemError('no-internet', {}, ['try-again']);
  if (/ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(code) || /timed out|abort/i.test(error.message))
    return new ProblemError('source-silent', {}, ['try-again']);
  return new ProblemError('app-not-replaced', {}, next);
}

/** Does one thing at a time; who comes later waits. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/**
 * The real {@link AppUpdates}, for a ClawCove that is one file on Linux. electron-updater is loaded
 * when it is first needed.
 */
export function createAppUpdates({ app, folder, net, clock, log }: AppUpdatesOptions): AppUpdates {
  const inTurn = oneByOne();
  let standing: AppStanding = { is: 'none' };
  let release: Release | null = null;
  const source = { signal: new AbortController().signal };

  const open = remember(async (): Promise<AppFileUpdater> => {
    const { feed, file, version } = app;
    if (feed === null || file === null) throw new Error('this ClawCove is updated by others');
    const { AppFileUpdater } = await import('./app-file.ts');
    const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
    return new AppFileUpdater({
      version,
      file,
      folder,
      log: log.info,
      source: Object.assign(source, {
        running: version,
        feed,
        net,
        clock,
        name: `latest-linux${arch}.yml`,
        ending: '.AppImage',
        onRelease(found: Release) {
          release = found;
        },
      }),
    });
  });

  /** What electron-updater makes of the newest release: whether it is newer, and our turn. */
  async function ask(
    updater: AppFileUpdater,
    signal: AbortSignal,
  ): Promise<{ found: Release; isForUs: boolean }> {
    source.signal = signal;
    release = null;
    const result = await updater.checkForUpdates().catch((error) => {
      signal.throwIfAborted();
      throw error;
    });
    if (result === null || release === null) throw new Error('electron-updater did not ask');
    return { found: release, isForUs: result.isUpdateAvailable };
  }

  return {
    version: app.version,
    ability: () => abilityOf(app),
    standing: () => standing,
    look: (signal) =>
      inTurn(async () => {
        const { found, isForUs } = await ask(await open(), signal);
        const { version, safeFrom = null } = found;
        return { version, safeFrom, isOurTurn: isForUs || !isOlder(app.version, version) };
      }),
    download: (known, { signal, progress }) =>
      inTurn(async () => {
        const updater = await open();
        const { found, isForUs } = await ask(updater, signal);
        if (isOlder(found.version, known))
          throw new ProblemError('app-went-back', {}, ['try-again', 'open-log']);
        if (!isForUs || (standing.is === 'ready' && standing.version === found.version)) return;
        const { CancellationToken } = await import('electron-updater/out/types.js');
        const token = new CancellationToken();
        const cancel = () => token.cancel();
        const tell = ({ transferred, total }: { transferred: number; total: number }) =>
          progress(transferred, total);
        const { httpExecutor: http } = updater;
        http.signal = signal;
        http.mostBytes = Math.max(...found.files.map(({ size }) => size));
        signal.addEventListener('abort', cancel, { once: true });
        updater.on('download-progress', tell);
        try {
          if (signal.aborted) throw new Cancelled();
          // One that was downloaded before makes room for it, whatever comes of this.
          standing = { is: 'none' };
          await updater.downloadUpdate(token);
          standing = { is: 'ready', version: found.version };
        } catch (error) {
          signal.throwIfAborted();
          log.error('the download of a newer ClawCove failed', error);
          throw problemOfError(error);
        } finally {
          signal.removeEventListener('abort', cancel);
          updater.off('download-progress', tell);
        }
      }),
    takeOver: () =>
      inTurn(async () => {
        if (standing.is !== 'ready') return;
        const { version } = standing;
        await (await open()).putInPlace().catch((error) => {
          log.error('the newer ClawCove could not be put in its place', error);
          standing = { is: 'none' };
          throw problemOfError(error);
        });
        standing = { is: app.startAnew === null ? 'next-start' : 'restarting', version };
        app.startAnew?.();
      }),
    /**
     * Whoever quits a program expects the newer one when they next start it, as browsers do; nothing
     * is interrupted by that, and nothing is started.
     */
    close: () =>
      inTurn(async () => {
        if (standing.is !== 'ready') return;
        const { version } = standing;
        await (await open()).putInPlace();
        standing = { is: 'next-start', version };
      }).catch((error) => log.error('the newer ClawCove could not be put in its place', error)),
  };
}

/** Where downloads lie in ClawCove's own folder. */
export const appDownloads = (dataFolder: string): string => join(dataFolder, 'newer-clawcove');
