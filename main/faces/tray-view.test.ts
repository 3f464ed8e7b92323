import { describe, expect, it } from 'vitest';
import { Light, type Snapshot } from '../contract.ts';
import { exampleRow, exampleSnapshot, withRows } from '../testing/example-snapshot.ts';
import { translator } from '../text.ts';
import { type TrayItem, trayView } from './tray-view.ts';

const say = translator('en');
const unlocked = exampleRow('gateway-locked', {
  is: 'broken',
  why: 'gateway-unlocked',
  facts: {},
  gravity: 'danger',
  evidence: [],
});
const behind = exampleRow('agent-version', {
  is: 'broken',
  why: 'version-behind',
  facts: { version: '1', newest: '2' },
  gravity: 'attention',
  evidence: [],
});
const unlookable = exampleRow('agent-version', {
  is: 'unknown',
  why: 'took-too-long',
  facts: {},
  evidence: [],
});
const { choices } = exampleSnapshot();

const lights: Readonly<Record<Light, Snapshot>> = {
  good: exampleSnapshot(),
  attention: exampleSnapshot({ light: 'attention', rows: withRows(behind) }),
  danger: exampleSnapshot({ light: 'danger', rows: withRows(behind, unlocked) }),
  working: exampleSnapshot({
    light: 'working',
    work: {
      is: 'running',
      job: 'fix-all',
      safeguard: null,
      step: 'looking',
      progress: null,
      canCancel: true,
    },
  }),
  stopped: exampleSnapshot({ light: 'stopped', choices: { ...choices, stopped: true } }),
  unknown: exampleSnapshot({ light: 'unknown', rows: withRows(unlookable) }),
};

const items = (snapshot: Snapshot) => trayView(snapshot, say).items.filter((item) => item !== 'line');
const labels = (snapshot: Snapshot) => items(snapshot).map(({ label }) => label);
const item = (snapshot: Snapshot, label: string): TrayItem | undefined =>
  items(snapshot).find((entry) => entry.label === label);

describe('the tray', () => {
  it.each(Light.options)('has an icon of its own when the light is %s, and says why first', (light) => {
    const view = trayView(lights[light], say);
    expect(view.icon).toBe(light);
    const first = view.items[0] as TrayItem;
    expect(first).toMatchObject({ enabled: false, action: { is: 'none' } });
    expect(view.tooltip).toBe(`ClawCove: ${first.label}`);
    expect(first.label).not.toMatch(/^(tray|reason|step)\./);
  });

  it('names the gravest cause, and how many there are besides', () => {
    expect(labels(lights.danger).slice(0, 2)).toEqual([
      say('reason.gateway-unlocked'),
      '… and one more thing',
    ]);
    expect(labels(lights.attention)[0]).toBe(say('reason.version-behind', { version: '1', newest: '2' }));
  });

  it.each(Light.options)('can always be opened and quit: %s', (light) => {
    expect(item(lights[light], 'Show ClawCove')).toMatchObject({ enabled: true });
    expect(item(lights[light], 'Quit ClawCove')).toMatchObject({ enabled: true, action: { is: 'quit' } });
  });

  it('offers to fix what can be fixed, and only then', () => {
    const fix = { is: 'intent', intent: { do: 'fix-all' } };
    expect(item(lights.danger, 'Fix everything')).toMatchObject({ enabled: true, action: fix });
    expect(item(lights.good, 'Fix everything')).toBeUndefined();
    expect(item(lights.unknown, 'Fix everything')).toBeUndefined();
    const unfixable = exampleSnapshot({
      light: 'danger',
      rows: withRows({ ...unlocked, fixable: false }),
    });
    expect(item(unfixable, 'Fix everything')).toBeUndefined();
  });

  it('offers the version that is ready', () => {
    const label = 'Update OpenClaw to 2026.9.7';
    const ready = {
      is: 'available',
      version: '2026.9.7',
      publishedAt: null,
      urgent: false,
      coming: { is: 'by-hand' },
    } as const;
    const update = { is: 'intent', intent: { do: 'update-now' } };
    expect(item(exampleSnapshot({ versionNews: ready }), label)).toMatchObject({
      enabled: true,
      action: update,
    });
    expect(item({ ...lights.working, versionNews: ready }, label)).toMatchObject({ enabled: false });
    const postponed = { is: 'postponed', version: '2026.9.7', until: 5 } as const;
    expect(item(exampleSnapshot({ versionNews: postponed }), label)).toMatchObject({ enabled: true });
    const failed = { is: 'failed', version: '2026.9.7', why: 'unwell', at: 5 } as const;
    expect(item(exampleSnapshot({ versionNews: failed }), label)).toBeUndefined();
    expect(item(lights.good, label)).toBeUndefined();
  });

  it('starts nothing while something runs', () => {
    for (const label of ['Open OpenClaw', 'Check now', 'Stop OpenClaw'])
      expect(item(lights.working, label)).toMatchObject({ enabled: false });
  });

  it('offers to start what was stopped', () => {
    expect(item(lights.stopped, 'Start OpenClaw')).toMatchObject({ enabled: true });
    expect(item(lights.stopped, 'Stop OpenClaw')).toBeUndefined();
    expect(item(lights.stopped, 'Open OpenClaw')).toMatchObject({ enabled: false });
  });

  it('says that there is no home yet before setup, and offers nothing that needs one', () => {
    const before = exampleSnapshot({
      light: 'attention',
      rows: withRows(unlocked),
      choices: { ...choices, agreed: false, movedIn: false },
    });
    expect(labels(before)).toEqual([say('tray.not-set-up'), 'Show ClawCove', 'Quit ClawCove']);
  });

  it('says what a failed job stumbled over', () => {
    const problem = { code: 'busy' as const, facts: {}, next: [] };
    const failed = exampleSnapshot({ work: { is: 'failed', job: 'fix-all', safeguard: null, problem } });
    expect(labels(failed)[0]).toBe(say('problem.busy.what'));
  });

  it('speaks Chinese', () => {
    const view = trayView(lights.good, translator('zh-CN'));
    expect(view.items.every((entry) => entry === 'line' || /\p{Script=Han}/u.test(entry.label))).toBe(true);
  });
});
