import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Row, SafeguardId } from '../contract.ts';
import { attention, blind, danger, elsewhere, good, row } from '../testing/safeguards.ts';
import type { Seen } from './inspect.ts';
import { blankRows, withSeen } from './rows.ts';
import { settle, type Troubles } from './settle.ts';

const patience = 60_000;
const table = [
  row('engine-ready', good, { patience }),
  row('sandbox-exists', good, { needs: ['engine-ready'] }),
];
type Found = Partial<Record<SafeguardId, [Finding, SafeguardId?]>>;
const seen = (found: Found) =>
  new Map<SafeguardId, Seen>(
    Object.entries(found).map(([id, [finding, blame]]) => [
      id as SafeguardId,
      { finding, blame: blame ?? null },
    ]),
  );
const rowsWith = (finding: Finding): Row[] =>
  table.reduce((rows, { id }) => withSeen(rows, id, { finding, blame: null }), blankRows(table));
const find = (rows: readonly Row[], id: SafeguardId) => rows.find((one) => one.id === id);

describe('settle', () => {
  it('shows a trouble only once it has lasted as long as the safeguard is patient', () => {
    let rows = rowsWith(good);
    let troubles: Troubles = new Map();
    const lookAt = (now: number) => {
      ({ rows, troubles } = settle(table, rows, seen({ 'engine-ready': [attention] }), troubles, now));
      return find(rows, 'engine-ready')?.finding;
    };
    expect(lookAt(1_000)).toEqual(good);
    expect(lookAt(1_000 + patience - 1)).toEqual(good);
    expect(lookAt(1_000 + patience)).toEqual(attention);
  });

  it('shows at once what has ceased to apply', () => {
    const found = seen({ 'engine-ready': [elsewhere] });
    const { rows, troubles } = settle(table, rowsWith(good), found, new Map(), 1_000);
    expect(find(rows, 'engine-ready')?.finding).toEqual(elsewhere);
    expect(troubles.size).toBe(0);
  });

  it('shows at once what has no patience, what was not ok before, and what was never looked at', () => {
    const found = seen({ 'engine-ready': [attention], 'sandbox-exists': [danger] });
    const now = (rows: Row[], id: SafeguardId) =>
      find(settle(table, rows, found, new Map(), 0).rows, id)?.finding;
    expect(now(rowsWith(good), 'sandbox-exists')).toEqual(danger);
    expect(now(rowsWith(blind), 'engine-ready')).toEqual(attention);
    expect(now(blankRows(table), 'engine-ready')).toEqual(attention);
  });

  it('shows good news at once and forgets the trouble', () => {
    const found = seen({ 'engine-ready': [good], 'sandbox-exists': [good] });
    const { rows, troubles } = settle(table, rowsWith(danger), found, new Map([['engine-ready', 5]]), 10);
    expect(rows).toEqual(rowsWith(good));
    expect(troubles.size).toBe(0);
  });

  it('counts an unbroken run of troubles from the first, whatever they were', () => {
    let troubles: Troubles = new Map();
    let rows = rowsWith(good);
    for (const [finding, now] of [
      [attention, 10],
      [blind, 20],
      [danger, 30],
    ] as const)
      ({ rows, troubles } = settle(table, rows, seen({ 'engine-ready': [finding] }), troubles, now));
    expect(troubles.get('engine-ready')).toBe(10);
  });

  it('waits a blip out together with everything that only suffers from it', () => {
    const found = seen({ 'engine-ready': [attention], 'sandbox-exists': [blind, 'engine-ready'] });
    expect(settle(table, rowsWith(good), found, new Map(), 0).rows).toEqual(rowsWith(good));
    const lasting = settle(table, rowsWith(good), found, new Map([['engine-ready', -patience]]), 0);
    expect(find(lasting.rows, 'sandbox-exists')).toMatchObject({ finding: blind, blame: 'engine-ready' });
  });

  it('is not made patient for hours by a clock that is set back', () => {
    const found = seen({ 'engine-ready': [attention] });
    const first = settle(table, rowsWith(good), found, new Map(), 10_000_000);
    const back = settle(table, first.rows, found, first.troubles, 1_000);
    expect(find(back.rows, 'engine-ready')?.finding).toEqual(good);
    const soon = settle(table, back.rows, found, back.troubles, 1_000 + patience);
    expect(find(soon.rows, 'engine-ready')?.finding).toEqual(attention);
  });

  it('never shows something better than what was seen or what was shown before', () => {
    const findings = fc.constantFrom(good, attention, danger, blind);
    const rank = (finding: Finding | null | undefined) => (finding?.is === 'ok' ? 1 : 0);
    fc.assert(
      fc.property(findings, findings, fc.integer(), fc.option(fc.integer()), (before, next, now, since) => {
        const troubles: Troubles = new Map(since === null ? [] : [['engine-ready', since]]);
        const { rows } = settle(table, rowsWith(before), seen({ 'engine-ready': [next] }), troubles, now);
        const shown = find(rows, 'engine-ready')?.finding;
        expect(rank(shown)).toBeLessThanOrEqual(Math.max(rank(before), rank(next)));
        expect(find(rows, 'sandbox-exists')?.finding).toEqual(before);
      }),
    );
  });
});
