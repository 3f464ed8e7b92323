import type { BackupId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { moveTo } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import { findBackup } from './back-up.ts';

/**
 * Goes back to a backup: its state and the OpenClaw it belongs to, as one move like an update.
 * What is there now is kept as a backup itself, so this can be taken back in the same way.
 */
export async function restore(doors: Doors, job: Job, id: BackupId): Promise<void> {
  job.step('verifying-backup');
  const { version } = await findBackup(doors, job, id);
  await moveTo(doors, job, { version, load: id });
}
