/** After the gate: a new version that falls over within minutes is put back all the same. */
import type { PutBackCode } from '../contract.ts';
import { isNear } from '../near.ts';
import type { Diagnosis } from '../openclaw/diagnosis.ts';
import type { Inspection } from '../sandbox/sandbox.ts';
import type { Open } from './journal.ts';

/** How long a new version is watched (ms). */
export const watchTime = 5 * 60_000;
/** Exit codes of what was ended from outside: with the computer, the engine, or by hand. */
const endedFromOutside = [0, 130, 137, 143];

type Watching = Extract<Open, { stage: 'watching' }>;

export type Verdict =
  | { readonly is: 'wait' | 'keep' | 'revive' }
  /** `why`: what the new version is to blame for; null: for nothing. */
  | { readonly is: 'go-back'; readonly why: PutBackCode | null };

/** What a look at the home has shown. */
export interface WatchFacts {
  readonly there: Inspection;
  /** What it said before it ended last; null: it has not ended since somebody started it. */
  readonly lastWords: Diagnosis | null;
  /** The version that answers to our key; null: none. */
  readonly answers: string | null;
  readonly isStopped: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** What to do about a new version that is being watched; pure. */
export function judgeWatch({ since, revived }: Watching, facts: WatchFacts): Verdict {
  const { there, lastWords, answers, isStopped, now } = facts;
  if (isStopped) return { is: 'wait' };
  if (there.is !== 'present') return { is: 'revive' };
  const isOver = !isNear(since, now, watchTime);
  // A computer that has no time for it is no version's fault.
  if (lastWords === 'lease-lost') return revived ? { is: 'go-back', why: null } : { is: 'revive' };
  if (there.restarts > 0) return { is: 'go-back', why: 'crashed' };
  if (there.state === 'stopped') {
    const isOutside = there.exitCode === null || endedFromOutside.includes(there.exitCode);
    return isOutside && !revived ? { is: 'revive' } : { is: 'go-back', why: 'crashed' };
  }
  if (!isOver) return { is: 'wait' };
  if (answers !== null) return { is: 'keep' };
  // The computer may have woken up just now, or been started: reviving gives it its time to get ready.
  return revived ? { is: 'go-back', why: 'no-answer' } : { is: 'revive' };
}
