import { describe, expect, it } from 'vitest';
import { openDoors } from '../testing/doors.ts';
import { createReleases } from './releases.ts';

const hours = 3_600_000;
const open = () => new AbortController().signal;

function asking() {
  const test = openDoors();
  const releases = createReleases(test.doors.sandbox, test.doors.clock, test.doors.log);
  const asked = () => test.calls.filter((name) => name === 'sandbox.listVersions').length;
  return { ...test, releases, asked };
}

describe('the newest version', () => {
  it('is the newest stable one that is offered, and is remembered for six hours', async () => {
    const { releases, machine, asked } = asking();
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    machine.offered = ['2026.9.7'];
    machine.now += 6 * hours - 1;
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    expect(asked()).toBe(1);
    machine.now += 1;
    expect(await releases.newest('stable', open())).toBe('2026.9.7');
  });

  it('is null when nobody could be asked, who is then left in peace for a quarter of an hour', async () => {
    const { releases, machine, asked, logged } = asking();
    machine.offered = null;
    expect(await releases.newest('stable', open())).toBeNull();
    expect(logged).toHaveLength(1);
    machine.now += 15 * 60_000 - 1;
    expect(await releases.newest('stable', open())).toBeNull();
    expect(asked()).toBe(1);
    machine.offered = ['2026.9.6'];
    machine.now += 1;
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
  });

  it('is null when nothing usable is offered, and is not asked for all the time', async () => {
    const { releases, machine, asked } = asking();
    machine.offered = ['latest', '0.0.1'];
    expect(await releases.newest('stable', open())).toBeNull();
    expect(await releases.newest('stable', open())).toBeNull();
    expect(asked()).toBe(1);
  });

  it('is still the remembered one after a failure, but not for ever: old news is no news', async () => {
    const { releases, machine } = asking();
    await releases.newest('stable', open());
    machine.offered = null;
    machine.now += 48 * hours;
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    machine.now += 24 * hours;
    expect(await releases.newest('stable', open())).toBeNull();
  });

  it('is asked for anew when the clock is set back by years', async () => {
    const { releases, machine, asked } = asking();
    await releases.newest('stable', open());
    machine.now -= 365 * 24 * hours;
    await releases.newest('stable', open());
    expect(asked()).toBe(2);
  });

  it('an interruption is no failure to remember', async () => {
    const { releases, failNext } = asking();
    const abort = new AbortController();
    abort.abort(new Error('interrupted'));
    failNext('sandbox.listVersions', new Error('interrupted'));
    await expect(releases.newest('stable', abort.signal)).rejects.toThrow('interrupted');
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
  });

  it('of another channel needs no further question', async () => {
    const { releases, asked } = asking();
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    expect(await releases.newest('extended-stable', open())).toBe('2026.7.35');
    expect(await releases.newest('beta', open())).toBe('2026.10.1-beta.1');
    expect(asked()).toBe(1);
  });

  it('can be asked for at once, and then who can’t be asked is no secret', async () => {
    const { releases, machine, asked } = asking();
    await releases.newest('stable', open());
    machine.offered = ['2026.9.7'];
    machine.now += 60_000 - 1;
    expect(await releases.askNow('stable', open())).toBe('2026.9.6');
    machine.now += 1;
    expect(await releases.askNow('stable', open())).toBe('2026.9.7');
    expect(await releases.newest('stable', open())).toBe('2026.9.7');
    expect(asked()).toBe(2);
    machine.offered = null;
    machine.now += 60_000;
    await expect(releases.askNow('stable', open())).rejects.toThrow('out of reach');
    expect(await releases.newest('stable', open())).toBe('2026.9.7');
  });
});

describe('what is not chosen', () => {
  it('is a version for other kinds of computer; what nobody says speaks against none', async () => {
    const { releases, machine, calls, failNext, logged } = asking();
    machine.forOthers.add('2026.9.6');
    expect(await releases.newest('stable', open())).toBe('2026.9.5');
    expect(await releases.askNow('stable', open())).toBe('2026.9.5');
    expect(calls.filter((name) => name === 'sandbox.describeVersion')).toHaveLength(3);
    expect(logged.map(({ message }) => message).join()).toContain('2026.9.6');
    machine.offered = ['2026.9.7', '2026.9.6'];
    machine.now += 6 * hours;
    failNext('sandbox.describeVersion', new Error('no'));
    expect(await releases.newest('stable', open())).toBe('2026.9.7');
    machine.offered = ['2026.9.6'];
    machine.now += 6 * hours;
    expect(await releases.newest('stable', open())).toBeNull();
  });

  it('is one that calls itself another: it would be refused once it is here', async () => {
    const { releases, machine } = asking();
    machine.selfNames.set('2026.9.6', '0.0.1');
    expect(await releases.newest('stable', open())).toBe('2026.9.5');
  });

  it('is one beyond what its makers call latest, as long as that is safe itself', async () => {
    const { releases, machine } = asking();
    machine.selfNames.set('latest', '2026.9.5');
    expect(await releases.newest('stable', open())).toBe('2026.9.5');
    expect(await releases.newest('beta', open())).toBe('2026.10.1-beta.1');
    machine.selfNames.set('latest', '2026.3.1');
    machine.now += 6 * hours;
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    machine.selfNames.set('latest', 'something');
    machine.now += 6 * hours;
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
  });

  it('is remembered of a version, and asked anew of what moves', async () => {
    const { releases, machine, calls } = asking();
    machine.published.set('2026.9.6', 5);
    machine.selfNames.set('latest', '2026.9.6');
    await releases.newest('stable', open());
    expect(await releases.publishedAt('2026.9.6', open())).toBe(5);
    machine.now += 6 * hours;
    machine.selfNames.set('latest', '2026.9.5');
    expect(await releases.newest('stable', open())).toBe('2026.9.5');
    // latest, 2026.9.6; latest, 2026.9.5
    expect(calls.filter((name) => name === 'sandbox.describeVersion')).toHaveLength(4);
  });
});

describe('when a version was published', () => {
  it('is asked once and then remembered; that nobody knows, for six hours', async () => {
    const { releases, machine, calls, failNext } = asking();
    failNext('sandbox.describeVersion', new Error('no'));
    expect(await releases.publishedAt('2026.9.6', open())).toBeNull();
    machine.published.set('2026.9.6', 5);
    expect(await releases.publishedAt('2026.9.6', open())).toBeNull();
    machine.now += 6 * hours;
    expect(await releases.publishedAt('2026.9.6', open())).toBe(5);
    machine.now += 60 * hours;
    expect(await releases.publishedAt('2026.9.6', open())).toBe(5);
    expect(calls.filter((name) => name === 'sandbox.describeVersion')).toHaveLength(2);
  });
});
