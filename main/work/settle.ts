import type { Row, SafeguardId } from '../contract.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { Seen } from './inspect.ts';

/** When each safeguard was first found not ok in an unbroken run of looks (ms since 1970). */
export type Troubles = ReadonlyMap<SafeguardId, number>;

/**
 * What a background look shows: something that was ok and has been otherwise for
 * less than its patience is still shown as it was, so that blips alarm nobody.
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
  const shown = rows.map((row) => {
    const next = seen.get(row.id);
    if (!next) return row;
    if (next.finding.is === 'ok') return { ...row, ...next };
    const since = troubles.get(row.id) ?? now;
    lasting.set(row.id, since);
    const patience = table.find((safeguard) => safeguard.id === row.id)?.patience ?? 0;
    const isBlip = row.finding?.is === 'ok' && now - since < patience;
    return isBlip ? row : { ...row, ...next };
  });
  return { rows: shown, troubles: lasting };
}
