import type { Clock } from '../doors.ts';
import { Cancelled } from '../problem.ts';

/**
 * A full look costs about a second of one core; every five minutes that is a third of a
 * percent. A trouble that is being waited out, or a gateway that starts, is looked at sooner (ms).
 */
const everyCalm = 5 * 60_000;
const everyAlert = 20_000;
/** Between two looks there is at least this much peace (ms): a network that comes and goes makes no storm. */
const leastPause = 5_000;

/** Looks again and again until closed; says nothing about what it sees. */
export interface Watch {
  /** Looks soon, e.g. after waking up or when the network changed, and goes on from there. */
  nudge(): void;
  close(): void;
}

/**
 * @param look one background look; returns whether the next one can wait
 * @param onError told of a look that failed; the watch goes on
 */
export function startWatch(
  clock: Clock,
  look: () => Promise<boolean>,
  onError: (error: unknown) => void,
): Watch {
  const closing = new AbortController();
  let nap = new AbortController();
  let isNudged = false;

  /** Waits; a signal ends it early. */
  const pause = (ms: number, ...wakers: AbortSignal[]) =>
    clock.sleep(ms, AbortSignal.any([closing.signal, ...wakers])).catch((error) => {
      if (!(error instanceof Cancelled)) throw error;
    });

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      isNudged = false;
      const isCalm = await look().catch((error) => {
        onError(error);
        return true;
      });
      await pause(leastPause);
      if (isNudged) continue;
      nap = new AbortController();
      await pause((isCalm ? everyCalm : everyAlert) - leastPause, nap.signal);
    }
  }

  run().catch(onError);
  return {
    nudge() {
      isNudged = true;
      nap.abort();
    },
    close: () => closing.abort(),
  };
}
