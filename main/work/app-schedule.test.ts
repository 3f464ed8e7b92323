import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { settle } from '../testing/doors.ts';
import { createMachine, type Machine } from '../testing/machine.ts';

const day = 24 * 3_600_000;
const newer = { version: '1.3.0', isOurTurn: true, safeFrom: null } as const;

/** ClawCove on its watch, at the start of a day on which nobody was asked yet. */
async function onWatch(change: Partial<Machine> = {}) {
  const machine = await movedInMachine();
  machine.now += 24 * 3_600_000;
  Object.assign(machine, change);
  const test = startApp(machine, { sleepsThrough: (ms) => ms < 1_000 });
  await test.app.start();
  await settle();
  const count = (name: string) => test.calls.filter((call) => call === name).length;
  const row = () => test.app.state.get().rows.find(({ id }) => id === 'app-current')?.finding;
  /** Keeps the calls of this name waiting until what it returns is called. */
  const hold = (name: string) => {
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    test.before(name, () => gate);
    return letGo;
  };
  return { ...test, count, row, hold };
}

describe('while ClawCove is on its watch', () => {
  it('it asks after itself, downloads what is newer, and brings it when it ends', async () => {
    const { app, machine, advance, count, row } = await onWatch({ appOffered: newer });
    await advance(30_000);
    expect(machine.appStanding).toEqual({ is: 'ready', version: '1.3.0' });
    expect(machine.startsAnew).toBe(false);
    expect(row()).toMatchObject({ is: 'broken', why: 'app-ready' });
    await advance(5 * 3_600_000);
    expect(count('appUpdates.look')).toBe(1);
    await advance(2 * 3_600_000);
    expect(count('appUpdates.look')).toBe(2);
    expect(count('appUpdates.download')).toBe(1);
    await app.close();
    expect(machine.appStanding).toEqual({ is: 'next-start', version: '1.3.0' });
  });

  it('it downloads what set-up left alone, as soon as somebody lives here', async () => {
    const { app, calls, machine, ...test } = startApp(createMachine({ appOffered: newer }), {
      sleepsThrough: (ms) => ms < 20_000,
    });
    expect(await test.do({ do: 'set-up', consent: [] })).toEqual({ is: 'done' });
    expect(calls).toContain('appUpdates.look');
    expect(calls).not.toContain('appUpdates.download');
    await test.do({ do: 'move-in' });
    await app.start();
    await test.advance(30_000);
    expect(machine.appStanding).toEqual({ is: 'ready', version: '1.3.0' });
    expect(machine.startsAnew).toBe(false);
    await app.close();
  });

  it('it downloads nothing where that costs', async () => {
    const { app, machine, advance, count } = await onWatch({ appOffered: newer, isMetered: true });
    await advance(30_000);
    expect(count('appUpdates.download')).toBe(0);
    machine.isMetered = false;
    await advance(10 * 60_000);
    expect(count('appUpdates.download')).toBe(1);
    await app.close();
  });

  it('it asks again after an hour when nobody answers, and says so after days', async () => {
    const { app, machine, advance, count, row } = await onWatch({ appOffered: 'source-silent' });
    await advance(30 * 60_000);
    expect(count('appUpdates.look')).toBe(1);
    await advance(3_600_000);
    expect(count('appUpdates.look')).toBe(2);
    expect(row()).toMatchObject({ is: 'ok' });
    const asleepUntil = async (at: number) => {
      machine.now = at;
      app.nudge();
      await advance(10 * 60_000);
    };
    const answered = machine.receipts.appLook?.at ?? 0;
    await asleepUntil(answered + 3 * day - 20 * 60_000);
    expect(row()).toMatchObject({ is: 'ok' });
    await asleepUntil(answered + 3 * day);
    expect(row()).toMatchObject({ is: 'unknown', why: 'app-silent' });
    expect(app.state.get().light).toBe('unknown');
    machine.appOffered = { ...newer, version: '1.2.3' };
    await advance(3_600_000);
    expect(row()).toMatchObject({ is: 'ok' });
    expect(app.state.get().light).toBe('good');
    await app.close();
  });

  it('it does not ask while work runs', async () => {
    const { app, advance, count, hold } = await onWatch();
    // The daily backup comes first.
    await advance(10 * 60_000);
    const looks = count('appUpdates.look');
    const letCopyGo = hold('sandbox.copyState');
    expect(await app.act({ do: 'back-up' })).toEqual({ ok: true });
    await advance(7 * 3_600_000);
    expect(app.state.get().work).toMatchObject({ is: 'running', job: 'back-up' });
    expect(count('appUpdates.look')).toBe(looks);
    letCopyGo();
    await advance(10 * 60_000);
    expect(app.state.get().work).toEqual({ is: 'idle' });
    expect(count('appUpdates.look')).toBe(looks + 1);
    await app.close();
  });

  it('it gives way to work with its download, and comes back', async () => {
    const { app, machine, advance, count, hold } = await onWatch();
    const letDownloadGo = hold('appUpdates.download');
    machine.appOffered = newer;
    await advance(7 * 3_600_000);
    expect(count('appUpdates.download')).toBe(1);
    const letCopyGo = hold('sandbox.copyState');
    expect(await app.act({ do: 'back-up' })).toEqual({ ok: true });
    await settle();
    letDownloadGo();
    await advance(30 * 60_000);
    expect(app.state.get().work).toMatchObject({ is: 'running', job: 'back-up' });
    expect(machine.appStanding.is).not.toBe('ready');
    expect(count('appUpdates.download')).toBe(1);
    letCopyGo();
    // Nothing went wrong: it doesn't wait as after a download that did.
    await advance(10 * 60_000);
    expect(count('appUpdates.download')).toBe(2);
    expect(machine.appStanding).toEqual({ is: 'ready', version: '1.3.0' });
    await app.close();
  });

  it('it does one thing at a time', async () => {
    const { app, machine, advance, count, hold } = await onWatch();
    const letDownloadGo = hold('appUpdates.download');
    machine.appOffered = newer;
    await advance(7 * 3_600_000);
    const looks = count('appUpdates.look');
    await advance(7 * 3_600_000);
    expect(count('appUpdates.download')).toBe(1);
    expect(count('appUpdates.look')).toBe(looks);
    letDownloadGo();
    await settle();
    await app.close();
  });

  it('it does nothing of that kind before somebody lives here', async () => {
    const machine = await movedInMachine();
    machine.receipts = { ...machine.receipts, appLook: null };
    machine.choices = { ...machine.choices, movedIn: false, agreed: false };
    const test = startApp(machine, { sleepsThrough: (ms) => ms < 1_000 });
    await test.app.start();
    await test.advance(3_600_000);
    expect(test.calls).not.toContain('appUpdates.look');
    await test.app.close();
  });
});
