import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../doors.ts';
import { Cancelled } from '../problem.ts';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // Asked anew every time: the person travels.
  zone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC',
  async sleep(ms, signal) {
    try {
      await pause(ms, undefined, { signal });
    } catch {
      throw new Cancelled();
    }
  },
};
