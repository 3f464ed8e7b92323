import type { Facts, ProblemCode, ReasonCode } from '../contract.ts';
import { plainLine } from '../plain-text.ts';
import { ProblemError } from '../problem.ts';

/** Problems that have words of their own when they keep somebody from looking. */
const reasons: Partial<Record<ProblemCode, ReasonCode>> = {
  'engine-gone': 'engine-absent',
  'engine-too-slow': 'engine-silent',
  'engine-failed': 'engine-fails',
  'computer-unreachable': 'computer-unreachable',
  'computer-other-key': 'computer-other-key',
  'computer-shut': 'computer-not-prepared',
  'no-room-on-disk': 'no-room-to-look',
};

/** Why a check that threw could not look: a code with a sentence, never the code of a problem as its words. Pure. */
export function whyNotLooked(error: unknown): { readonly why: ReasonCode; readonly facts: Facts } {
  if (error instanceof ProblemError)
    return { why: reasons[error.problem.code] ?? 'look-failed', facts: error.problem.facts };
  const detail = error instanceof Error ? error.message : String(error);
  const line = detail.split('\n')[0]?.slice(0, 200) ?? '';
  return line === ''
    ? { why: 'look-failed', facts: {} }
    : { why: 'could-not-look', facts: { detail: plainLine(line, 200) } };
}
