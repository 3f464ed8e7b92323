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
    [{ is: 'too-old', version: '3.0.1', needs: '4.3' }, 'engine-too-old'],
    [noIds, 'engine-no-subordinate-ids'],
    [{ is: 'no-runtime-for-cgroups', version: '4.3.1' }, 'engine-no-runtime'],
    [{ is: 'system-too-old', system: 'macOS 12.7', needs: 'macOS 13' }, 'engine-system-too-old'],
    [{ is: 'wrong-processor' }, 'engine-wrong-processor'],
    [{ is: 'no-virtualization' }, 'engine-no-virtualization'],
    [{ is: 'not-permitted' }, 'engine-not-permitted'],
    [{ is: 'no-room', freeBytes: 1e9, neededBytes: 8e9 }, 'engine-no-room'],
    [{ is: 'incomplete' }, 'engine-incomplete'],
    [{ is: 'no-fence', version: '4.3.1' }, 'engine-no-fence'],
    [{ is: 'stuck', detail: 'no such process' }, 'engine-stuck'],
    [{ is: 'broken', detail: 'x'.repeat(999) }, 'engine-broken'],
  ])('%j is broken, and endangers nobody', (state, why) => {
    const finding = expectWhole(judgeEngine(state, 7), 7);
    expect(finding).toMatchObject({ is: 'broken', why, gravity: 'attention' });
    expect(JSON.stringify(finding).length).toBeLessThan(1000);
  });

  it('is ok when it is ready', () => {
    expect(expectWhole(judgeEngine(ready, 7), 7)).toMatchObject({ is: 'ok', notes: [] });
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
    [{ is: 'no-virtualization' }, 'machine-no-virtualization'],
    [{ is: 'not-permitted' }, 'machine-not-permitted'],
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

  it('that got ready by itself in the meantime needs nobody’s password', async () => {
    expect((await fix(engineReady, createMachine())).calls).not.toContain('admin.run');
  });
});
