import type { Clock, Log } from '../doors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { newestStable } from './versions.ts';

/** The image source is asked again after this long (ms), and after a failure after this long. */
const askEvery = 6 * 3_600_000;
const askAgainAfterFailure = 15 * 60_000;
/** What was said longer ago (ms) than this is no news any more. */
const trustedFor = 3 * 24 * 3_600_000;

/** What is newest; remembers the answer, because asking goes over the network. */
export interface Releases {
  /** Newest stable version, or null when nobody could be asked lately. */
  newest(signal: AbortSignal): Promise<string | null>;
}

export function createReleases(sandbox: Sandbox, clock: Clock, log: Log): Releases {
  let known: { version: string; at: number } | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  // Distances, not differences: the clock may be set back.
  const isWithin = (at: number, ms: number) => Math.abs(clock.now() - at) < ms;
  const remembered = () => (known && isWithin(known.at, trustedFor) ? known.version : null);
  return {
    async newest(signal) {
      if ((known && isWithin(known.at, askEvery)) || isWithin(failedAt, askAgainAfterFailure))
        return remembered();
      try {
        const version = newestStable(await sandbox.listVersions(signal));
        if (version) known = { version, at: clock.now() };
        else failedAt = clock.now();
      } catch (error) {
        signal.throwIfAborted();
        failedAt = clock.now();
        log.error('could not ask for the newest version', error);
      }
      return remembered();
    },
  };
}
