import type { Light, Row, SafeguardId, Work } from '../contract.ts';
import { isSettled } from '../readings.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { Seen } from './inspect.ts';

/** The rows before anything has been looked at. */
export function blankRows(table: readonly Safeguard[]): Row[] {
  return table.map(({ id, guide, fix }) => ({
    id,
    guide: [...guide],
    finding: null,
    blame: null,
    fixable: fix !== undefined,
  }));
}

/** The rows with one of them seen anew. */
export function withSeen(rows: readonly Row[], id: SafeguardId, { finding, blame }: Seen): Row[] {
  return rows.map((row) => (row.id === id ? { ...row, finding, blame } : row));
}

/**
 * The colour of the whole. Danger outranks everything but running work; a home
 * that was stopped on purpose is `stopped`; "could not look" is never good. What
 * doesn't apply here counts neither way.
 */
export function lightOf(rows: readonly Row[], work: Work, stopped: boolean): Light {
  if (work.is === 'running' || work.is === 'asking') return 'working';
  const findings = rows.filter(({ blame }) => blame === null).map((row) => row.finding);
  if (findings.some((finding) => finding?.is === 'broken' && finding.gravity === 'danger')) return 'danger';
  if (findings.some((finding) => finding?.is === 'broken')) return 'attention';
  if (stopped) return 'stopped';
  if (!findings.every(isSettled)) return 'unknown';
  return 'good';
}
