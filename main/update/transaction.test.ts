/** An update as a whole, on a computer in memory. */
import { describe, expect, it } from 'vitest';
import { withdrawn } from '../openclaw/advisories.ts';
import { ProblemError } from '../problem.ts';
import { movedInMachine } from '../testing/apps.ts';
import { testJobs } from '../testing/jobs.ts';
import { elapsed, freshChoices, imageOf, type Machine, moveClock } from '../testing/machine.ts';
import type { Ending } from '../work/job.ts';
import { recover } from './recover.ts';
import { updateOnceMore, updateToNewest } from './update.ts';

type Test = ReturnType<typeof testJobs>;

/** A home on 2026.9.6 while 2026.9.7 is offered. */
async function behind(change: (machine: Machine) => void = () => {}): Promise<Machine> {
  const machine = await movedInMachine();
  machine.offered = ['2026.9.6', '2026.9.7'];
  change(machine);
  return machine;
}

async function update(machine: Machine, prepare: (test: Test) => void = () => {}) {
  const test = testJobs(machine);
  prepare(test);
  const ending = await test.run((job) => updateToNewest(test.doors, job));
  return { ...test, ending };
}

function expectOn(machine: Machine, version: string): void {
  expect(machine.home).toMatchObject({ isRunning: true, spec: { version } });
  expect(machine.receipts.sandbox).toMatchObject({ version, image: imageOf(version).reference });
  expect(machine.state).toMatchObject({ version, memories: ['my name is Ada'] });
  expect(machine.rehearsal).toBeNull();
  expect(machine.autostart).toBe(true);
}

const archivesOf = ({ notes }: Machine) => [...notes.values()].map(({ why, version }) => `${why} ${version}`);

describe('an update', () => {
  it('rehearses on a copy, moves code and state together, and keeps what was before', async () => {
    const machine = await behind();
    const { ending, steps } = await update(machine);
    expect(ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
    expect(steps()).toEqual([
      'looking',
      'finding-newest',
      'downloading',
      'rehearsing',
      'stopping-home',
      'saving-state',
      'starting-home',
      'waiting-until-ready',
      'examining',
      'archiving',
    ]);
    expect(machine.updates.open).toMatchObject({
      stage: 'watching',
      archived: expect.stringContaining('-update'),
    });
    expect(machine.copies.get('before')?.state).toMatchObject({ version: '2026.9.6' });
    expect(archivesOf(machine)).toEqual(['update 2026.9.6']);
  });

  it('makes the home once while nobody answers', async () => {
    const machine = await behind();
    const { ending, calls } = await update(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(calls.filter((name) => name === 'sandbox.create')).toHaveLength(1);
  });

  it('lets the old version serve until the new one has proved itself in the rehearsal', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) => {
      for (const name of ['fetchImage', 'copyState', 'startRehearsal', 'inRehearsal', 'endRehearsal']) {
        test.before(`sandbox.${name}`, () => {
          if (machine.updates.open?.stage === 'preparing') expect(machine.home?.isRunning).toBe(true);
        });
      }
    });
    expect(ending).toEqual({ is: 'done' });
  });

  it('can be cancelled until the home is stopped, and leaves nothing behind; not after', async () => {
    for (const name of ['fetchImage', 'copyState', 'startRehearsal', 'inRehearsal']) {
      const machine = await behind();
      const { ending } = await update(machine, (test) =>
        test.before(`sandbox.${name}`, () => test.jobs.cancel()),
      );
      expect([name, ending]).toEqual([name, { is: 'cancelled' }]);
      expectOn(machine, '2026.9.6');
      expect(machine).toMatchObject({ copies: new Map(), updates: { open: null, failed: null } });
    }
    for (const name of ['create', 'start', 'exec', 'saveCopy']) {
      const machine = await behind();
      await update(machine, (test) =>
        test.before(`sandbox.${name}`, () => {
          const isThere = machine.images.has('2026.9.7');
          if (isThere && machine.updates.open?.stage !== 'preparing') test.jobs.cancel();
        }),
      );
      expectOn(machine, '2026.9.7');
    }
  });

  it('asks for a missing key while there is still a way out', async () => {
    const machine = await behind((it) => {
      it.choices = { ...freshChoices, model: { provider: 'openai' } };
    });
    const test = testJobs(machine);
    test.state.subscribe(({ work }) => {
      if (work.is !== 'asking') return;
      expect(machine.home?.isRunning).toBe(true);
      setImmediate(() => test.jobs.answer({ is: 'model-key', key: 'k' }));
    });
    expect(await test.run((job) => updateToNewest(test.doors, job))).toEqual({ is: 'done' });
    expect(test.shown.filter(({ is }) => is === 'asking')).toHaveLength(1);
    expect(machine.home?.secrets.get('model-key')).toBe('k');
  });

  it('that follows another closely takes that one as it is', async () => {
    const machine = await behind();
    await update(machine);
    machine.offered?.push('2026.9.8');
    machine.now += 1_000;
    expect(
      (await update(machine, (test) => test.failNext('sandbox.startRehearsal', new Error('no')))).ending.is,
    ).toBe('failed');
    expect(machine).toMatchObject({ copies: new Map(), updates: { open: null, last: { to: '2026.9.7' } } });
    machine.now += 1_000;
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.8');
    expect(archivesOf(machine)).toEqual(['update 2026.9.6', 'update 2026.9.7']);
  });

  it('is no worse for what was not in order before', async () => {
    const critical = new Map([
      ['2026.9.6', ['channels.telegram.dm.open']],
      ['2026.9.7', ['channels.telegram.dm.open']],
    ]);
    const machine = await behind((it) =>
      Object.assign(it, { critical, openAddresses: new Set(['192.168.1.20']) }),
    );
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
  });

  it('goes to the newest version of the person’s channel, and not to one that was taken back', async () => {
    const machine = await behind((it) => {
      it.offered = ['2026.9.7', '2026.10.1-beta.2', ...withdrawn];
    });
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
    machine.choices = { ...machine.choices, channel: 'beta' };
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.10.1-beta.2');
  });

  it('ends the wait that the person had asked for', async () => {
    const machine = await behind((it) => {
      it.choices = { ...it.choices, postponedUntil: it.now + 1 };
    });
    await update(machine, (test) => test.before('sandbox.copyState', () => test.jobs.cancel()));
    expect(machine.choices.postponedUntil).not.toBeNull();
    await update(machine);
    expect(machine.choices.postponedUntil).toBeNull();
  });

  it('leaves an OpenClaw that the person stopped stopped', async () => {
    const machine = await behind((it) => {
      it.choices = { ...it.choices, stopped: true };
      it.autostart = false;
      if (it.home) Object.assign(it.home, { isRunning: false, startedAt: null });
    });
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expect(machine.home).toMatchObject({ isRunning: false, spec: { version: '2026.9.7' } });
    expect(machine.autostart).toBe(false);
  });
});

