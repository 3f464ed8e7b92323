/** Which backups stay. */
import type { Backup, BackupId } from '../contract.ts';
import { timeIn } from './catalogue.ts';

const day = 24 * 3_600_000;
/** The newest of each of so many days, and of each of so many weeks. */
const daily = 7;
const weekly = 4;
/** States from before an update or a restore, and those that were set aside, stay for a week (ms). */
const keepMoves = 7 * day;
/** However often something is put back, no more than so many states are set aside. */
const mostAside = 2;

/**
 * The backups that this home can rely on, newest first; pure. What was set aside is no way back to
 * anything good, and what was brought in says nothing of this home.
 */
export function goodOnes(backups: readonly Backup[]): Backup[] {
  return backups
    .filter(({ why, verifiedAt }) => why !== 'set-aside' && why !== 'elsewhere' && verifiedAt !== null)
    .sort((a, b) => b.at - a.at);
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

/** The newest that was brought in, within a week of that, whenever it was made: it is about to be wanted. */
function broughtIn(backups: readonly Backup[], now: number): BackupId[] {
  const came = backups.filter(({ why }) => why === 'elsewhere').map(({ id }) => id);
  const newest = came.sort().at(-1);
  return newest !== undefined && Math.abs(now - timeIn(newest)) < keepMoves ? [newest] : [];
}

/**
 * The backups that have had their time; pure. Over the budget (bytes) the oldest go first. The last
 * good one always stays, and so does the newest: nothing better is there yet. What was brought in is
 * kept for a week: the person has it elsewhere.
 *
 * @param now ms since 1970; a clock that is set forward makes nothing old but what was moved
 */
export function outdated(backups: readonly Backup[], now: number, budget: number): BackupId[] {
  const isMove = ({ why }: Backup) => why === 'update' || why === 'restore' || why === 'set-aside';
  const asides = backups.filter(({ why }) => why === 'set-aside').sort((a, b) => b.at - a.at);
  const came = broughtIn(backups, now);
  const own = backups.filter(({ why }) => why !== 'elsewhere');
  const plain = own.filter((backup) => !isMove(backup));
  const wanted = new Set<BackupId>([
    ...newestOfEach(plain, day, daily),
    ...newestOfEach(plain, 7 * day, weekly),
    ...backups
      .filter((backup) => isMove(backup) && Math.abs(now - backup.at) < keepMoves)
      .map(({ id }) => id),
  ]);
  for (const { id } of asides.slice(mostAside)) wanted.delete(id);
  const newest = [...own].sort((a, b) => b.at - a.at)[0];
  const held = new Set([goodOnes(backups)[0]?.id, newest?.id, ...came]);
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
