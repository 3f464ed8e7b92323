import type { Doors } from '../doors.ts';
import { ProblemError, problemOf } from '../problem.ts';

const MiB = 1024 ** 2;

/** What a full disk looks like when the program that could not write doesn't say so itself. */
const looksLike = new Set(['engine-failed', 'engine-too-slow', 'unexpected']);

/**
 * Passes an error on, or what is behind it: an engine whose disk is full fails in many ways, and only
 * some of its messages name the reason.
 *
 * @throws ProblemError `no-room-on-disk` where the engine's disk is full, the error itself otherwise
 */
export async function blameRoom({ computer, log }: Doors, error: unknown): Promise<never> {
  if (!looksLike.has(problemOf(error).code)) throw error;
  // Who can't be asked for its room is not the reason.
  const free = await computer.freeDisk(computer.dataFolder).catch(() => Number.POSITIVE_INFINITY);
  if (free >= MiB) throw error;
  log.error('the disk is full', error);
  throw new ProblemError('no-room-on-disk', {}, ['try-again']);
}
