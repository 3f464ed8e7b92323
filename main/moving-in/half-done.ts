/** Whether something is half done that has to be gone on with, or taken back, before anything else. Pure. */
import type { Store } from '../doors.ts';
import { hasLeftAgain, isHomeMoveOpen } from '../moving-home/journal.ts';
import type { Updates } from '../update/journal.ts';
import type { HostMove } from './journal.ts';

/** Whether the new one was put back after it had come, so that the old one is needed again; pure. */
function hasGone({ open, last }: Updates, move: HostMove): boolean {
  if (move.stage !== 'done' || move.came === null) return false;
  return open === null && last?.is === 'put-back' && last.load === move.came.backup;
}

/** Whether there is anything to go on with; pure. */
export function isUnfinished(move: HostMove | null, updates: Updates): boolean {
  return move !== null && (move.stage !== 'done' || hasGone(updates, move));
}

/** Whether a move of any kind is open. One that is only watched is, too. */
export function isHalfDone(store: Pick<Store, 'updates' | 'receipts'>): boolean {
  const updates = store.updates();
  const { hostMove, homeMove } = store.receipts();
  if (isHomeMoveOpen(homeMove) || hasLeftAgain(homeMove, updates)) return true;
  return updates.open !== null || isUnfinished(hostMove, updates);
}
