/** Goes on with, or takes back, what a ClawCove that was killed left of a moving in. */
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Updates } from '../update/journal.ts';
import type { Job } from '../work/job.ts';
import { isUnfinished } from './half-done.ts';
import type { Came } from './journal.ts';
import { putToRest, settleIn } from './move-in.ts';
import { abandon, returnAll } from './take-back.ts';

/** Whether what was packed has become the home's state, and stayed; pure. */
function hasCome({ open, last }: Updates, { backup }: Came): boolean {
  if (open !== null) return open.stage === 'watching' && open.move.load === backup;
  return last?.is === 'kept' && last.load === backup;
}

/** Comes after the recovery of moves from one OpenClaw to another: none of those is half done any more. */
export async function recoverMoveIn(doors: Doors, job: Job): Promise<void> {
  const { hostMove: move } = doors.store.receipts();
  const updates = doors.store.updates();
  if (move === null || !isUnfinished(move, updates)) return;
  job.step('finishing-move-in');
  job.noReturn();
  switch (move.stage) {
    case 'stopping':
      return abandon(doors, job, { ...move, came: null });
    case 'moving':
      return hasCome(updates, move.came)
        ? goingBackIsFine(settleIn(doors, job, move))
        : abandon(doors, job, move);
    case 'resting':
      return putToRest(doors, job, move);
    case 'done':
    case 'returning':
      return returnAll(doors, job, { ...move, stage: 'returning' });
  }
}

/** What was begun is undone: for the work that waits for it, that is as good as finished. */
async function goingBackIsFine(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'host-openclaw-was-used') throw error;
  }
}
