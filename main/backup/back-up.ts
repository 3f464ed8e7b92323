/** Makes a backup while OpenClaw runs, and proves that it can be restored. */
import type { BackupId, BackupWhy } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { fetchVersion } from '../openclaw/make.ts';
import { ProblemError } from '../problem.ts';
import { Unfit } from '../update/fitness.ts';
import { rehearse } from '../update/rehearse.ts';
import type { Job } from '../work/job.ts';
import { archive, keepAside } from './archive.ts';
import { madeBy, type Note } from './catalogue.ts';

/**
 * A running home is held still for the moment of the copy: the copy is then what a power cut
 * would leave, and SQLite is made to come back from that, as OpenClaw's own leases and migration
 * locks do (tested by killing it). OpenClaw's `backup create` leaves plugins' programs out, and
 * stopping it every day would break off what it is doing.
 *
 * It counts as a good one once it was unpacked again and OpenClaw has run on it.
 */
export async function backUp(
  doors: Doors,
  job: Job,
  why: Extract<BackupWhy, 'schedule' | 'person'>,
): Promise<void> {
  const { sandbox, store } = doors;
  const made = store.receipts().sandbox;
  if (!made || !(await sandbox.hasState(job.signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  await keepAside(doors, job);
  job.step('saving-state');
  const of = { image: made.image, version: made.version };
  let id: BackupId;
  try {
    await sandbox.copyState('outgoing', of, job);
    id = await archive(doors, job, 'outgoing', of, why);
  } finally {
    await sandbox.dropCopy('outgoing', new AbortController().signal);
  }
  await verify(doors, job, id);
}

/** The note of a backup whose archive is as it was written. */
export async function findBackup(doors: Doors, job: Job, id: BackupId): Promise<Note> {
  const found = (await doors.backups.list()).find((backup) => backup.id === id);
  if (!found) throw new ProblemError('backup-gone', {}, []);
  const { sha256 } = await doors.backups.measure(id, job.signal);
  if (sha256 !== found.note.sha256) throw new ProblemError('archive-damaged', {}, ['open-log']);
  return found.note;
}

/** Unpacks a backup apart from everything, has OpenClaw run on it, and notes that it could. */
export async function verify(doors: Doors, job: Job, id: BackupId): Promise<void> {
  const { sandbox, backups, clock } = doors;
  job.step('verifying-backup');
  const note = await findBackup(doors, job, id);
  await fetchVersion(doors, job, note.version);
  job.step('verifying-backup');
  try {
    await sandbox.loadCopy('rehearsal', backups.fileOf(id), madeBy(note), job);
    await rehearse(doors, job, madeBy(note), null);
  } catch (error) {
    await sandbox.endRehearsal(new AbortController().signal);
    if (error instanceof Unfit)
      throw new ProblemError('backup-not-fit', { version: note.version }, ['open-log']);
    throw error;
  }
  await backups.note(id, { ...note, verifiedAt: clock.now() });
}
