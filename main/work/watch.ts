import type { Clock } from '../doors.ts';
import { Cancelled } from '../problem.ts';

/**
 * A full look costs about a second of one core; every five minutes that is a third of a
 * percent. A trouble that is being waited out, or a gateway that starts, is looked at sooner (ms).
 */
const everyCalm = 5 * 60_000;
const everyAlert = 20_000;

/** Looks again and again until closed; says nothing about what it sees. */
export interface Watch {
  /** Looks now, e.g. after waking up or when the network changed, and goes on from there. */
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

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const isCalm = await look().catch((error) => {
        onError(error);
        return true;
      });
      nap = new AbortController();
      await clock
        .sleep(isCalm ? everyCalm : everyAlert, AbortSignal.any([nap.signal, closing.signal]))
        .catch((error) => {
          if (!(error instanceof Cancelled)) throw error;
        });
    }
  }

  run().catch(onError);
  return {
    nudge: () => nap.abort(),
    close: () => closing.abort(),
  };
}
