/** Which backups stay. */
import type { Backup, BackupId } from '../contract.ts';

const day = 24 * 3_600_000;
/** The newest of each of so many days, and of each of so many weeks. */
const daily = 7;
const weekly = 4;
/** States from before an update or a restore, and those that were set aside, stay for a week (ms). */
const keepMoves = 7 * day;
/** However often something is put back, no more than so many states are set aside. */
const mostAside = 2;

/** The newest backup that is known to be whole; what was set aside is no way back to anything good. */
export function lastGood(backups: readonly Backup[]): Backup | null {
  const good = backups.filter(({ why, verifiedAt }) => why !== 'set-aside' && verifiedAt !== null);
  return good.sort((a, b) => b.at - a.at)[0] ?? null;
}

/** The newest of each period of so many ms, for so many periods that have one. */
function newestOfEach(backups: readonly Backup[], period: number, periods: number): BackupId[] {
  const newest = new Map<number, Backup>();
  for (const backup of backups) {
    const slot = Math.floor(backup.at / period);
    const other = newest.get(slot);
    if (!other || backup.at > other.at) newest.set(slot, backup);
  }
  return [...newest.values()]
    .sort((a, b) => b.at - a.at)
    .slice(0, periods)
    .map(({ id }) => id);
}

/**
 * The backups that have had their time; pure. Over the budget (bytes) the oldest go first. The last
 * good one always stays, and so does the newest: nothing better is there yet.
 *
 * @param now ms since 1970; a clock that is set forward makes nothing old but what was moved
 */
export function outdated(backups: readonly Backup[], now: number, budget: number): BackupId[] {
  const isMove = ({ why }: Backup) => why === 'update' || why === 'restore' || why === 'set-aside';
  const asides = backups.filter(({ why }) => why === 'set-aside').sort((a, b) => b.at - a.at);
  const plain = backups.filter((backup) => !isMove(backup));
  const wanted = new Set<BackupId>([
    ...newestOfEach(plain, day, daily),
    ...newestOfEach(plain, 7 * day, weekly),
    ...backups
      .filter((backup) => isMove(backup) && Math.abs(now - backup.at) < keepMoves)
      .map(({ id }) => id),
  ]);
  for (const { id } of asides.slice(mostAside)) wanted.delete(id);
  const newest = [...backups].sort((a, b) => b.at - a.at)[0];
  const held = new Set([lastGood(backups)?.id, newest?.id]);
  let room = budget;
  const kept = new Set<BackupId>();
  const byWorth = [...backups].sort((a, b) => Number(held.has(b.id)) - Number(held.has(a.id)) || b.at - a.at);
  for (const { id, bytes } of byWorth) {
    if (!held.has(id) && (!wanted.has(id) || bytes > room)) continue;
    kept.add(id);
    room -= bytes;
  }
  return backups.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
}
