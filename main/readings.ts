/**
 * What rows mean, said once for main and its views. Of contract.ts it takes the types alone: a view's
 * first picture must not wait for schemas.
 */
import type { Doubt, Finding, ProofUnderWay, Row } from './contract.ts';

/** Whether nothing more has to be done or known: it holds, or doesn't apply here. */
export const isSettled = (finding: Finding | null): boolean =>
  finding?.is === 'ok' || finding?.is === 'not-applicable';

/** A row that is not as promised, or may not be. */
export type Doubtful = Row & { readonly finding: Doubt };

export const isDoubtful = (row: Row): row is Doubtful =>
  row.finding?.is === 'broken' || row.finding?.is === 'unknown';

const rank = ({ finding }: Doubtful) =>
  finding.is === 'broken' ? (finding.gravity === 'danger' ? 0 : 1) : 2;

/** Whether a row speaks of the home; the others speak of ClawCove itself, which no home is the worse for. */
export const isOfHome = ({ id }: Pick<Row, 'id'>): boolean => id !== 'app-current';

/**
 * Whether setting up makes it so. What speaks of ClawCove itself waits for later, of the person's files none is
 * moved before they have seen which, what other programs were allowed only they themselves take back, and who lives
 * with a computer only they can say.
 */
export const isMadeInSetUp = (row: Pick<Row, 'id'>): boolean =>
  isOfHome(row) && !['private-data', 'host-powers-off', 'computer-dedicated'].includes(row.id);

/** The rows that are themselves at fault, gravest first: no consequences, nothing unlooked-at. */
export function causesOf(rows: readonly Row[]): readonly Doubtful[] {
  return rows
    .filter(({ blame }) => blame === null)
    .filter(isDoubtful)
    .toSorted((a, b) => rank(a) - rank(b));
}

/** How the attempts of a proof went, as numbers. */
export interface Tally {
  readonly all: number;
  /** Those that are over. */
  readonly made: number;
  readonly stopped: number;
  readonly through: number;
  readonly untried: number;
}

export function tallyOf(proof: ProofUnderWay | null): Tally {
  const results = (proof?.attempts ?? []).map(({ result }) => result.is);
  const count = (is: (typeof results)[number]) => results.filter((each) => each === is).length;
  const [stopped, through, untried] = [count('stopped'), count('got-through'), count('could-not-try')];
  return { all: results.length, made: stopped + through + untried, stopped, through, untried };
}

/** What a whole proof says: one way out is one too many, and what could not be tried proves nothing. */
export type Verdict = 'all-stopped' | 'some-untried' | 'got-through' | 'nothing-tried';

export function verdictOf({ stopped, through, untried }: Tally): Verdict {
  if (through > 0) return 'got-through';
  if (stopped === 0) return 'nothing-tried';
  return untried === 0 ? 'all-stopped' : 'some-untried';
}
