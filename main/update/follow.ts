import type { Doors } from '../doors.ts';
import { isUnfinished } from '../moving-in/half-done.ts';
import { isNear } from '../near.ts';
import { decide, gatherFacts } from './recover.ts';

/** What could not be finished is tried again after this long, then twice as long, and so on (ms). */
const firstPause = 60_000;
const longestPause = 30 * 60_000;
const lookTimeout = 60_000;

/**
 * After every look: whether a move that is open has to be gone on with now, is only watched, there is
 * none, or it can't be told just now.
 */
export type Follow = () => Promise<'none' | 'watched' | 'due' | 'unknown'>;

export function createFollow(doors: Doors): Follow {
  let triedAt: number | null = null;
  let pause = firstPause;
  return async () => {
    const { store, clock } = doors;
    const { open } = store.updates();
    const isMovingIn = isUnfinished(store.receipts().hostMove, store.updates());
    if (open === null && !isMovingIn) {
      triedAt = null;
      pause = firstPause;
      return 'none';
    }
    if (open?.stage === 'watching' && !isMovingIn) {
      try {
        const facts = await gatherFacts(doors, AbortSignal.timeout(lookTimeout));
        if (decide(open, facts).is === 'nothing') return 'watched';
      } catch (error) {
        doors.log.error('could not look how a move of OpenClaw stands', error);
        return 'unknown';
      }
    }
    if (triedAt !== null && isNear(triedAt, clock.now(), pause)) return 'watched';
    if (triedAt !== null) pause = Math.min(pause * 2, longestPause);
    triedAt = clock.now();
    return 'due';
  };
}
