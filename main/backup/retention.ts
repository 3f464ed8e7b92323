/** Which backups stay. */
import type { Backup, BackupId, BackupWhy } from '../contract.ts';
import { isNear } from '../near.ts';
import { timeIn } from './catalogue.ts';

const day = 24 * 3_600_000;
/** The newest of each of so many days, and of each of so many weeks. */
const daily = 7;
const weekly = 4;
/** States from before an update or a restore, those that were set aside, and what was brought in stay for a week (ms). */
const keepSpecial = 7 * day;
/** One clock that is far wrong ends nobody's week: so many backups made after it have to say that it is over. */
const witnesses = 3;
/** However often something is put back, no more than so many states are set aside. */
const mostAside = 2;

/** What this home can't rely on: what was no good, and what comes from elsewhere. */
const strangers: readonly BackupWhy[] = ['set-aside', 'elsewhere', 'moved-in'];

/** Sorts the newest first. What is dated in the future comes last: some wrong clock put it there. */
const byAge =
  (now: number) =>
  (one: number, other: number): number =>
    Number(one > now) - Number(other > now) || other - one;

function newestFirst(backups: readonly Backup[], now: number): Backup[] {
  const compare = byAge(now);
  return [...backups].sort((a, b) => compare(a.at, b.at));
}

/**
 * The backups that this home can rely on, newest first; pure. What was set aside is no way back to
 * anything good, and what was brought in or moved in says nothing of this home.
 *
 * @param now ms since 1970
 */
export function goodOnes(backups: readonly Backup[], now: number): Backup[] {
  const good = backups.filter(({ why, verifiedAt }) => !strangers.includes(why) && verifiedAt !== null);
  return newestFirst(good, now);
}

/** The newest of each period of so many ms, for so many periods that have one. */
function newestOfEach(sorted: readonly Backup[], period: number, periods: number): BackupId[] {
  const newest = new Map<number, BackupId>();
  for (const { id, at } of sorted) {
    const slot = Math.floor(at / period);
    if (!newest.has(slot)) newest.set(slot, id);
  }
  return [...newest.values()].slice(0, periods);
}

/**
 * The backups that have had their time; pure. Over the budget (bytes) the oldest go first. The last
 * good one always stays, and so do the newest and the newest of what was brought in this week:
 * nothing better is there yet.
 *
 * @param now ms since 1970; a clock that is set forward makes nothing old but what stays for a week
 * @param needed what stays whatever it is: just made, or about to be loaded
 */
export function outdated(
  backups: readonly Backup[],
  now: number,
  budget: number,
  needed: readonly BackupId[],
): BackupId[] {
  const compare = byAge(now);
  const all = newestFirst(backups, now);
  const own = all.filter(({ why }) => why !== 'elsewhere');
  const plain = own.filter(({ why }) => why === 'schedule' || why === 'person');
  const hasHadItsWeek = (since: number) => {
    const after = plain.filter(({ at }) => compare(at, since) < 0 && !isNear(since, at, keepSpecial));
    return !isNear(since, now, keepSpecial) && after.length >= witnesses;
  };
  const came = all
    .filter(({ id, why }) => why === 'elsewhere' && !hasHadItsWeek(timeIn(id)))
    .sort((a, b) => compare(timeIn(a.id), timeIn(b.id)));
  const aside = own.filter(({ why }) => why === 'set-aside').slice(0, mostAside);
  const before = own.filter(({ why }) => why === 'update' || why === 'restore' || why === 'moved-in');
  const wanted = new Set<BackupId>([
    ...newestOfEach(plain, day, daily),
    ...newestOfEach(plain, 7 * day, weekly),
    ...[...before, ...aside].filter(({ at }) => !hasHadItsWeek(at)).map(({ id }) => id),
    ...came.map(({ id }) => id),
  ]);
  const held = new Set([goodOnes(backups, now)[0]?.id, own[0]?.id, came[0]?.id, ...needed]);
  let room = budget;
  const kept = new Set<BackupId>();
  const byWorth = [...all].sort((a, b) => Number(held.has(b.id)) - Number(held.has(a.id)));
  for (const { id, bytes } of byWorth) {
    if (!held.has(id) && (!wanted.has(id) || bytes > room)) continue;
    kept.add(id);
    room -= bytes;
  }
  return backups.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
}