describe('a version that does not work', () => {
  const spoilers: [string, (machine: Machine) => void, string][] = [
    ['ends at once', (it) => void it.duds.add('2026.9.7'), 'did-not-start'],
    ['never gets ready', (it) => void it.neverReady.add('2026.9.7'), 'not-ready'],
    ['is unwell', (it) => void it.unwell.add('2026.9.7'), 'unwell'],
    ['fails its audit', (it) => void it.critical.set('2026.9.7', ['gateway.bind_no_auth']), 'audit-failed'],
    ['crashes once it is ready', (it) => void it.crashAfter.set('2026.9.7', 25_000), 'crashed'],
  ];

  it.each(spoilers.filter(([, , why]) => why !== 'crashed'))(
    'and %s in the rehearsal never touches the home, and is not tried again',
    async (_, spoil, why) => {
      const machine = await behind((it) => {
        it.alsoInRehearsal = true;
        spoil(it);
      });
      const { ending, calls } = await update(machine);
      expect(ending).toMatchObject({ problem: { code: 'update-not-fit', facts: { version: '2026.9.7' } } });
      expect(calls).not.toContain('sandbox.stop');
      expectOn(machine, '2026.9.6');
      expect(machine).toMatchObject({
        copies: new Map(),
        updates: { open: null, failed: { version: '2026.9.7', why } },
      });
      const again = await update(machine);
      expect(again.ending).toMatchObject({ problem: { code: 'version-failed-before' } });
      machine.offered?.push('2026.9.8');
      expect((await update(machine)).ending).toEqual({ is: 'done' });
      expectOn(machine, '2026.9.8');
    },
  );

  it('on a computer that is too busy to try it out is not its fault: it is tried again', async () => {
    const machine = await behind();
    machine.busyUntil = Number.POSITIVE_INFINITY;
    const { ending, calls } = await update(machine);
    expect(ending).toMatchObject({ problem: { code: 'computer-too-busy', facts: { version: '2026.9.7' } } });
    expect(calls).not.toContain('sandbox.stop');
    expect(machine.updates).toMatchObject({ open: null, failed: null });
    machine.busyUntil = 0;
    expect((await update(machine)).ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
  });

  it('on a computer that gets too busy meanwhile is put back, and tried again', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) => {
      test.before('sandbox.start', () => {
        machine.busyUntil = machine.home?.spec.version === '2026.9.7' ? Number.POSITIVE_INFINITY : 0;
      });
    });
    expect(ending).toMatchObject({ problem: { code: 'computer-too-busy' } });
    expect(machine.updates).toMatchObject({ open: null, failed: null });
    expectOn(machine, '2026.9.6');
  });

  it('and needs another Node than its image has is told as such and never started', async () => {
    const machine = await behind((it) => void it.needs.set('2026.9.7', '>=26.1.0'));
    const { ending, calls, state } = await update(machine);
    expect(ending).toMatchObject({ problem: { code: 'update-cannot-run', facts: { version: '2026.9.7' } } });
    expect(calls.filter((name) => name === 'sandbox.startRehearsal')).toHaveLength(1);
    expect(calls).not.toContain('sandbox.stop');
    expect(state.get().log.join()).toContain('needs Node >=26.1.0');
    expectOn(machine, '2026.9.6');
    expect(machine).toMatchObject({
      copies: new Map(),
      updates: { open: null, failed: { version: '2026.9.7', why: 'needs-other-node' } },
    });
    machine.offered?.push('2026.9.8');
    expect((await update(machine)).ending).toEqual({ is: 'done' });
  });

  it.each(spoilers)(
    'and %s only on the real state is put back: old code, old state',
    async (_, spoil, why) => {
      const machine = await behind();
      const { ending, steps } = await update(machine, ({ before }) =>
        before('sandbox.create', () => {
          if (machine.updates.open?.stage === 'swapping') spoil(machine);
        }),
      );
      expect(ending).toMatchObject({
        problem: { code: 'update-put-back', facts: { version: '2026.9.7', old: '2026.9.6' } },
      });
      expectOn(machine, '2026.9.6');
      expect(steps()).toContain('going-back');
      expect(machine.updates).toMatchObject({
        open: null,
        failed: { version: '2026.9.7', why },
        last: { is: 'put-back', from: '2026.9.6', to: '2026.9.7' },
      });
      // What the new version made of the state is not lost.
      expect([...machine.copies.keys()]).toEqual([]);
      expect(archivesOf(machine)).toEqual(['set-aside 2026.9.7']);
    },
  );

  it('is tried once more when the person wants that', async () => {
    const machine = await behind((it) => void it.duds.add('2026.9.7'));
    await update(machine);
    const test = testJobs(machine);
    const again = () => test.run((job) => updateOnceMore(test.doors, job));
    expect(await again()).toMatchObject({ problem: { code: 'update-put-back' } });
    expect(machine.updates.failed).toMatchObject({ version: '2026.9.7' });
    machine.duds.clear();
    expect(await again()).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
  });

  it('is not blamed for an engine that fails', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) =>
      test.failNext('sandbox.start', new ProblemError('engine-failed', { detail: 'x' })),
    );
    expect(ending).toMatchObject({ problem: { code: 'engine-failed' } });
    expectOn(machine, '2026.9.6');
    expect(machine.updates.failed).toBeNull();
  });

  it('that is slow to answer now and then is not taken for dead', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) =>
      test.before('vault.read', () => {
        const { home, startTakes } = machine;
        if (machine.updates.open?.stage !== 'trying' || !home || elapsed(machine) - home.upSince > 60_000)
          return;
        // For the next three seconds.
        home.upSince = elapsed(machine) - startTakes + 3_000;
      }),
    );
    expect(ending).toEqual({ is: 'done' });
  });

  it('that ends for want of time once it has started is not blamed', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) => {
      test.before('sandbox.exec', () => {
        if (machine.updates.open?.stage !== 'trying' || !machine.home) return;
        Object.assign(machine.home, { isRunning: false, exitCode: 1 });
        machine.printed.push('Gateway lost its state lease');
      });
    });
    expect(ending).toMatchObject({ problem: { code: 'computer-too-busy' } });
    expect(machine.updates.failed).toBeNull();
    expectOn(machine, '2026.9.6');
  });

  it('opens a safeguard, and is put back', async () => {
    const machine = await behind();
    const { ending } = await update(machine, (test) =>
      test.before('sandbox.start', () => void machine.openAddresses.add('192.168.1.20')),
    );
    expect(ending).toMatchObject({ problem: { code: 'update-put-back' } });
    expect(machine.updates.failed).toMatchObject({ why: 'safeguard-broken' });
  });
});

