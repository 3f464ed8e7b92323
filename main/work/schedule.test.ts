/** The schedule in the whole app, on a computer in memory whose clock is moved by hand. */
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { settle } from '../testing/doors.ts';
import type { Machine } from '../testing/machine.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Short waits of the update itself are slept through; the watch is woken by hand. */
const byHand = { sleepsThrough: (ms: number) => ms <= 2_000 };

/** ClawCove in the tray, on a home that was moved into, with 2026.9.7 out since ten days. */
async function watching(change: (machine: Machine) => void = () => {}) {
  const machine = await movedInMachine();
  machine.offered = ['2026.9.6', '2026.9.7'];
  machine.published.set('2026.9.7', machine.now - 10 * day);
  machine.receipts = { ...machine.receipts, lastLook: null };
  change(machine);
  const test = startApp(machine, byHand);
  await test.app.start();
  await settle();
  const live = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5 * minute) await test.advance(5 * minute);
    await settle();
  };
  /** The computer sleeps, and is awake again for ten minutes. */
  const asleep = async (ms: number) => {
    machine.now += ms;
    test.app.nudge();
    await live(10 * minute);
  };
  const version = () => machine.home?.spec.version;
  const news = () => test.app.state.get().versionNews;
  const asked = (name: string) => test.calls.filter((call) => call === name).length;
  /** How often OpenClaw was asked what its agent does. */
  const askedAgent = () => test.commands.filter((command) => command.includes('restart.preflight')).length;
  return { ...test, live, asleep, version, news, asked, askedAgent };
}

