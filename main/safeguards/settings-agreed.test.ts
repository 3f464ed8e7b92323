import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp, type TestApp } from '../testing/apps.ts';
import { check } from '../testing/checks.ts';
import type { Machine } from '../testing/machine.ts';
import { settingsAgreed } from './settings-agreed.ts';

/** Somebody changes OpenClaw's settings behind everybody's back. */
function change(machine: Machine, more: unknown): void {
  if (machine.state?.config) machine.state.config.more = more;
}
const telegram = { channels: { telegram: { enabled: true, botToken: 'secret-of-ada' } } };
const inForce = ({ state }: Machine) => state?.config?.more;

async function changedHome() {
  const machine = await movedInMachine();
  change(machine, telegram);
  return startApp(machine);
}

describe('settings-agreed', () => {
  it('takes what ClawCove has set up for agreed', async () => {
    const machine = await movedInMachine();
    expect(JSON.parse(machine.agreedSettings ?? '').leaves).toHaveProperty(['["gateway","port"]']);
    expect(await check(settingsAgreed, machine)).toMatchObject({ is: 'ok' });
  });

  it('asks for attention when something has changed since, and says what, but not what it says', async () => {
    const { machine, app } = await changedHome();
    const finding = await check(settingsAgreed, machine);
    expect(finding).toMatchObject({
      is: 'broken',
      gravity: 'attention',
      why: 'settings-changed',
      facts: { count: 1 },
      evidence: [{ code: 'settings-looked' }, { code: 'may-channel', facts: { name: 'telegram' } }],
    });
    await app.look();
    expect(app.state.get().light).toBe('attention');
    expect(JSON.stringify([app.state.get(), machine.receipts])).not.toContain('secret-of-ada');
  });

  it('could not look where the settings can’t be read', async () => {
    const machine = await movedInMachine();
    if (machine.state?.config) machine.state.config.isValid = false;
    expect(await check(settingsAgreed, machine)).toMatchObject({ is: 'unknown', why: 'settings-unreadable' });
  });

  it('notes a home of which nothing was noted yet', async () => {
    const machine = await movedInMachine();
    machine.agreedSettings = null;
    const test = startApp(machine);
    expect(await check(settingsAgreed, machine)).toMatchObject({ why: 'settings-never-agreed' });
    expect(await test.do({ do: 'fix', id: 'settings-agreed' })).toEqual({ is: 'done' });
    expect(await check(settingsAgreed, machine)).toMatchObject({ is: 'ok' });
  });
});

describe('the person’s word on changed settings', () => {
  /** Has it fixed, and answers the question that comes. */
  const decide = (test: TestApp, is: 'yes' | 'keep' | 'no') =>
    test.do({ do: 'fix', id: 'settings-agreed' }, () => ({ is }));

  it('puts them back', async () => {
    const test = await changedHome();
    expect(await decide(test, 'yes')).toEqual({ is: 'done' });
    expect(JSON.stringify(inForce(test.machine))).not.toContain('telegram');
    expect(test.machine.home?.isRunning).toBe(true);
    expect(test.app.state.get().light).toBe('good');
  });

  it('keeps them', async () => {
    const test = await changedHome();
    expect(await decide(test, 'keep')).toEqual({ is: 'done' });
    expect(inForce(test.machine)).toEqual(telegram);
    expect(test.app.state.get().light).toBe('good');
    change(test.machine, {});
    expect(await check(settingsAgreed, test.machine)).toMatchObject({ why: 'settings-changed' });
  });

  it('can wait', async () => {
    const test = await changedHome();
    expect(await decide(test, 'no')).toMatchObject({
      is: 'failed',
      problem: { code: 'settings-undecided' },
    });
    expect(inForce(test.machine)).toEqual(telegram);
    expect(await check(settingsAgreed, test.machine)).toMatchObject({ why: 'settings-changed' });
  });

  it('is not needed for what ClawCove changes itself, and still for what somebody else did', async () => {
    const test = await changedHome();
    const model = { provider: 'custom', baseUrl: 'http://127.0.0.1:8080/v1', modelId: 'm' } as const;
    expect(await test.do({ do: 'save-choices', choices: { model } })).toEqual({ is: 'done' });
    expect(await check(settingsAgreed, test.machine)).toMatchObject({
      why: 'settings-changed',
      facts: { count: 1 },
      evidence: [{ code: 'settings-looked' }, { code: 'may-channel' }],
    });
    expect(await decide(test, 'yes')).toEqual({ is: 'done' });
    expect(test.machine.state?.config?.model).toBe(model.baseUrl);
    expect(JSON.stringify(inForce(test.machine))).not.toContain('telegram');
  });

  it('is not needed either for what ClawCove changes while the home rests, or is gone', async () => {
    for (const spoil of [
      ({ home }: Machine) => home && Object.assign(home, { isRunning: false, startedAt: null }),
      (machine: Machine) => Object.assign(machine, { home: null }),
    ]) {
      const machine = await movedInMachine();
      change(machine, telegram);
      spoil(machine);
      machine.squatters.set(machine.choices.port, 'nginx');
      const test = startApp(machine);
      const { port } = machine.choices;
      expect(await test.do({ do: 'start' })).toEqual({ is: 'done' });
      expect(machine.choices.port).not.toBe(port);
      expect(await check(settingsAgreed, machine)).toMatchObject({
        evidence: [{ code: 'settings-looked' }, { code: 'may-channel' }],
      });
    }
  });

  it('counts again where nobody can read what is set: nothing that somebody wrote before is trusted', async () => {
    const machine = await movedInMachine();
    change(machine, telegram);
    const config = machine.state?.config;
    // Whoever breaks the settings may have broken those that OpenClaw keeps beside them, too.
    if (config) config.isValid = false;
    if (machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
    machine.squatters.set(machine.choices.port, 'nginx');
    const test = startApp(machine);
    expect(await test.do({ do: 'fix-all' }, () => ({ is: 'no' }))).toEqual({ is: 'done' });
    expect(JSON.stringify(inForce(machine) ?? {})).not.toContain('telegram');
    expect(machine.state?.config).toMatchObject({ port: machine.choices.port, isHardened: true });
    expect(machine.state?.config?.model).not.toBe('last-good');
    expect(test.app.state.get().light).toBe('good');
  });
});
