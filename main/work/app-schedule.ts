/** ClawCove's own updates at work: asks and downloads by itself what {@link decideApp} says, beside everything else. */
import { lookForApp, newerApp } from '../app-update/look.ts';
import { decideApp } from '../app-update/when.ts';
import type { Doors } from '../doors.ts';
import type { State } from '../state.ts';
import { costNow } from './cost-now.ts';

/** How long the source may take to say what is newest (ms). */
const askTimeout = 30_000;

/** Keeps a newer ClawCove at hand; never starts it: that is for the person, or for the next start. */
export interface AppSchedule {
  /** Thinks once, and acts while others go on; what is under way already is left alone. */
  think(): void;
  close(): void;
}

/** @param onMoved told when something is known that was not before */
export function createAppSchedule(doors: Doors, state: State, onMoved: () => void): AppSchedule {
  const { appUpdates, store, clock, computer, log } = doors;
  const closing = new AbortController();
  let askedInVainAt: number | null = null;
  let downloadedInVainAt: number | null = null;
  let isAtIt = false;
  /** Ends the download that runs, if one does. */
  let download: AbortController | null = null;

  const decide = () =>
    decideApp(clock.now(), {
      ability: appUpdates.ability(),
      running: appUpdates.version,
      look: store.receipts().appLook,
      standing: appUpdates.standing(),
      askedInVainAt,
      downloadedInVainAt,
    });
  const isWorking = () => ['running', 'asking'].includes(state.get().work.is);

  async function look(): Promise<void> {
    try {
      await lookForApp(doors, AbortSignal.any([closing.signal, AbortSignal.timeout(askTimeout)]));
      askedInVainAt = null;
    } catch (error) {
      closing.signal.throwIfAborted();
      askedInVainAt = clock.now();
      log.error('could not ask for the newest ClawCove', error);
    }
    onMoved();
  }

  async function fetch(version: string): Promise<void> {
    const [power, isMetered] = await Promise.all([
      computer.power(),
      computer.isMetered(AbortSignal.any([closing.signal, AbortSignal.timeout(askTimeout)])),
    ]);
    if (costNow(power, isMetered) !== null || isWorking()) return;
    download = new AbortController();
    const { signal } = download;
    try {
      const report = { signal: AbortSignal.any([closing.signal, signal]), progress: () => {} };
      await appUpdates.download(version, report);
      log.info('a newer ClawCove is downloaded and verified');
      onMoved();
    } catch (error) {
      closing.signal.throwIfAborted();
      // Broken off for work that the person waits for: it comes back after that.
      if (signal.aborted) return;
      downloadedInVainAt = clock.now();
      log.error('could not download the newer ClawCove', error);
    } finally {
      download = null;
    }
  }

  async function act(): Promise<void> {
    if (decide() === 'look') await look();
    const newer = newerApp(appUpdates.version, store.receipts().appLook);
    if (newer !== null && decide() === 'download') await fetch(newer);
  }

  // Work has the network to itself, and may be about to download the same.
  state.subscribe(({ work }) => {
    if (work.is === 'running') download?.abort();
  });

  return {
    think() {
      if (isAtIt || closing.signal.aborted || isWorking() || !store.choices().movedIn) return;
      isAtIt = true;
      act()
        .catch((error) => {
          if (!closing.signal.aborted) log.error('could not look after ClawCove itself', error);
        })
        .finally(() => {
          isAtIt = false;
        });
    },
    close: () => closing.abort(),
  };
}
