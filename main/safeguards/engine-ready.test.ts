import { describe, expect, it } from 'vitest';
import type { EngineState } from '../sandbox/sandbox.ts';
import { check, expectWhole, fix } from '../testing/checks.ts';
import { createMachine } from '../testing/machine.ts';
import { engineReady, judgeEngine } from './engine-ready.ts';

const ready: EngineState = { is: 'ready', version: '5.4.2', limits: 'enforced' };
const noIds: EngineState = { is: 'no-subordinate-ids', version: '5.4.2', user: 'ada' };

describe('judgeEngine', () => {
  it.each<[EngineState, string]>([
    [{ is: 'absent' }, 'engine-absent'],
    [{ is: 'asleep' }, 'engine-asleep'],
    [{ is: 'not-allowed' }, 'engine-not-allowed'],
    [{ is: 'too-old', version: '3.0.1', needs: '4.3' }, 'engine-too-old'],
    [noIds, 'engine-no-subordinate-ids'],
    [{ is: 'no-runtime-for-cgroups', version: '4.3.1' }, 'engine-no-runtime'],
    [{ is: 'system-too-old', system: 'macOS 12.7', needs: 'macOS 13' }, 'engine-system-too-old'],
    [{ is: 'wrong-processor' }, 'engine-wrong-processor'],
    [{ is: 'no-virtualization', why: 'not-this-copy' }, 'engine-not-permitted'],
    [{ is: 'no-room', freeBytes: 1e9, neededBytes: 8e9 }, 'engine-no-room'],
    [{ is: 'incomplete' }, 'engine-incomplete'],
    [{ is: 'no-fence', version: '4.3.1' }, 'engine-no-fence'],
    [{ is: 'no-virtualization', why: 'switched-off' }, 'engine-virtualization-off'],
    [{ is: 'no-virtualization', why: 'missing' }, 'engine-virtualization-missing'],
    [{ is: 'no-virtualization', why: 'off-or-missing' }, 'engine-virtualization-off-or-missing'],
    [{ is: 'no-virtualization', why: 'not-started' }, 'engine-virtualization-not-started'],
    [{ is: 'no-virtualization', why: 'not-allowed' }, 'engine-virtualization-not-allowed'],
    [{ is: 'no-virtualization', why: 'does-not-work' }, 'engine-virtualization-broken'],
    [{ is: 'stuck', detail: 'no such process' }, 'engine-stuck'],
    [{ is: 'broken', detail: 'x'.repeat(999) }, 'engine-broken'],
    [{ is: 'feature-missing' }, 'engine-feature-missing'],
    [{ is: 'restart-needed' }, 'engine-restart-needed'],
    [{ is: 'blocked', by: 'policy' }, 'engine-blocked-by-policy'],
    [{ is: 'blocked', by: 'guard' }, 'engine-blocked-by-guard'],
    [{ is: 'not-prepared', lacks: 'name' }, 'computer-not-named'],
    [{ is: 'not-prepared', lacks: 'key' }, 'computer-not-prepared'],
    [{ is: 'not-prepared', lacks: 'way-in' }, 'computer-not-prepared'],
    [{ is: 'not-prepared', lacks: 'word' }, 'computer-not-prepared'],
    [{ is: 'unsuited', why: 'system' }, 'computer-system-unsuited'],
    [{ is: 'unsuited', why: 'processor' }, 'computer-processor-unsuited'],
    [{ is: 'unsuited', why: 'memory' }, 'computer-memory-short'],
  ])('%j is broken, and endangers nobody', (state, why) => {
    const finding = expectWhole(judgeEngine(state, 7), 7);
    expect(finding).toMatchObject({ is: 'broken', why, gravity: 'attention' });
    expect(JSON.stringify(finding).length).toBeLessThan(1000);
  });

  it('can’t tell of another computer that doesn’t answer', () => {
    const finding = expectWhole(judgeEngine({ is: 'unreachable', host: '192.168.1.30' }, 7), 7);
    expect(finding).toMatchObject({
      is: 'unknown',
      why: 'computer-unreachable',
      facts: { host: '192.168.1.30' },
    });
  });

  it('is a danger when another one answers in its place', () => {
    const finding = expectWhole(judgeEngine({ is: 'other-key', host: '192.168.1.30' }, 7), 7);
    expect(finding).toMatchObject({ is: 'broken', why: 'computer-other-key', gravity: 'danger' });
  });

  it('is ok when it is ready', () => {
    expect(expectWhole(judgeEngine(ready, 7), 7)).toMatchObject({ is: 'ok', notes: [] });
  });

  it('says what the person should know of an engine of its kind', () => {
    const notes = ['engine-controls-computer', 'engine-shares-users'] as const;
    expect(expectWhole(judgeEngine({ ...ready, notes }, 7))).toMatchObject({
      is: 'ok',
      notes: notes.map((code) => ({ code })),
    });
  });

  it('says so where it can’t hold a home to limits', () => {
    expect(expectWhole(judgeEngine({ ...ready, limits: 'not-enforced' }, 7))).toMatchObject({
      is: 'ok',
      notes: [{ code: 'limits-not-enforced' }],
    });
  });
});

