import type { Row, Snapshot } from '../contract.ts';
import { isNear } from '../near.ts';
import { causesOf, isOfHome } from '../readings.ts';

/**
 * How long OpenClaw must be seen down, by one look and then another, before each try to bring
 * it back (ms): long enough that a person who looks sees it too, and may put it right themselves.
 */
const waits = [30_000, 60_000, 120_000] as const;
/** OpenClaw that lives for this long after a try (ms) has recovered; before, it only falls over again. */
const recovery = 10 * 60_000;

/** What is remembered from look to look (ms since 1970). */
export interface Revival {
  /** The first look of an unbroken run that saw it down. */
  readonly downSince: number | null;
  /** When it was started again without having recovered since. */
  readonly tries: readonly number[];
}

export const noRevival: Revival = { downSince: null, tries: [] };

/** A ClawCove that is itself out of date makes no home unsafe. */
const isHomeInDanger = (rows: readonly Row[]): boolean =>
  causesOf(rows).some(
    (row) => isOfHome(row) && row.finding.is === 'broken' && row.finding.gravity === 'danger',
  );

/** Whether the engine, or the machine that the home is in, has to be brought back first, which starting OpenClaw does. */
export const isEngineStuck = (rows: readonly Row[]): boolean =>
  rows.some(
    ({ id, finding }) =>
      id === 'engine-ready' &&
      finding?.is === 'broken' &&
      (finding.why === 'engine-stuck' || finding.why === 'engine-no-answer'),
  );

/**
 * Whether OpenClaw, which stopped by itself, is to be started again after this look. Not every
 * engine does it: older ones crash when they restart a home. After three tries that led to
 * nothing somebody has to see why, so it stays down. Never against the person's wish, and
 * never while anything about the home is a danger: one that is not safe had better rest. Pure.
 */
export function revive(
  { downSince, tries }: Revival,
  { rows, choices, work, lookedAt }: Snapshot,
): { readonly revival: Revival; readonly next: 'nothing' | 'wait' | 'start' } {
  const finding = rows.find(({ id }) => id === 'gateway-running')?.finding;
  if (lookedAt === null || !finding) return { revival: { downSince, tries }, next: 'nothing' };
  if (finding.is === 'ok') {
    const hasRecovered = !tries.some((at) => isNear(at, lookedAt, recovery));
    return { revival: { downSince: null, tries: hasRecovered ? [] : tries }, next: 'nothing' };
  }
  const isStuck = isEngineStuck(rows);
  const isDown = isStuck || (finding.is === 'broken' && finding.why === 'gateway-stopped');
  const isWanted = choices.movedIn && !choices.stopped;
  // The problem of a work that the person started stays until they have read it; that of a try does not, nor
  // one whose cause goes now. What became of an update is told beside, and nobody may be there to read at night.
  const isPassing =
    isStuck ||
    (work.is === 'failed' && (work.job === 'update' || (work.job === 'start' && tries.length > 0)));
  const isFree = work.is === 'idle' || (work.is === 'failed' && isPassing);
  const wait = waits[tries.length];
  if (!isDown || !isWanted || !isFree || isHomeInDanger(rows) || wait === undefined)
    return { revival: { downSince: null, tries }, next: 'nothing' };
  const since = Math.min(downSince ?? lookedAt, lookedAt);
  if (lookedAt - since < wait) return { revival: { downSince: since, tries }, next: 'wait' };
  return { revival: { downSince: null, tries: [...tries, lookedAt] }, next: 'start' };
}
