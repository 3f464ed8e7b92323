import { describe, expect, it } from 'vitest';
import { cellsOf, type Figure, type Row, tooMuch } from './row.ts';

const seconds = (value: number): Figure => ({ value, digits: 2, unit: 's' });
const share = (value: number): Figure => ({ value, digits: 2, unit: '% of a core' });

const startUp = (ours: number, atMost: number | null = 1.5): Row => ({
  what: 'window usable',
  figure: seconds(ours),
  counts: 'ratio',
  against: { what: 'bare window', figure: seconds(2) },
  atMost,
});
const look = (ours: number): Row => ({
  what: 'one look',
  figure: seconds(ours),
  counts: 'figure',
  against: null,
  atMost: 2,
});
const tray = (ours: number): Row => ({
  what: 'tray',
  figure: share(ours),
  counts: 'figure',
  against: { what: 'bare tray', figure: share(0.3) },
  atMost: 1,
});

describe('a line', () => {
  it.each<[Row, string[]]>([
    [startUp(2.4), ['window usable', '2.40 s', 'bare window 2.00 s', '1.20', '1.5']],
    [startUp(2.4, null), ['window usable', '2.40 s', 'bare window 2.00 s', '1.20', '–']],
    [look(1), ['one look', '1.00 s', '–', '–', '2 s']],
    [tray(0.21), ['tray', '0.21 % of a core', 'bare tray 0.30 %', '–', '1 %']],
  ])('says what was measured, against what, and its limit', (row, cells) => {
    expect(cellsOf(row)).toEqual(cells);
  });
});

describe('too much', () => {
  it('is what is over its limit, and nothing else', () => {
    const rows = [startUp(2.4), startUp(3.02), look(1.99), look(2.01), tray(0.99), tray(1.01)];
    expect(tooMuch(rows)).toEqual([
      'window usable: 1.51, and at most 1.5 is promised',
      'one look: 2.01, and at most 2 s is promised',
      'tray: 1.01, and at most 1 % is promised',
    ]);
  });

  it('is nothing that has no limit, or is written as just within it', () => {
    expect(tooMuch([startUp(50, null), startUp(3.009), look(2.004)])).toEqual([]);
  });

  it('is what could not be measured', () => {
    expect(tooMuch([startUp(Number.NaN)])).toHaveLength(1);
  });
});
