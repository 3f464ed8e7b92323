/** One line of docs/benchmarks.md: what was measured, and how much it may be at most. Pure. */

/** A measured value, shown with so many digits after the point. */
export interface Figure {
  readonly value: number;
  readonly digits: number;
  readonly unit: 's' | 'MB' | '% of a core';
}

/** The same without ClawCove. */
interface Bare {
  readonly what: string;
  readonly figure: Figure;
}

/**
 * What counts is the ratio to what is without ClawCove, or the figure itself, in its unit.
 * `atMost` null: there is no limit.
 */
export type Row = { readonly what: string; readonly figure: Figure; readonly atMost: number | null } & (
  | { readonly counts: 'ratio'; readonly against: Bare }
  | { readonly counts: 'figure'; readonly against: Bare | null }
);

const nothing = '–';
const ratioDigits = 2;

const shown = ({ value, digits }: Figure) => value.toFixed(digits);
/** What a unit is a share of is said once a line. */
const short = (unit: Figure['unit']) => unit.split(' ')[0];

/** What counts, as it is written: nobody is to read a value within its limit that is called too much. */
function counted(row: Row): string {
  if (row.counts === 'figure') return shown(row.figure);
  return (row.figure.value / row.against.figure.value).toFixed(ratioDigits);
}

function limitOf({ atMost, counts, figure }: Row): string {
  if (atMost === null) return nothing;
  return counts === 'ratio' ? String(atMost) : `${atMost} ${short(figure.unit)}`;
}

/** What, how it is with ClawCove, against what, the ratio, and how much it may be at most. */
export function cellsOf(row: Row): string[] {
  const { what, figure, against } = row;
  return [
    what,
    `${shown(figure)} ${figure.unit}`,
    against ? `${against.what} ${shown(against.figure)} ${short(against.figure.unit)}` : nothing,
    row.counts === 'ratio' ? counted(row) : nothing,
    limitOf(row),
  ];
}

/** The lines that are over their limit, each as a sentence; what could not be measured is over any. */
export function tooMuch(rows: readonly Row[]): string[] {
  return rows
    .filter((row) => row.atMost !== null && !(Number(counted(row)) <= row.atMost))
    .map((row) => `${row.what}: ${counted(row)}, and at most ${limitOf(row)} is promised`);
}
