/** The way of a backup to another computer: out of this one into a file, and from a file into this one. */
import { dirname } from 'node:path';
import type { BackupId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { fetchVersion } from '../openclaw/make.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { findNote, prove } from './back-up.ts';
import { carrierOf } from './carrier.ts';
import { type Note, newId } from './catalogue.ts';
import { labelOf } from './parcel.ts';
import { roomIn } from './room.ts';

const MiB = 1024 ** 2;
/** What is left free wherever a copy is saved (bytes). */
const spareBytes = 64 * MiB;

/** Saves a copy of a backup as one file, which whoever has it can make this OpenClaw from. */
export async function saveCopyElsewhere(doors: Doors, job: Job, id: BackupId, file: string): Promise<void> {
  job.step('copying-backup');
  // What is copied is compared with it on the way.
  const note = await findNote(doors, id);
  if ((await doors.computer.freeDisk(dirname(file))) < note.bytes + spareBytes)
    throw new ProblemError('no-room-there');
  await doors.backups.pack(id, labelOf(note), file, job);
}

/**
 * Brings in a backup from a file. Anybody may have made that: nothing it says is believed but what
 * this computer finds to be so, and it counts as proven only once OpenClaw has run on it here. What
 * doesn't get so far leaves nothing behind.
 */
export async function bringIn(doors: Doors, job: Job, file: string): Promise<void> {
  const { backups, clock, store } = doors;
  job.step('bringing-in');
  await backups.sweep();
  // It is unpacked once more, to be tried out.
  const room = (await roomIn(doors, store.backupFolder)) / 2;
  const id = newId(clock.now(), 'elsewhere');
  try {
    const label = await backups.unpack(file, id, room, job);
    const version = carrierOf({ ...label, why: 'elsewhere' }, store.receipts().sandbox?.version ?? null);
    const { reference } = await fetchVersion(doors, job, version);
    const note: Note = { ...label, why: 'elsewhere', image: reference, verifiedAt: null };
    await backups.note(id, note);
    // It was compared with what the file says on its way in.
    await prove(doors, job, id, note);
  } catch (error) {
    await backups.drop(id);
    throw error;
  }
}
