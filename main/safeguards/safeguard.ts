import type {
  Evidence,
  EvidenceCode,
  Facts,
  Finding,
  Gravity,
  GuideItem,
  Note,
  ReasonCode,
  SafeguardId,
} from '../contract.ts';
import type { Doors } from '../doors.ts';
import { plainFacts } from '../plain-text.ts';
import type { Job } from '../work/job.ts';

/** One thing that should be true: how to look, and where a machine can do it, how to make it so. */
export interface Safeguard {
  readonly id: SafeguardId;
  /** Which items of the guide it serves. */
  readonly guide: readonly GuideItem[];
  /** What must hold first: the order of setup, and whom to blame. */
  readonly needs: readonly SafeguardId[];
  /** Blips shorter than this (ms) are not shown. */
  readonly patience: number;
  /** Only looks: changes nothing, can be cancelled. */
  check(doors: Doors, signal: AbortSignal): Promise<Finding>;
  /** Safe to repeat; leaves data alone. */
  fix?(doors: Doors, job: Job): Promise<void>;
}

/** Something that was seen at `at` (ms since 1970). */
export function saw(at: number, code: EvidenceCode, facts: Facts = {}): Evidence {
  return { code, facts: plainFacts(facts), at };
}

export function ok(evidence: Evidence[], notes: Note[] = []): Finding {
  return { is: 'ok', evidence, notes: notes.map(({ code, facts }) => ({ code, facts: plainFacts(facts) })) };
}

export function broken(gravity: Gravity, why: ReasonCode, evidence: Evidence[], facts: Facts = {}): Finding {
  return { is: 'broken', why, facts: plainFacts(facts), gravity, evidence };
}

/** Asks nothing of this computer. */
export function notApplicable(why: ReasonCode, evidence: Evidence[] = []): Finding {
  return { is: 'not-applicable', why, facts: {}, evidence };
}

/** "Could not look": shown grey. */
export function unknown(why: ReasonCode, evidence: Evidence[] = [], facts: Facts = {}): Finding {
  return { is: 'unknown', why, facts: plainFacts(facts), evidence };
}
