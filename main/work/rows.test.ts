import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Row, Work } from '../contract.ts';
import { attention, blind, danger, elsewhere, good, row } from '../testing/safeguards.ts';
import { blankRows, lightOf, withSeen } from './rows.ts';

const idle: Work = { is: 'idle' };
const running: Work = {
  is: 'running',
  job: 'fix',
  safeguard: null,
  step: 'looking',
  progress: null,
  canCancel: true,
};
const asking: Work = {
  is: 'asking',
  job: 'fix',
  question: { is: 'model-key', model: { provider: 'openai' } },
};
const failed: Work = {
  is: 'failed',
  job: 'fix',
  safeguard: null,
  problem: { code: 'busy', facts: {}, next: [] },
};
const rowsOf = (...findings: (Finding | null)[]): Row[] =>
  findings.map((finding) => ({ id: 'engine-ready', guide: [], finding, blame: null, fixable: true }));
const blamed: Row = {
  id: 'sandbox-exists',
  guide: [],
  finding: danger,
  blame: 'engine-ready',
  fixable: true,
};

describe('lightOf', () => {
  it.each([
    ['good when everything is ok', rowsOf(good, good), idle, false, 'good'],
    ['danger when somebody could get hurt', rowsOf(good, attention, danger), idle, false, 'danger'],
    ['attention when something is broken', rowsOf(good, blind, attention), idle, false, 'attention'],
    ['unknown when something could not be looked at', rowsOf(good, blind), idle, false, 'unknown'],
    ['unknown when something was never looked at', rowsOf(good, null), idle, false, 'unknown'],
    ['stopped when it was stopped on purpose', rowsOf(good, blind, null), idle, true, 'stopped'],
    ['good although something doesn’t apply', rowsOf(good, elsewhere), idle, false, 'good'],
    ['danger although it was stopped', rowsOf(danger), idle, true, 'danger'],
    ['attention although it was stopped', rowsOf(attention), idle, true, 'attention'],
    ['working while work runs, whatever was found', rowsOf(danger), running, true, 'working'],
    ['working while a question is open', rowsOf(good), asking, false, 'working'],
    ['what was found when work has failed', rowsOf(attention), failed, false, 'attention'],
    [
      'blind to what only suffers from something else',
      [...rowsOf(attention), blamed],
      idle,
      false,
      'attention',
    ],
  ] as const)('is %s', (_, rows, work, stopped, light) => {
    expect(lightOf(rows, work, stopped)).toBe(light);
  });

  it('is good only if every row is ok', () => {
    const findings = fc.array(fc.constantFrom(good, attention, danger, blind, null), { minLength: 1 });
    fc.assert(
      fc.property(findings, fc.boolean(), (all, stopped) => {
        const isGood = lightOf(rowsOf(...all), idle, stopped) === 'good';
        expect(isGood).toBe(!stopped && all.every((finding) => finding?.is === 'ok'));
      }),
    );
  });
});

describe('rows', () => {
  const table = [row('engine-ready', good, { fix: async () => {} }), row('not-administrator')];

  it('begin with nothing looked at', () => {
    expect(blankRows(table)).toEqual([
      { id: 'engine-ready', guide: [], finding: null, blame: null, fixable: true },
      { id: 'not-administrator', guide: [], finding: null, blame: null, fixable: false },
    ]);
  });

  it('are replaced one by one, the others untouched and the old ones unchanged', () => {
    const rows = blankRows(table);
    const next = withSeen(rows, 'not-administrator', { finding: danger, blame: 'engine-ready' });
    expect(next[1]).toMatchObject({ finding: danger, blame: 'engine-ready', fixable: false });
    expect(next[0]).toBe(rows[0]);
    expect(rows[1]?.finding).toBeNull();
    expect(withSeen(rows, 'gateway-locked', { finding: danger, blame: null })).toEqual(rows);
  });
});