describe('an engine', () => {
  it('is asked itself', async () => {
    expect(await check(engineReady, createMachine())).toMatchObject({ is: 'ok' });
    expect(await check(engineReady, createMachine({ engine: { is: 'absent' } }))).toMatchObject({
      why: 'engine-absent',
    });
  });

  it('that is absent is installed, and there is a receipt for it', async () => {
    const machine = createMachine({ engine: { is: 'absent' }, afterTask: { 'install-engine': ready } });
    expect(await fix(engineReady, machine)).toMatchObject({ is: 'done', log: ['doing install-engine'] });
    expect(machine.receipts.engineInstalled).toBe(true);
    expect(await check(engineReady, machine)).toMatchObject({ is: 'ok' });
  });

  it.each<[EngineState, string]>([
    [{ is: 'system-too-old', system: 'macOS 12.7', needs: 'macOS 13' }, 'machine-system-too-old'],
    [{ is: 'wrong-processor' }, 'machine-wrong-processor'],
    [{ is: 'no-virtualization', why: 'not-this-copy' }, 'machine-not-permitted'],
    [{ is: 'no-room', freeBytes: 1e9, neededBytes: 8e9 }, 'no-room-on-disk'],
    [{ is: 'incomplete' }, 'app-incomplete'],
  ])('that nothing installed could help (%j) bothers no administrator', async (engine, code) => {
    const machine = createMachine({ engine });
    expect(await fix(engineReady, machine)).toMatchObject({ is: 'failed', problem: { code }, log: [] });
  });

  it('that the person had already is not ours: repairing it leaves no receipt', async () => {
    const machine = createMachine({
      engine: { is: 'too-old', version: '3', needs: '4' },
      afterTask: { 'install-engine': ready },
    });
    await fix(engineReady, machine);
    expect(machine.receipts.engineInstalled).toBe(false);
  });

  it('that lacks user numbers gets them, and nothing is installed', async () => {
    const machine = createMachine({ engine: noIds, afterTask: { 'grant-subordinate-ids': ready } });
    expect(await fix(engineReady, machine)).toMatchObject({
      is: 'done',
      log: ['doing grant-subordinate-ids'],
    });
  });

  it('that lacks user numbers once it is installed gets both in one go', async () => {
    const machine = createMachine({
      engine: { is: 'absent' },
      afterTask: { 'install-engine': noIds, 'grant-subordinate-ids': ready },
    });
    const { is, log } = await fix(engineReady, machine);
    expect({ is, log }).toEqual({ is: 'done', log: ['doing install-engine', 'doing grant-subordinate-ids'] });
    expect(machine.receipts.engineInstalled).toBe(true);
  });

  it('that is stuck gets going again without anybody’s password', async () => {
    const machine = createMachine({ engine: { is: 'stuck', detail: 'no such process' } });
    const { is, calls } = await fix(engineReady, machine);
    expect(is).toBe('done');
    expect(calls).toContain('sandbox.unstick');
    expect(calls).not.toContain('admin.run');
    expect(await check(engineReady, machine)).toMatchObject({ is: 'ok' });
  });

  it('that works only after a restart says so, and asks nobody for a password', async () => {
    const machine = createMachine({ engine: { is: 'restart-needed' } });
    const { calls, ...ending } = await fix(engineReady, machine);
    expect(ending).toMatchObject({ problem: { code: 'restart-needed' } });
    expect(calls).not.toContain('admin.run');
    expect(machine.startsAtLogin).toBe(true);
  });

  it('that works only after a restart changes nothing about how a person starts ClawCove who lives there', async () => {
    const machine = createMachine({ engine: { is: 'restart-needed' } });
    machine.choices = { ...machine.choices, movedIn: true, startAtLogin: false };
    await fix(engineReady, machine);
    expect(machine.startsAtLogin).toBe(false);
  });

  it('that was just installed may still need a restart', async () => {
    const machine = createMachine({
      engine: { is: 'feature-missing' },
      afterTask: { 'install-engine': { is: 'restart-needed' } },
    });
    expect(await fix(engineReady, machine)).toMatchObject({
      problem: { code: 'restart-needed' },
      log: ['doing install-engine'],
    });
  });

  it.each<[EngineState, string]>([
    [{ is: 'asleep' }, 'engine-asleep'],
    [{ is: 'not-allowed' }, 'engine-not-allowed'],
    [{ is: 'no-virtualization', why: 'switched-off' }, 'virtualization-off'],
    [{ is: 'no-virtualization', why: 'missing' }, 'virtualization-missing'],
    [{ is: 'no-virtualization', why: 'off-or-missing' }, 'virtualization-off-or-missing'],
    [{ is: 'no-virtualization', why: 'does-not-work' }, 'virtualization-broken'],
    [{ is: 'blocked', by: 'policy' }, 'engine-blocked'],
    [{ is: 'blocked', by: 'guard' }, 'engine-blocked'],
  ])('that is %j needs a person, not a password', async (engine, code) => {
    const { calls, ...ending } = await fix(engineReady, createMachine({ engine }));
    expect(ending).toMatchObject({ problem: { code } });
    expect(calls).not.toContain('admin.run');
  });

  it('of QEMU’s is installed by its own task, and lets this person in', async () => {
    const machine = createMachine({
      engineName: 'QEMU',
      engine: { is: 'absent' },
      afterTask: {
        'install-machine-engine': { is: 'no-virtualization', why: 'not-allowed' },
        'grant-virtualization': ready,
      },
    });
    const { is, log } = await fix(engineReady, machine);
    expect({ is, log }).toEqual({
      is: 'done',
      log: ['doing install-machine-engine', 'doing grant-virtualization'],
    });
  });

  it('of Docker’s is nobody’s to install', async () => {
    const { calls, ...ending } = await fix(
      engineReady,
      createMachine({ engineName: 'Docker', engine: { is: 'absent' } }),
    );
    expect(ending).toMatchObject({ problem: { code: 'engine-not-ready' } });
    expect(calls).not.toContain('admin.run');
  });

  it('that a task has not helped is looked at again, and nobody is asked twice', async () => {
    const machine = createMachine({
      engine: { is: 'absent' },
      afterTask: { 'install-engine': { is: 'broken', detail: 'no' } },
    });
    expect(await fix(engineReady, machine)).toMatchObject({ is: 'done', log: ['doing install-engine'] });
  });

  it('that got ready by itself in the meantime needs nobody’s password', async () => {
    expect((await fix(engineReady, createMachine())).calls).not.toContain('admin.run');
  });
});
