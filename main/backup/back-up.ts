/** Makes a backup while OpenClaw runs, and proves that it can be restored. */
import type { BackupId, BackupWhy } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { fetchVersion } from '../openclaw/make.ts';
import { ProblemError } from '../problem.ts';
import type { MadeBy } from '../sandbox/sandbox.ts';
import { Unfit } from '../update/fitness.ts';
import { rehearse } from '../update/rehearse.ts';
import { withScratch } from '../update/scratch.ts';
import type { Job } from '../work/job.ts';
import { archive, keepAside } from './archive.ts';
import { carrierOf } from './carrier.ts';
import type { Note } from './catalogue.ts';
import { mustFit } from './room.ts';

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
  const of = { image: made.image, version: made.version };
  await withScratch(doors, async () => {
    await keepAside(doors, job);
    await verify(doors, job, await archiveNow(doors, job, of, why));
  });
}

/** Makes a backup of the state as it is now, which nobody has read back yet. */
export async function archiveNow(doors: Doors, job: Job, of: MadeBy, why: BackupWhy): Promise<BackupId> {
  const { sandbox } = doors;
  job.step('saving-state');
  try {
    await sandbox.copyState('outgoing', of, job);
    return await archive(doors, job, 'outgoing', of, why);
  } finally {
    await sandbox.dropCopy('outgoing', new AbortController().signal);
  }
}

/** What is written down of a backup; its archive may have changed since. */
export async function findNote(doors: Doors, id: BackupId): Promise<Note> {
  const found = (await doors.backups.list()).find((backup) => backup.id === id);
  if (!found) throw new ProblemError('backup-gone', {}, []);
  return found.note;
}

/** The note of a backup whose archive is as it was written. */
export async function findBackup(doors: Doors, job: Job, id: BackupId): Promise<Note> {
  const note = await findNote(doors, id);
  const { sha256 } = await doors.backups.measure(id, job.signal);
  if (sha256 !== note.sha256) throw new ProblemError('archive-damaged', {}, ['open-log']);
  return note;
}

/** Reads a backup back, and proves that OpenClaw runs on it. */
export async function verify(doors: Doors, job: Job, id: BackupId): Promise<void> {
  job.step('verifying-backup');
  await prove(doors, job, id, await findBackup(doors, job, id));
}

/** Unpacks a backup that was just read apart from everything, has OpenClaw run on it, and notes that it could. */
export async function prove(doors: Doors, job: Job, id: BackupId, note: Note): Promise<void> {
  const { sandbox, backups, clock, store, computer } = doors;
  await mustFit(doors, computer.dataFolder, note.bytes);
  // By its version, from our own image source: an image that a note names could be anything.
  const image = await fetchVersion(doors, job, carrierOf(note, store.receipts().sandbox?.version ?? null));
  const of = { image: image.reference, version: image.version };
  job.step('verifying-backup');
  try {
    await withScratch(doors, async () => {
      await sandbox.loadCopy('rehearsal', backups.fileOf(id), of, job);
      await rehearse(doors, job, of, null);
    });
  } catch (error) {
    await sandbox.endRehearsal(new AbortController().signal);
    if (error instanceof Unfit)
      throw new ProblemError('backup-not-fit', { version: note.version }, ['open-log']);
    throw error;
  }
  await backups.note(id, { ...note, verifiedAt: clock.now() });
}
