import type { Facts, NextStep, Problem, ProblemCode } from './contract.ts';
import { plainLine, plainProblemFacts } from './plain-text.ts';

/** An error that a person can understand: carries a {@link Problem}, never a sentence. */
export class ProblemError extends Error {
  readonly problem: Problem;

  /**
   * @param code key of its sentences in assets/text
   * @param facts what the sentences are filled with; bounded, no secrets
   * @param next what the person can do about it, best first
   */
  constructor(code: ProblemCode, facts: Facts = {}, next: readonly NextStep[] = ['try-again']) {
    const plain = plainProblemFacts(facts);
    // Whoever reads the log has to see what the person was told.
    super(Object.keys(plain).length === 0 ? code : `${code} ${JSON.stringify(plain)}`);
    this.name = 'ProblemError';
    this.problem = { code, facts: plain, next: [...next] };
  }
}

/** Work that the person cancelled: neither a success nor a problem. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** What to tell the person about any error; an unforeseen one becomes `unexpected` with its first line. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    facts: { detail: plainLine(detail.split('\n')[0] ?? '', 300) },
    next: ['try-again', 'open-log'],
  };
}
