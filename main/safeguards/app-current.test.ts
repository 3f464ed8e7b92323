import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { type AppKnown, appCurrent, judgeApp } from './app-current.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 22);
type Look = NonNullable<AppKnown['look']>;
const look = (newest: string, change: Partial<Look> = {}): Look => ({
  newest,
  safeFrom: null,
  at: now - 3_600_000,
  since: now - day,
  ...change,
});
const known = (change: Partial<AppKnown> = {}): AppKnown => ({
  ability: { is: 'able' },
  running: '1.2.3',
  standing: { is: 'none' },
  look: look('1.2.3'),
  refusal: null,
  ...change,
});
const newer = { version: '1.3.0', isOurTurn: true, safeFrom: null } as const;
const refusal = { why: 'app-unsigned', at: now - 60_000 } as const;

describe('ClawCove itself', () => {
  it.each<[string, Partial<AppKnown>, string]>([
    ['is the newest', {}, 'ok'],
    ['is newer than what is offered', { look: look('1.2.2') }, 'ok'],
    ['has a newer one', { look: look('1.3.0') }, 'attention app-behind'],
    [
      'has a newer one here',
      { look: look('1.3.0'), standing: { is: 'ready', version: '1.3.0' } },
      'attention app-ready',
    ],
    [
      'has a newer one than what is here',
      { look: look('1.3.1'), standing: { is: 'ready', version: '1.3.0' } },
      'attention app-behind',
    ],
    ['has to wait for its turn', { look: look('1.3.0', { since: null }) }, 'ok'],
    ['has had one for a month', { look: look('1.3.0', { since: now - 31 * day }) }, 'danger app-behind-long'],
    ['has known holes', { look: look('1.3.0', { safeFrom: '1.2.4' }) }, 'danger app-unsafe'],
    ['is old but safe', { look: look('1.3.0', { safeFrom: '1.2.3' }) }, 'attention app-behind'],
    ['never asked', { look: null }, 'unknown app-not-looked'],
    ['asked three days ago', { look: look('1.2.3', { at: now - 3 * day }) }, 'ok'],
    ['asked longer ago', { look: look('1.2.3', { at: now - 3 * day - 1 }) }, 'unknown app-silent'],
    ['asked on a clock that was ahead', { look: look('1.2.3', { at: now + 9 * day }) }, 'unknown app-silent'],
    ['was told what it didn’t believe', { refusal }, 'unknown app-unsigned'],
    ['knows of a newer one in spite of that', { look: look('1.3.0'), refusal }, 'attention app-behind'],
    [
      'is about to start anew',
      { look: look('1.3.0'), standing: { is: 'restarting', version: '1.3.0' } },
      'ok',
    ],
    [
      'waits for its next start',
      { look: look('1.3.0'), standing: { is: 'next-start', version: '1.3.0' } },
      'ok',
    ],
  ])('that %s', (_, change, result) => {
    const finding = expectWhole(judgeApp(known(change), now), now);
    const why = finding.is === 'ok' ? '' : ` ${finding.why}`;
    expect(`${finding.is === 'broken' ? finding.gravity : finding.is}${why}`).toBe(result);
  });

  it.each(['app-from-source', 'app-by-system', 'app-without-source'] as const)(
    'is left to others without alarm: %s',
    async (why) => {
      const machine = await movedInMachine({ appAbility: { is: 'left-to-others', why } });
      expect(await check(appCurrent, machine)).toMatchObject({ is: 'not-applicable', why });
      const test = startApp(machine);
      await test.app.look();
      expect(test.app.state.get().light).toBe('good');
      expect(await test.do({ do: 'fix', id: 'app-current' })).toEqual({ is: 'done' });
      expect(test.calls).not.toContain('appUpdates.look');
    },
  );
});

describe('bringing ClawCove up to date', () => {
  it('asks, downloads, replaces and starts anew, in this order', async () => {
    const machine = await movedInMachine();
    machine.appOffered = newer;
    const { calls, ...ending } = await fix(appCurrent, machine);
    expect(ending).toMatchObject({ is: 'done' });
    expect(calls).toEqual([
      'appUpdates.look',
      'store.saveReceipts',
      'appUpdates.download',
      'appUpdates.takeOver',
    ]);
    expect(machine.startsAnew).toBe(true);
    expect(await check(appCurrent, machine)).toMatchObject({ is: 'ok', notes: [{ code: 'app-restarting' }] });
  });

  it('is nothing to do where there is no newer one, or it is not our turn', async () => {
    const machine = await movedInMachine();
    expect((await fix(appCurrent, machine)).calls).not.toContain('appUpdates.download');
    machine.appOffered = { ...newer, isOurTurn: false };
    expect((await fix(appCurrent, machine)).calls).not.toContain('appUpdates.download');
    expect(machine.startsAnew).toBe(false);
    expect(await check(appCurrent, machine)).toMatchObject({ is: 'ok' });
  });

  it('leaves all as it was when what comes is not what was signed', async () => {
    const machine = await movedInMachine();
    machine.appOffered = newer;
    machine.appDamage = 'app-download-damaged';
    expect(await fix(appCurrent, machine)).toMatchObject({ problem: { code: 'app-download-damaged' } });
    expect(machine.startsAnew).toBe(false);
    expect(await check(appCurrent, machine)).toMatchObject({ why: 'app-behind' });
  });

  it('is no failure where nobody can be asked, or is not believed', async () => {
    for (const why of ['source-silent', 'app-unsigned'] as const) {
      const machine = await movedInMachine({ appOffered: why });
      expect(await fix(appCurrent, machine)).toMatchObject({ is: 'done' });
      expect(await check(appCurrent, machine)).toMatchObject({ is: 'unknown' });
    }
  });

  it('is one where a newer one is waited for', async () => {
    const machine = await movedInMachine();
    machine.appOffered = newer;
    machine.appDamage = 'no-room-on-disk';
    await fix(appCurrent, machine);
    machine.appOffered = 'app-unsigned';
    expect(await fix(appCurrent, machine)).toMatchObject({ problem: { code: 'app-unsigned' } });
  });
});
