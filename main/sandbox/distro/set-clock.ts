import type { Clock } from '../../doors.ts';
import type { Guest } from './machine.ts';
import { mustSucceed } from './system.ts';

const timeoutMs = 30_000;

/** The computer's time: while it slept, the machine's stood still; before that there is no sense in certificates. */
export async function setClock(guest: Guest, clock: Pick<Clock, 'now'>, signal: AbortSignal): Promise<void> {
  const seconds = (clock.now() / 1000).toFixed(3);
  await mustSucceed(guest.run(['date', '--utc', '--set', `@${seconds}`], { timeoutMs, signal }));
}
