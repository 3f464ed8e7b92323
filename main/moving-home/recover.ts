/** Finishes, or takes back, what a ClawCove that was killed left of a move from home to home. */
import type { Doors } from '../doors.ts';
import type { Job } from '../work/job.ts';
import { hasLeftAgain, hasSettled } from './journal.ts';
import { finish, goBack } from './move-home.ts';

/**
 * Comes before the recovery of everything else: that would speak to the new home, and its engine may be the
 * very thing that fell. The former home is whole whatever happened, so going back needs nothing of it.
 */
export async function recoverHomeMove(doors: Doors, job: Job): Promise<void> {
  const { homeMove: move } = doors.store.receipts();
  const updates = doors.store.updates();
  if (move === null) return;
  if (move.stage === 'done' && !hasLeftAgain(move, updates)) return;
  job.noReturn();
  if (move.stage === 'settling' && hasSettled(updates, move)) return finish(doors, move);
  await goBack(doors, job, move);
}
