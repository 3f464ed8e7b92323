/** The clock of a machine: while the computer slept, it stood still. */
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { Guest } from './machine.ts';
import { mustSucceed } from './system.ts';

const timeoutMs = 30_000;

/** Gives it the computer's time: with a wrong one there is no sense in certificates. */
export async function setClock(guest: Guest, clock: Pick<Clock, 'now'>, signal: AbortSignal): Promise<void> {
  const seconds = (clock.now() / 1000).toFixed(3);
  await mustSucceed(guest.run(['date', '--utc', '--set', `@${seconds}`], { timeoutMs, signal }));
}

/**
 * By how much it is ahead of the computer's (ms); 0 where that is less than asking takes.
 *
 * @throws ProblemError `engine-failed` when it doesn't tell
 */
export async function clockAhead(
  guest: Guest,
  clock: Pick<Clock, 'now' | 'monotonic'>,
  signal: AbortSignal,
): Promise<number> {
  const began = clock.monotonic();
  const answer = await mustSucceed(guest.run(['date', '--utc', '+%s.%3N'], { timeoutMs, signal }));
  // It was read somewhere on the way there and back.
  const slack = (clock.monotonic() - began) / 2;
  const [text] = /^\d{1,11}\.\d{3}$/.exec(answer.untrustedOut.trim()) ?? [];
  if (text === undefined)
    throw new ProblemError('engine-failed', { detail: 'date' }, ['try-again', 'open-log']);
  const ahead = Number(text) * 1000 - (clock.now() - slack);
  return Math.abs(ahead) <= slack ? 0 : Math.round(ahead);
}
