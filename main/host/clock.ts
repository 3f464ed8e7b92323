import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../doors.ts';
import { Cancelled } from '../problem.ts';
import { timeZone } from './time-zone.ts';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // Asked anew every time: the person travels.
  zone: () => timeZone(),
  async sleep(ms, signal) {
    try {
      await pause(ms, undefined, { signal });
    } catch {
      throw new Cancelled();
    }
  },
};
