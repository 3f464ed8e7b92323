/** Turns copies of the state into backups. */
import type { BackupId, BackupWhy } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { backupsOf } from '../moving-home/journal.ts';
import { neededBackups } from '../moving-in/journal.ts';
import type { MadeBy, StateCopy } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { catalogueOf, newId } from './catalogue.ts';
import { outdated } from './retention.ts';
import { mustFit } from './room.ts';

const GiB = 1024 ** 3;
/** Backups may take a quarter of what would be free without them, and never more than this (bytes). */
const mostForBackups = 20 * GiB;
const shareForBackups = 0.25;

/** How many bytes backups may take; pure. */
export function budgetFor(freeBytes: number, usedBytes: number): number {
  return Math.min(mostForBackups, Math.floor((freeBytes + usedBytes) * shareForBackups));
}

/**
 * Writes a copy into the backup folder, where it counts as soon as its note lies beside it, and
 * lets go what has had its time.
 *
 * @param coming the backup that is about to be loaded, which stays; null: none is
 * @throws ProblemError `no-room-on-disk` before anything of it is written
 */
export async function archive(
  doors: Doors,
  job: Job,
  copy: StateCopy,
  of: MadeBy,
  why: BackupWhy,
  coming: BackupId | null = null,
): Promise<BackupId> {
  const { sandbox, backups, clock, store } = doors;
  job.step('archiving');
  await backups.sweep();
  const at = clock.now();
  const id = newId(at, why);
  // Whoever lives in the home decides how long its files are, holes and all.
  await mustFit(doors, store.backupFolder, await sandbox.sizeOfCopy(copy, job.signal));
  await sandbox.saveCopy(copy, backups.fileOf(id), job);
  const size = await backups.measure(id, job.signal);
  await backups.note(id, { at, why, ...of, ...size, verifiedAt: null, model: store.choices().model });
  await thinOut(doors, coming === null ? [id] : [id, coming]);
  return id;
}

/** Removes the backups that have had their time, but none that is needed now. */
async function thinOut({ backups, clock, computer, store }: Doors, needed: BackupId[]): Promise<void> {
  const all = catalogueOf(await backups.list());
  const used = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const free = await computer.freeDisk(store.backupFolder);
  const { open } = store.updates();
  const loaded = open !== null && 'move' in open && open.move.load !== null ? [open.move.load] : [];
  const { hostMove, homeMove } = store.receipts();
  const undoing = [...neededBackups(hostMove), ...backupsOf(homeMove)];
  const past = outdated(all, clock.now(), budgetFor(free, used), [...needed, ...loaded, ...undoing]);
  for (const id of past) await backups.drop(id);
}

/**
 * What a version that was put back had made of the state is kept as an archive, not beside the state.
 *
 * @param coming see {@link archive}
 */
export async function keepAside(doors: Doors, job: Job, coming: BackupId | null = null): Promise<void> {
  const { sandbox } = doors;
  const made = await sandbox.findCopy('aside', job.signal);
  if (!made) return;
  await archive(doors, job, 'aside', made, 'set-aside', coming);
  await sandbox.dropCopy('aside', job.signal);
}
