import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channel } from '../contract.ts';
import { movedInMachine } from '../testing/apps.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, type Machine } from '../testing/machine.ts';
import { createReleases } from './releases.ts';
import { isOlder } from './versions.ts';

const hours = 3_600_000;
const open = () => new AbortController().signal;

function asking(machine: Machine = createMachine()) {
  const test = openDoors(machine);
  const releases = createReleases(test.doors);
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

describe('npm’s word', () => {
  const all = ['2026.7.35', '2026.8.2', '2026.9.5', '2026.9.6', '2026.10.1-beta.1'];
  const out = (...versions: string[]) => Object.fromEntries(versions.map((version) => [version, null]));

  /** A home that runs 2026.8.2, while npm says something. */
  async function living(npm: Machine['npm'], offered: string[] = all) {
    const test = asking(await movedInMachine({ offered: ['2026.8.2'] }));
    Object.assign(test.machine, { npm, offered });
    const execs = () => test.calls.filter((name) => name === 'sandbox.exec').length;
    return { ...test, execs };
  }

  it.each<[string, Machine['npm'], string[], string, string | null]>([
    ['the same', { tags: { latest: '2026.9.6' }, versions: out(...all) }, all, '2026.9.6', null],
    ['nothing', null, all, '2026.9.6', null],
    [
      'less: the images are ahead of it',
      { tags: { latest: '2026.9.5' }, versions: out('2026.8.2', '2026.9.5') },
      all,
      '2026.9.5',
      '2026.9.6',
    ],
    [
      'more: the images lag behind',
      { tags: { latest: '2026.9.6' }, versions: out(...all) },
      ['2026.8.2', '2026.9.5'],
      '2026.9.5',
      null,
    ],
    [
      'that latest went back',
      { tags: { latest: '2026.9.5' }, versions: out(...all) },
      all,
      '2026.9.5',
      '2026.9.6',
    ],
    [
      'that the newest is deprecated',
      { tags: { latest: '2026.9.6' }, versions: { ...out(...all), '2026.9.6': 'broken' } },
      all,
      '2026.9.5',
      '2026.9.6',
    ],
    [
      'that the newest is gone',
      { tags: { latest: '2026.9.5' }, versions: out('2026.8.2', '2026.9.5') },
      all,
      '2026.9.5',
      '2026.9.6',
    ],
    [
      'the placeholder',
      { tags: { latest: '0.0.1' }, versions: { ...out(...all), '0.0.1': null } },
      [...all, '0.0.1'],
      '2026.9.6',
      null,
    ],
  ])('is %s', async (_, npm, offered, newest, heldBack) => {
    const { releases, execs } = await living(npm, offered);
    expect(await releases.askNow('stable', open())).toBe(newest);
    expect(await releases.newest('stable', open())).toBe(newest);
    expect(await releases.heldBack('stable', open())).toBe(heldBack);
    expect(execs()).toBe(1);
  });

  it('goes by channel', async () => {
    const tags = { latest: '2026.9.5', 'extended-stable': '2026.7.34', beta: '2026.9.5-beta.1' };
    const { releases } = await living({ tags, versions: out(...all) });
    expect(await releases.askNow('stable', open())).toBe('2026.9.5');
    expect(await releases.newest('beta', open())).toBe('2026.9.5');
    expect(await releases.newest('extended-stable', open())).toBeNull();
  });

  it('is not asked for in a quick look, and once a minute at most', async () => {
    const { releases, machine, execs } = await living({
      tags: { latest: '2026.9.5' },
      versions: out(...all),
    });
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    expect(execs()).toBe(0);
    expect(await releases.askNow('stable', open())).toBe('2026.9.5');
    expect(await releases.askNow('stable', open())).toBe('2026.9.5');
    expect(execs()).toBe(1);
    machine.now += 60_000;
    await releases.askNow('stable', open());
    expect(execs()).toBe(2);
  });

  it('stands for three days, also when ClawCove is started again', async () => {
    const npm = { tags: { latest: '2026.9.5' }, versions: out(...all) };
    const { releases, machine } = await living(npm);
    await releases.askNow('stable', open());
    machine.npm = null;
    const again = asking(machine).releases;
    machine.now += 72 * hours - 1;
    expect(await again.askNow('stable', open())).toBe('2026.9.5');
    machine.now += 1;
    expect(await again.newest('stable', open())).toBe('2026.9.6');
    expect(await again.heldBack('stable', open())).toBeNull();
  });

  it('from whoever lies never keeps a home at a version with known holes, and isn’t even asked for there', async () => {
    const lie = { tags: { latest: '2026.8.2' }, versions: {} };
    const { releases, machine, execs } = await living(lie);
    await releases.askNow('stable', open());
    machine.npm = { tags: lie.tags, versions: out('2026.8.2') };
    machine.now += 60_000;
    expect(await releases.askNow('stable', open())).toBe('2026.8.2');
    const asked = execs();
    const { sandbox } = machine.receipts;
    machine.receipts = { ...machine.receipts, sandbox: sandbox && { ...sandbox, version: '2026.3.1' } };
    expect(await releases.newest('stable', open())).toBe('2026.9.6');
    expect(await releases.heldBack('stable', open())).toBeNull();
    machine.now += 60_000;
    expect(await releases.askNow('stable', open())).toBe('2026.9.6');
    expect(execs()).toBe(asked);
  });

  it('is missing where the home rests, nothing can be written down or time is up, and that stops nobody', async () => {
    const npm = { tags: { latest: '2026.9.5' }, versions: out(...all) };
    const { releases, machine, failNext, logged } = await living(npm);
    failNext('sandbox.exec', new Error('timed out'));
    failNext('store.saveReceipts', new Error('disk full'));
    for (const words of ['timed out', 'disk full', 'home-not-running']) {
      if (machine.home && words === 'home-not-running') machine.home.isRunning = false;
      expect(await releases.askNow('stable', open())).toBe('2026.9.6');
      expect(logged.at(-1)?.message).toContain(words);
      machine.now += 60_000;
    }
    expect(machine.receipts.npmWord).toBeNull();
  });

  it('ends with whoever asked for it', async () => {
    const { releases, before } = await living({ tags: { latest: '2026.9.5' }, versions: out(...all) });
    const abort = new AbortController();
    before('sandbox.exec', () => {
      abort.abort(new Error('interrupted'));
      throw new Error('interrupted');
    });
    await expect(releases.askNow('stable', abort.signal)).rejects.toThrow('interrupted');
  });

  it('never adds a version, nor one that is newer than without it', async () => {
    const version = fc.constantFrom(...all, '2026.9.7', '2026.9.4', '2026.3.1', '0.0.1', 'latest');
    const npm = fc.record({
      tags: fc.dictionary(fc.constantFrom('latest', 'beta', 'extended-stable'), version),
      versions: fc.dictionary(version, fc.constantFrom(null, '', 'broken')),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Channel.options), npm, async (channel, says) => {
        const without = await (await living(null)).releases.askNow(channel, open());
        const newest = await (await living(says)).releases.askNow(channel, open());
        if (newest === null) return;
        expect(all).toContain(newest);
        expect(isOlder(without ?? '', newest)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});
