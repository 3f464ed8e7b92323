import { describe, expect, it } from 'vitest';
import type { Finding, Row, SafeguardId, Work } from '../main/contract.ts';
import { causesOf } from '../main/readings.ts';
import { canFix, heldUpBy, sectionsOf, settingsPageOf, setupStateOf, stateOf, urgentFirst } from './rows.ts';

const good: Finding = { is: 'ok', evidence: [], notes: [] };
const broken = (gravity: 'danger' | 'attention'): Finding => ({
  is: 'broken',
  why: 'not-looked',
  facts: {},
  gravity,
  evidence: [],
});
const unknown: Finding = { is: 'unknown', why: 'not-looked', facts: {}, evidence: [] };
const row = (
  id: SafeguardId,
  guide: Row['guide'],
  finding: Finding | null,
  more: Partial<Row> = {},
): Row => ({
  id,
  guide,
  finding,
  blame: null,
  fixable: true,
  ...more,
});
const idle = { is: 'idle' } as const;

describe('stateOf', () => {
  it('shows faults by gravity, consequences as waiting, and never guesses', () => {
    expect(stateOf(row('engine-ready', [], good), idle)).toBe('good');
    expect(stateOf(row('engine-ready', [], broken('danger')), idle)).toBe('danger');
    expect(stateOf(row('engine-ready', [], broken('attention')), idle)).toBe('attention');
    expect(stateOf(row('engine-ready', [], unknown), idle)).toBe('unknown');
    expect(stateOf(row('engine-ready', [], null), idle)).toBe('looking');
    expect(stateOf(row('sandbox-exists', [], unknown, { blame: 'engine-ready' }), idle)).toBe('waiting');
    expect(stateOf(row('sandbox-exists', [], good, { blame: 'engine-ready' }), idle)).toBe('good');
  });

  it('shows what doesn’t apply apart from what can’t be told, and counts it nowhere', () => {
    const aside = row('app-current', ['up-to-date'], {
      is: 'not-applicable',
      why: 'app-by-system',
      facts: {},
      evidence: [],
    });
    const current = row('agent-version', ['up-to-date'], good);
    expect(stateOf(aside, idle)).toBe('aside');
    expect(setupStateOf(aside, idle)).toBe('aside');
    expect(causesOf([aside])).toEqual([]);
    const stateWith = (...rows: Row[]) => sectionsOf(rows).find(({ item }) => item === 'up-to-date')?.state;
    expect(stateWith(current, aside)).toBe('good');
    expect(stateWith(aside)).toBe('unserved');
  });

  it('shows the row that is being put right as working', () => {
    const work = {
      is: 'running',
      job: 'fix',
      safeguard: 'engine-ready',
      step: 'looking',
      progress: null,
      canCancel: false,
    } as const;
    expect(stateOf(row('engine-ready', [], broken('danger')), work)).toBe('working');
    expect(stateOf(row('sandbox-exists', [], null), work)).toBe('looking');
  });
});

describe('while setting up', () => {
  it('what is not made yet is no fault, only where it got stuck is', () => {
    const absent = row('engine-ready', [], broken('attention'));
    expect(setupStateOf(absent, idle)).toBe('waiting');
    expect(setupStateOf(row('sandbox-exists', [], null), idle)).toBe('waiting');
    expect(setupStateOf(row('room-to-work', [], good), idle)).toBe('good');
    const failed: Work = {
      is: 'failed',
      job: 'set-up',
      safeguard: 'engine-ready',
      problem: { code: 'unexpected', facts: {}, next: [] },
    };
    expect(setupStateOf(absent, failed)).toBe('danger');
  });
});

describe('a home that was stopped on purpose', () => {
  const stopped: Finding = { is: 'unknown', why: 'stopped-on-purpose', facts: {}, evidence: [] };
  const rows = [
    row('gateway-running', [], stopped),
    row('gateway-locked', ['not-exposed'], unknown, { blame: 'gateway-running' }),
  ];

  it('is shown as stopped, and so is what waits for it', () => {
    expect(rows.map((each) => stateOf(each, idle))).toEqual(['stopped', 'waiting']);
    const states = Object.fromEntries(sectionsOf(rows).map(({ item, state }) => [item, state]));
    expect(states).toMatchObject({ 'not-exposed': 'stopped', 'running-well': 'stopped' });
  });
});

