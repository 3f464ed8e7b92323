import type { Doors } from '../doors.ts';
import { ProblemError, problemOf } from '../problem.ts';

const MiB = 1024 ** 2;

/** What a full disk looks like when the program that could not write doesn't say so itself. */
const looksLike = new Set(['engine-failed', 'engine-too-slow', 'unexpected']);

/**
 * An error, or what is behind it: an engine whose disk is full fails in many ways, and only some of
 * its messages name the reason.
 *
 * @returns a ProblemError `no-room-on-disk` where the engine's disk is full, the error itself otherwise
 */
export async function orLackOfRoom({ computer, log }: Doors, error: unknown): Promise<unknown> {
  if (!looksLike.has(problemOf(error).code)) return error;
  // Who can't be asked for its room is not the reason.
  const free = await computer.freeDisk(computer.dataFolder).catch(() => Number.POSITIVE_INFINITY);
  if (free >= MiB) return error;
  log.error('the disk is full', error);
  return new ProblemError('no-room-on-disk', {}, ['try-again']);
}