describe('the schedule', () => {
  it('catches up when ClawCove starts, and says what came', async () => {
    const { app, live, asleep, version, news, machine } = await watching((it) => {
      it.changelog = '## 2026.9.7\n\n- Something new. (#1)\n';
    });
    await live(10 * minute);
    expect(version()).toBe('2026.9.7');
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(news()).toMatchObject({
      is: 'updated',
      version: '2026.9.7',
      from: '2026.9.6',
      untrustedNotes: ['Something new.'],
    });
    expect(app.state.get().light).toBe('good');
    await asleep(25 * hour);
    expect(news()).toEqual({ is: 'none' });
    await app.close();
  });

  it('leaves a young version alone until it is two days old and the person’s hour has come', async () => {
    const { app, live, asleep, version, news, machine, advance } = await watching((it) => {
      it.published.set('2026.9.7', it.now - hour);
    });
    await advance(20_000);
    expect(version()).toBe('2026.9.6');
    // It is one in the afternoon in Berlin; two days later it is old enough, and at three in the night it comes.
    const comes = machine.now - (machine.now % day) + 3 * day + 2 * hour;
    expect(news()).toMatchObject({ is: 'available', coming: { is: 'at', at: comes } });
    expect(app.state.get().light).toBe('good');
    await asleep(comes - machine.now - 30 * minute);
    expect(version()).toBe('2026.9.6');
    await live(30 * minute);
    expect(version()).toBe('2026.9.7');
    await app.close();
  });

  it('waits for a pause of the agent, asks for it now and then, and goes on after a day', async () => {
    const { app, live, version, news, machine, askedAgent } = await watching((it) => {
      it.isAgentBusy = true;
    });
    expect(news()).toMatchObject({ coming: { is: 'waits', why: 'agent-busy' } });
    const before = askedAgent();
    await live(hour);
    expect(askedAgent() - before).toBeLessThanOrEqual(13);
    expect(version()).toBe('2026.9.6');
    machine.isAgentBusy = false;
    await live(10 * minute);
    expect(version()).toBe('2026.9.7');
    await app.close();
    const never = await watching((it) => {
      it.isAgentBusy = true;
    });
    await never.asleep(22 * hour);
    expect(never.version()).toBe('2026.9.6');
    await never.live(2 * hour);
    expect(never.version()).toBe('2026.9.7');
    await never.app.close();
  });

  it.each<[string, (machine: Machine) => void, (machine: Machine) => void]>([
    [
      'the battery',
      (it) => void Object.assign(it, { power: { is: 'battery', share: 0.2 } }),
      (it) => void Object.assign(it, { power: { is: 'mains' } }),
    ],
    [
      'the connection',
      (it) => void Object.assign(it, { isMetered: true }),
      (it) => void Object.assign(it, { isMetered: false }),
    ],
  ])('waits for %s', async (_, spoil, mend) => {
    const { app, live, version, machine, askedAgent } = await watching(spoil);
    const before = askedAgent();
    await live(6 * hour);
    expect(version()).toBe('2026.9.6');
    expect(askedAgent()).toBe(before);
    mend(machine);
    await live(10 * minute);
    expect(version()).toBe('2026.9.7');
    await app.close();
  });

  it('makes no storm of an update that comes to nothing', async () => {
    const test = await watching((it) => void it.duds.add('2026.9.7'));
    await test.live(day);
    expect(test.version()).toBe('2026.9.6');
    // It failed on the real state once; a failed version isn't tried again.
    expect(test.asked('sandbox.exchangeState')).toBe(1);
    expect(test.machine.home?.isRunning).toBe(true);
    await test.app.close();
  });

  it('counts what was really tried when a newer version came out meanwhile', async () => {
    const { app, live, asleep, machine, asked, before } = await watching((it) => {
      it.offered = ['2026.9.6'];
    });
    before('sandbox.fetchImage', () => {
      throw new ProblemError('no-internet');
    });
    machine.offered = ['2026.9.6', '2026.9.7'];
    await asleep(25 * hour);
    expect(asked('sandbox.fetchImage')).toBe(1);
    machine.offered = ['2026.9.6', '2026.9.7', '2026.9.8'];
    machine.published.set('2026.9.8', machine.now - 10 * day);
    for (let tries = 1; tries < 2; tries = asked('sandbox.fetchImage')) await live(5 * minute);
    await live(10 * minute);
    expect(asked('sandbox.fetchImage')).toBe(2);
    await app.close();
  });

  it('does not try a version again that is known to have failed, and says so', async () => {
    const test = await watching((it) => {
      it.updates = { ...it.updates, failed: { version: '2026.9.7', why: 'unwell', at: 5 } };
    });
    await test.asleep(2 * day);
    expect(test.version()).toBe('2026.9.6');
    expect(test.news()).toEqual({ is: 'failed', version: '2026.9.7', why: 'unwell', at: 5 });
    test.machine.offered = ['2026.9.7', '2026.9.8'];
    test.machine.published.set('2026.9.8', test.machine.now - 3 * day);
    await test.asleep(day);
    expect(test.version()).toBe('2026.9.8');
    await test.app.close();
  });

  it('asks again every quarter of an hour while nobody can be asked', async () => {
    const test = await watching((it) => {
      it.offered = null;
    });
    const before = test.asked('sandbox.listVersions');
    await test.live(3 * hour);
    const asked = test.asked('sandbox.listVersions') - before;
    // The row of the version asks for itself, as often.
    expect(asked).toBeGreaterThanOrEqual(10);
    expect(asked).toBeLessThanOrEqual(26);
    await test.app.close();
  });

  it('says in the row that nobody can be asked only after days', async () => {
    const test = await watching((it) => {
      it.offered = ['2026.9.6'];
    });
    const row = () => test.app.state.get().rows.find(({ id }) => id === 'agent-version')?.finding;
    test.machine.offered = null;
    await test.asleep(2 * day);
    expect(row()).toMatchObject({ is: 'ok' });
    await test.asleep(23 * hour);
    expect(row()).toMatchObject({ is: 'ok' });
    await test.asleep(hour);
    expect(row()).toMatchObject({ is: 'unknown', why: 'newest-unknown' });
    test.machine.offered = ['2026.9.6'];
    await test.live(20 * minute);
    expect(row()).toMatchObject({ is: 'ok' });
    await test.app.close();
  });

  it('is not back the same day when the person cancelled it', async () => {
    const test = await watching((it) => void Object.assign(it, { isMetered: true }));
    test.before('sandbox.fetchImage', () => void test.app.act({ do: 'cancel' }));
    test.machine.isMetered = false;
    await test.live(hour);
    const tried = test.asked('sandbox.fetchImage');
    expect(test.news()).toMatchObject({ is: 'postponed', version: '2026.9.7' });
    expect(tried).toBeGreaterThan(0);
    await test.asleep(20 * hour);
    expect(test.asked('sandbox.fetchImage')).toBe(tried);
    test.before('sandbox.fetchImage', () => {});
    await test.asleep(day);
    expect(test.version()).toBe('2026.9.7');
    await test.app.close();
  });

  it('does nothing by itself where that is turned off, but tells', async () => {
    const { app, asleep, version, news } = await watching((it) => {
      it.choices = { ...it.choices, automaticUpdates: false };
    });
    await asleep(2 * day);
    expect(version()).toBe('2026.9.6');
    expect(news()).toMatchObject({ is: 'available', coming: { is: 'by-hand' } });
    await app.close();
  });

  it('does nothing before the person has moved in', async () => {
    const test = await watching((it) => {
      it.choices = { ...it.choices, movedIn: false, agreed: false };
    });
    await test.live(hour);
    expect(test.version()).toBe('2026.9.6');
    expect(test.machine.receipts.lastLook).toBeNull();
    await test.app.close();
  });

  it('goes on when its own questions fail', async () => {
    const test = await watching((it) => {
      it.isAgentBusy = null;
    });
    test.failNext('computer.power', new Error('no'));
    test.failNext('computer.isMetered', new Error('no'));
    test.failNext('sandbox.exec', new Error('no'));
    await test.live(2 * hour);
    expect(test.version()).toBe('2026.9.7');
    await test.app.close();
  });
});

