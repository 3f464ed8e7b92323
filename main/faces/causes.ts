import type { Doubt, Row, Snapshot } from '../contract.ts';
import type { Say } from '../text.ts';

const rank = ({ finding }: Row) => (finding?.is === 'broken' ? (finding.gravity === 'danger' ? 0 : 1) : 2);

type Doubtful = Row & { readonly finding: Doubt };
const isDoubtful = (row: Row): row is Doubtful =>
  row.finding?.is === 'broken' || row.finding?.is === 'unknown';

/** The rows that are themselves at fault, gravest first: no consequences, nothing unlooked-at. */
export function causesOf(rows: readonly Row[]): readonly Doubtful[] {
  return rows
    .filter(({ blame }) => blame === null)
    .filter(isDoubtful)
    .sort((a, b) => rank(a) - rank(b));
}

/** The gravest fault in one sentence; null when there is none. */
export function sayCause({ rows }: Pick<Snapshot, 'rows'>, say: Say): string | null {
  const [cause] = causesOf(rows);
  if (!cause) return null;
  const { why, facts } = cause.finding;
  // Far from the row's title it has to be named.
  if (why === 'could-not-look') return say('home.not-checked', { what: say(`safeguard.${cause.id}.title`) });
  return say(`reason.${why}`, facts);
}
