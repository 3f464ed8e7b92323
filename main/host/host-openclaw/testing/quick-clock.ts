import type { Clock } from '../../../doors.ts';
import { Cancelled } from '../../../problem.ts';

/** A clock on which waiting takes no time. Only for tests. */
export function quickClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    now: () => 1_795_330_000_000 + clock.slept,
    monotonic: () => clock.slept,
    zone: () => 'Etc/UTC',
    async sleep(ms: number, signal: AbortSignal) {
      if (signal.aborted) throw new Cancelled();
      clock.slept += ms;
    },
  };
  return clock;
}