describe('no update', () => {
  it.each([
    ['goes back to an older version that a lagging source calls newest', ['2026.9.5']],
    ['moves to a beta', ['2026.10.1-beta.1', 'latest']],
  ])('%s', async (_, offered) => {
    const machine = await behind((it) => {
      it.offered = offered;
    });
    const { ending, calls } = await update(machine);
    expect(ending).toMatchObject({ problem: { code: 'no-version-found' } });
    expect(calls).not.toContain('sandbox.stop');
    expectOn(machine, '2026.9.6');
  });

  it('is needed where the newest version runs already', async () => {
    const machine = await behind((it) => {
      it.offered = ['2026.9.6'];
    });
    const { ending, calls } = await update(machine);
    expect(ending).toEqual({ is: 'done' });
    expect(calls).toEqual([
      'sandbox.listVersions',
      // npm is asked inside.
      'sandbox.exec',
      'sandbox.describeVersion',
      'store.saveReceipts',
    ]);
  });

  it('is begun without a way back: the old image is fetched first where it is gone', async () => {
    const machine = await behind(({ images }) => images.clear());
    await update(machine, ({ before }) => before('sandbox.start', () => void machine.duds.add('2026.9.7')));
    expectOn(machine, '2026.9.6');
  });

  it('is begun where nobody knows what runs now', async () => {
    const machine = await behind((it) => {
      it.receipts = { ...it.receipts, sandbox: null };
    });
    expect((await update(machine)).ending).toMatchObject({ problem: { code: 'old-version-gone' } });
  });
});

