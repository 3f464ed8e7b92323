/** What a proof means to a person: pure readings of the Snapshot. */
import type { GuideItem, ProofUnderWay, Snapshot } from '../main/contract.ts';
import { tallyOf, type Verdict, verdictOf } from '../main/readings.ts';
import type { Tone } from './rows.ts';

export type ShownAttempt = ProofUnderWay['attempts'][number];

/** How an attempt looks: one that could not be made is neither good nor bad. */
export const attemptTones: Readonly<Record<ShownAttempt['result']['is'], Tone>> = {
  stopped: 'good',
  'got-through': 'danger',
  'could-not-try': 'unknown',
  running: 'working',
  waiting: 'waiting',
};

/** How a whole proof looks. */
export const verdictTones: Readonly<Record<Verdict, Tone>> = {
  'all-stopped': 'good',
  'some-untried': 'good',
  'got-through': 'danger',
  'nothing-tried': 'unknown',
};

/** Where proving stands; of one under way `all` is 0 until it has begun to try, and `over` is a whole proof, made now or some time ago. */
export type ProofState =
  | { readonly is: 'never' }
  | { readonly is: 'under-way'; readonly made: number; readonly all: number; readonly canCancel: boolean }
  | {
      readonly is: 'over';
      readonly verdict: Verdict;
      /** How many got through. */
      readonly through: number;
      readonly at: number;
      readonly version: string;
    };

export function proofStateOf({ proof, work }: Pick<Snapshot, 'proof' | 'work'>): ProofState {
  const tally = tallyOf(proof);
  if (work.is === 'running' && work.job === 'prove')
    return { is: 'under-way', made: tally.made, all: tally.all, canCancel: work.canCancel };
  if (proof === null) return { is: 'never' };
  const { at, version } = proof;
  return { is: 'over', verdict: verdictOf(tally), through: tally.through, at, version };
}

/** The attempts under the guide's items that they serve, in the order in which they are made. */
export function groupsOf(
  proof: ProofUnderWay | null,
): readonly { readonly item: GuideItem; readonly attempts: readonly ShownAttempt[] }[] {
  const attempts = proof?.attempts ?? [];
  const items = [...new Set(attempts.map(({ guide }) => guide))];
  return items.map((item) => ({ item, attempts: attempts.filter(({ guide }) => guide === item) }));
}
