/** Lets a machine whose home has nothing to do give its memory back. */
import type { Clock, Log } from '../../doors.ts';

export interface Rest {
  /** Something is being done with the machine: it stays up. */
  interrupt(): void;
  /** From now on nothing is, as far as we know: `lieDown` is called in a while. */
  soon(): void;
}

/** @param afterMs how long somebody may take to think of the next thing */
export function createRest(
  clock: Pick<Clock, 'sleep'>,
  log: Log,
  afterMs: number,
  lieDown: () => Promise<void>,
): Rest {
  let waiting = new AbortController();
  return {
    interrupt: () => waiting.abort(),
    soon() {
      waiting.abort();
      waiting = new AbortController();
      const { signal } = waiting;
      clock
        .sleep(afterMs, signal)
        .then(lieDown)
        .catch((error) => {
          if (!signal.aborted) log.error('the machine could not be laid down', error);
        });
    },
  };
}