describe('a clock that is set in the middle of it', { timeout: 120_000 }, () => {
  it.each([
    ['a day forward', 86_400_000],
    ['a day back', -86_400_000],
    ['years forward', 1e11],
    ['years back', -1e11],
  ])('by %s costs nothing', async (_, ms) => {
    const { calls } = await update(await behind());
    for (const at of calls.keys()) {
      const machine = await behind();
      const began = elapsed(machine);
      const { ending } = await update(machine, (test) => {
        for (const name of new Set(calls))
          test.before(name, () => {
            if (test.calls.length === at + 1) moveClock(machine, ms);
          });
      });
      expect(ending, `at ${calls[at]}`).toEqual({ is: 'done' });
      expectOn(machine, '2026.9.7');
      // Nobody has waited for a clock to come back.
      expect(elapsed(machine) - began).toBeLessThan(600_000);
    }
  });
});

describe('whatever fails, at whichever call', { timeout: 120_000 }, () => {
  /** Calls of an update that goes well, and how often each name came before. */
  async function callsOfAnUpdate() {
    const { calls } = await update(await behind());
    return calls.map((name, index) => ({
      name,
      nth: calls.slice(0, index).filter((other) => other === name).length,
    }));
  }

  /** Nobody is without a home: where the update came to its end the new version, else the one before. */
  function expectHome(machine: Machine, before: string, ending: Ending, call: string): void {
    const at = `${call}, ended as ${JSON.stringify(ending)}`;
    const version = ending.is === 'done' ? '2026.9.7' : before;
    expect(machine.home, at).toMatchObject({ isRunning: true, spec: { version } });
    expect(machine.state, at).toMatchObject({ version, memories: ['my name is Ada'] });
    expect(machine.receipts.sandbox?.version, at).toBe(version);
    expect(machine.rehearsal, at).toBeNull();
    expect(machine.updates.failed, at).toBeNull();
    if (ending.is !== 'done') expect(machine.updates.open, at).toBeNull();
  }

  const letThrough = (times: number) => Array.from({ length: times }, () => null);

  it.each([
    ['the disk is full', () => new ProblemError('no-room-on-disk')],
    ['the network is lost', () => new ProblemError('no-internet')],
    ['the engine fails', () => new ProblemError('engine-failed', { detail: 'x' })],
    ['something unforeseen happens', () => new Error('no')],
  ])('when %s, OpenClaw runs afterwards, old or new, with its memories', async (_, failure) => {
    for (const { name, nth } of await callsOfAnUpdate()) {
      const machine = await behind();
      const before = machine.home?.spec.version ?? '';
      const { ending } = await update(machine, (test) => test.failNext(name, ...letThrough(nth), failure()));
      expectHome(machine, before, ending, `${name} ${nth}`);
    }
  });

  /** An update in which one call does its work, and says that it has not. */
  async function updateMisled(name: string, nth: number) {
    const machine = await behind();
    const before = machine.home?.spec.version ?? '';
    const test = await update(machine, ({ failAfter }) =>
      failAfter(name, ...letThrough(nth), new ProblemError('engine-failed', { detail: 'x' })),
    );
    return { ...test, expectHome: () => expectHome(machine, before, test.ending, `${name} ${nth}`) };
  }

  it('when what is done is reported as failed, OpenClaw runs afterwards, old or new, with its memories', async () => {
    for (const { name, nth } of await callsOfAnUpdate()) {
      if (name.startsWith('store.')) continue;
      const test = await updateMisled(name, nth);
      test.expectHome();
    }
  });

  it('when what is written down is reported as lost, it does so too, and the next work finds nothing half done', async () => {
    for (const { name, nth } of await callsOfAnUpdate()) {
      if (!name.startsWith('store.')) continue;
      const test = await updateMisled(name, nth);
      expect(test.machine.home).toMatchObject({ isRunning: true });
      await test.run((job) => recover(test.doors, job));
      test.expectHome();
    }
  });
});
