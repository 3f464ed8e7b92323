import type { Doors } from '../doors.ts';
import type { Job } from '../work/job.ts';

/**
 * Puts right what the home stands on. What had to go for that is written down: backups may know it, see
 * backup/bring-back-lost.ts.
 */
export async function mendMachine({ sandbox, store, clock }: Doors, job: Job): Promise<void> {
  job.step('mending-machine');
  const mended = await sandbox.mend(job);
  if (mended.is === 'as-it-was') return;
  const to = mended.is === 'went-back' ? mended.to : null;
  job.log(`the home is what it was: ${to === null ? 'nothing' : new Date(to).toISOString()}`);
  await store.saveReceipts({ wentBack: { to, at: clock.now() } });
  // What an update had under way, and its copies of the state, went as well.
  await store.saveUpdates({ open: null });
}