describe('what the person chooses', () => {
  const young = (it: Machine) => void it.published.set('2026.9.7', it.now - hour);

  it('is to wait a week: at once nothing comes, and it comes when the week is over', async () => {
    const test = await watching(young);
    expect(await test.app.act({ do: 'postpone-update' })).toEqual({ ok: true });
    const until = test.machine.now + 7 * day;
    expect(test.news()).toEqual({ is: 'postponed', version: '2026.9.7', until });
    await test.asleep(7 * day - hour);
    expect(test.version()).toBe('2026.9.6');
    expect(test.app.state.get().light).toBe('good');
    await test.asleep(day + 2 * hour);
    expect(test.version()).toBe('2026.9.7');
    await test.app.close();
  });

  it('is to have it now, however young it is', async () => {
    const test = await watching(young);
    await test.app.act({ do: 'postpone-update' });
    expect(await test.do({ do: 'update-now' })).toEqual({ is: 'done' });
    expect(test.version()).toBe('2026.9.7');
    expect(test.machine.choices.postponedUntil).toBeNull();
    await test.app.close();
  });

  it('is another channel, which is asked soon', async () => {
    const test = await watching(young);
    await test.live(5 * minute);
    test.machine.offered = ['2026.9.6', '2026.10.1-beta.2'];
    await test.app.act({ do: 'save-choices', choices: { channel: 'beta' } });
    await test.live(10 * minute);
    expect(test.news()).toMatchObject({ is: 'available', version: '2026.10.1-beta.2' });
    await test.app.close();
  });

  it('is another hour, which is shown at once', async () => {
    const test = await watching(young);
    const before = test.news();
    await test.app.act({ do: 'save-choices', choices: { updateHour: 20 } });
    expect(test.news()).not.toEqual(before);
    expect(test.news()).toMatchObject({ is: 'available', coming: { is: 'at' } });
    await test.app.close();
  });
});
