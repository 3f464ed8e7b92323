import type { Row, SafeguardId } from '../contract.ts';
import { isSettled } from '../readings.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { Seen } from './inspect.ts';

/** When each safeguard was first found not ok in an unbroken run of looks (ms since 1970). */
export type Troubles = ReadonlyMap<SafeguardId, number>;

/**
 * What a background look shows: something that was ok and has been otherwise for
 * less than its patience is still shown as it was, so that blips alarm nobody.
 * Rows come in the table's order: causes before what depends on them.
 *
 * Pure: returns the rows to show and since when each trouble lasts.
 */
export function settle(
  table: readonly Safeguard[],
  rows: readonly Row[],
  seen: ReadonlyMap<SafeguardId, Seen>,
  troubles: Troubles,
  now: number,
): { rows: Row[]; troubles: Troubles } {
  const lasting = new Map<SafeguardId, number>();
  const blips = new Set<SafeguardId>();
  const shown = rows.map((row) => {
    const next = seen.get(row.id);
    if (!next) return row;
    if (isSettled(next.finding)) return { ...row, ...next };
    // A clock that is set back must not make a trouble young for as long.
    const since = Math.min(troubles.get(row.id) ?? now, now);
    lasting.set(row.id, since);
    const patience = table.find((safeguard) => safeguard.id === row.id)?.patience ?? 0;
    // What only waits for a blip is part of it.
    const isYoung = now - since < patience || (next.blame !== null && blips.has(next.blame));
    if (row.finding?.is !== 'ok' || !isYoung) return { ...row, ...next };
    blips.add(row.id);
    return row;
  });
  return { rows: shown, troubles: lasting };
}
