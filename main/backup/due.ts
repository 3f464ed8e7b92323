import type { Backup } from '../contract.ts';
import { isNear } from '../near.ts';

/** Between two backups that are made by themselves lies about a day (ms). */
const every = 24 * 3_600_000;

/**
 * Whether it is time for the next backup; pure. A clock that was set back makes none due before
 * a day has passed, one that was set forward only one.
 *
 * @param triedAt when the last one was tried, whether or not it succeeded (ms since 1970); null: not yet
 */
export function isDue(
  backups: readonly Backup[],
  madeAt: number | null,
  triedAt: number | null,
  now: number,
): boolean {
  const times = backups.filter(({ why }) => why === 'schedule' || why === 'person').map(({ at }) => at);
  const all = [...times, ...(madeAt === null ? [] : [madeAt]), ...(triedAt === null ? [] : [triedAt])];
  return madeAt !== null && !all.some((at) => isNear(at, now, every));
}
