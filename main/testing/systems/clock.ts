/** The time of a computer in tests: it goes on by itself, and waits are over at once. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../doors.ts';
import { Cancelled } from '../../problem.ts';
import type { Machine } from '../machine.ts';

/**
 * A longer wait is one for the next look (ms): it lasts until somebody breaks it off. Looks that come at once, one after
 * the other, would make time fly for everybody else.
 */
const longestPassed = 4_000;

/** Gives the machine in memory the same time. */
export function createQuickClock(machine: Machine): Clock {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  Object.defineProperty(machine, 'now', { get: now, set() {} });
  return {
    now,
    monotonic: now,
    zone: () => machine.zone,
    async sleep(ms, signal) {
      if (signal.aborted) throw new Cancelled();
      if (ms > longestPassed)
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
        });
      ahead += ms;
      await setImmediate();
    },
  };
}
