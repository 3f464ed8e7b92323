/** Gives things another name for as long as they rest. One rename each: it has come about, or it has not. */
import { rename } from 'node:fs/promises';
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { isThere } from '../is-there.ts';

/** What has something open for a moment, a virus scanner say, has closed it by then (ms). */
const patience = 3_000;
const tryEvery = 500;
const held: readonly unknown[] = ['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY'];

/**
 * Gives a file or folder another name, unless it has gone already, or something has that name: nothing is put over anything.
 *
 * @throws ProblemError `host-openclaw-held` where that isn't let happen; then it is as it was
 */
export async function moveOnce(from: string, to: string, clock: Clock, signal: AbortSignal): Promise<void> {
  if (!(await isThere(from)) || (await isThere(to))) return;
  const until = clock.monotonic() + patience;
  for (;;) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!held.includes((error as NodeJS.ErrnoException).code)) throw error;
      if (clock.monotonic() > until)
        throw new ProblemError('host-openclaw-held', { path: from }, ['try-again']);
    }
    await clock.sleep(tryEvery, signal);
  }
}