describe('urgentFirst', () => {
  it('puts danger before attention before riddles, and keeps the order of the rest', () => {
    const sections = urgentFirst(
      sectionsOf([
        row('engine-ready', ['isolated'], good),
        row('gateway-locked', ['not-exposed'], broken('attention')),
        row('agent-account', ['least-privilege'], unknown),
        row('agent-version', ['up-to-date'], broken('danger')),
      ]),
    );
    expect(sections.map(({ item }) => item)).toEqual([
      'up-to-date',
      'not-exposed',
      'least-privilege',
      'isolated',
      'trusted-skills',
      'no-private-data',
    ]);
  });
});

describe('sectionsOf', () => {
  it('puts each row under its first item once, and the rest under running well', () => {
    const rows = [
      row('room-to-work', [], good),
      row('sandbox-hardened', ['isolated', 'least-privilege'], good),
      row('folder-dedicated', ['least-privilege', 'no-private-data'], broken('attention')),
    ];
    const sections = sectionsOf(rows);
    expect(sections.map((section) => section.item)).toEqual([
      'isolated',
      'not-exposed',
      'least-privilege',
      'trusted-skills',
      'no-private-data',
      'up-to-date',
      'running-well',
    ]);
    expect(sections.flatMap((section) => section.rows)).toHaveLength(rows.length);
    const at = (item: string) => sections.find((section) => section.item === item);
    expect(at('isolated')?.state).toBe('good');
    expect(at('least-privilege')).toMatchObject({ state: 'attention', also: [{ id: 'sandbox-hardened' }] });
    expect(at('no-private-data')).toMatchObject({ state: 'attention', rows: [] });
  });

  it('never calls an item good that nothing looks after, waits for, or could not be looked at', () => {
    const state = (...rows: Row[]) => sectionsOf(rows)[0]?.state;
    expect(state()).toBe('unserved');
    expect(state(row('engine-ready', ['isolated'], good), row('sandbox-exists', ['isolated'], null))).toBe(
      'looking',
    );
    expect(state(row('engine-ready', ['isolated'], unknown))).toBe('unknown');
    expect(state(row('sandbox-exists', ['isolated'], broken('danger'), { blame: 'engine-ready' }))).toBe(
      'unknown',
    );
  });
});

describe('causes', () => {
  const rows = [
    row('engine-ready', [], unknown),
    row('folder-dedicated', [], broken('attention'), { fixable: false }),
    row('gateway-running', [], broken('danger')),
    row('gateway-locked', [], broken('danger'), { blame: 'gateway-running' }),
    row('gateway-local-only', [], null, { blame: 'gateway-running' }),
  ];

  it('come gravest first, without their consequences', () => {
    expect(causesOf(rows).map(({ id }) => id)).toEqual([
      'gateway-running',
      'folder-dedicated',
      'engine-ready',
    ]);
    expect(heldUpBy(rows, 'gateway-running').map(({ id }) => id)).toEqual(['gateway-locked']);
  });

  it('offer to fix only what one click can put right', () => {
    expect(rows.filter(canFix).map(({ id }) => id)).toEqual(['gateway-running']);
  });

  it('lead to the page of the system’s settings that puts them right, and to no other place', () => {
    const lent = (settings: string): Row => ({
      ...(rows[0] as Row),
      finding: { is: 'broken', why: 'power-screen', gravity: 'danger', facts: { settings }, evidence: [] },
    });
    expect(settingsPageOf(lent('screen-recording'))).toBe('screen-recording');
    expect(settingsPageOf(lent('ms-settings:privacy'))).toBeNull();
    for (const row of rows) expect(settingsPageOf(row)).toBeNull();
  });
});
