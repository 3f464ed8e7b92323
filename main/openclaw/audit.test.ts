import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';

const open = () => new AbortController().signal;
const hour = 3_600_000;

/** The audit on a home, and how often OpenClaw was really asked: every question costs two commands. */
async function asked() {
  const test = openDoors(await movedInMachine());
  const ask = (startedAt: number | null = 1, signal = open()) => test.doors.selfAudit.ask(startedAt, signal);
  return { ...test, ask, commands: () => test.calls.filter((call) => call === 'sandbox.exec').length };
}

describe('the audit', () => {
  it('is asked for once while nothing changes', async () => {
    const { ask, commands } = await asked();
    await ask();
    await ask();
    expect(commands()).toBe(3);
  });

  it('is asked for again after another start, another setting, or six hours', async () => {
    const { ask, commands, machine } = await asked();
    await ask(1);
    await ask(2);
    expect(commands()).toBe(4);
    machine.warnings = ['models.legacy'];
    expect(await ask(2)).toMatchObject({ findings: [{ checkId: 'models.legacy', severity: 'warn' }] });
    expect(commands()).toBe(6);
    machine.now += 6 * hour;
    await ask(2);
    expect(commands()).toBe(8);
  });

  it('is not kept when it failed', async () => {
    const { ask, commands, failNext } = await asked();
    failNext('sandbox.exec', null, new Error('no'));
    await expect(ask()).rejects.toThrow('no');
    expect(await ask()).toMatchObject({ is: 'seen' });
    expect(commands()).toBe(4);
  });

  it('goes on for the next one when somebody stops waiting', async () => {
    const { ask, commands, before } = await asked();
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let call = 0;
    before('sandbox.exec', () => (++call === 2 ? held : undefined));
    const giveUp = new AbortController();
    const first = ask(1, giveUp.signal);
    await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort(new Error('too long'));
    await expect(first).rejects.toThrow('too long');
    const second = ask();
    finish();
    expect(await second).toMatchObject({ is: 'seen' });
    expect(commands()).toBe(3);
  });
});
