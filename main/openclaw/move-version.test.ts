import { describe, expect, it } from 'vitest';
import { movedInMachine } from '../testing/apps.ts';
import { testJobs } from '../testing/jobs.ts';
import { freshChoices, imageOf, type Machine } from '../testing/machine.ts';
import { moveToNewest } from './move-version.ts';

const saved = '/home/ada/.local/share/clawcove/backups/before-2026.9.7.tar';

/** A home on 2026.9.6 while 2026.9.7 is offered. */
async function behind(change: (machine: Machine) => void = () => {}): Promise<Machine> {
  const machine = await movedInMachine();
  machine.offered = ['2026.9.6', '2026.9.7'];
  change(machine);
  return machine;
}

async function move(machine: Machine, prepare: (test: ReturnType<typeof testJobs>) => void = () => {}) {
  const test = testJobs(machine);
  prepare(test);
  const ending = await test.run((job) => moveToNewest(test.doors, job));
  return { ...test, ending };
}

function expectOn(machine: Machine, version: string): void {
  expect(machine.home).toMatchObject({ isRunning: true, spec: { version } });
  expect(machine.receipts.sandbox).toMatchObject({ version, image: imageOf(version).reference });
  expect(machine.state).toMatchObject({ version, memories: ['my name is Ada'] });
}

describe('an update', () => {
  it('moves code and state together, after the state was saved', async () => {
    const machine = await behind();
    const { ending, steps } = await move(machine);
    expect(ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
    expect(machine.archives.get(saved)).toMatchObject({ version: '2026.9.6', memories: ['my name is Ada'] });
    expect(steps().slice(0, 5)).toEqual([
      'looking',
      'finding-newest',
      'downloading',
      'stopping-home',
      'saving-state',
    ]);
  });

  it('downloads while the old version still serves, and can be cancelled until then, not after', async () => {
    const machine = await behind();
    const { ending, shown } = await move(machine, (test) => {
      test.before('sandbox.fetchImage', () => {
        expect(machine.home?.isRunning).toBe(true);
        expect(test.state.get().work).toMatchObject({ canCancel: true });
      });
      for (const name of ['sandbox.stop', 'sandbox.saveState', 'sandbox.create', 'sandbox.start'])
        test.before(name, () => test.jobs.cancel());
    });
    expect(ending).toEqual({ is: 'done' });
    expectOn(machine, '2026.9.7');
    const canCancel = shown.flatMap((work) => (work.is === 'running' ? [work.canCancel] : []));
    expect(canCancel).toEqual([...canCancel].sort().reverse());
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
    expect(await test.run((job) => moveToNewest(test.doors, job))).toEqual({ is: 'done' });
    expect(test.shown.filter(({ is }) => is === 'asking')).toHaveLength(1);
    expect(machine.home?.secrets.get('model-key')).toBe('k');
  });
});

describe('an update that does not live', () => {
  it.each<[string, (test: ReturnType<typeof testJobs>) => void]>([
    ['ends at once', ({ machine }) => void machine.duds.add('2026.9.7')],
    ['can’t be built', (test) => test.failNext('sandbox.create', new Error('no'))],
    ['can’t be started', (test) => test.failNext('sandbox.start', new Error('no'))],
    ['can’t be configured', (test) => test.failNext('sandbox.once', new Error('no'))],
  ])('because it %s goes back: old code, old state, old receipt', async (_, spoil) => {
    const machine = await behind();
    const { ending, steps, logged } = await move(machine, spoil);
    expect(ending).toEqual({
      is: 'failed',
      problem: {
        code: 'update-put-back',
        facts: { version: '2026.9.7', old: '2026.9.6' },
        next: ['open-log'],
      },
    });
    expectOn(machine, '2026.9.6');
    expect(steps()).toContain('going-back');
    expect(logged.some(({ message }) => message.includes('going back'))).toBe(true);
  });

  it('goes back even when the new version has migrated the state already', async () => {
    const machine = await behind();
    const versions: (string | undefined)[] = [];
    const { ending } = await move(machine, ({ before, failNext }) => {
      before('sandbox.restoreState', () => void versions.push(machine.state?.version));
      failNext('net.get', new Error('no'));
    });
    expect(versions).toEqual(['2026.9.7']);
    expect(ending).toMatchObject({ problem: { code: 'update-put-back' } });
    expectOn(machine, '2026.9.6');
  });

  it('leaves the old version running when the state can’t be saved', async () => {
    const machine = await behind();
    const { ending } = await move(machine, (test) =>
      test.failNext('sandbox.saveState', new Error('no room')),
    );
    expect(ending).toMatchObject({ is: 'failed', problem: { facts: { detail: 'no room' } } });
    expectOn(machine, '2026.9.6');
    expect(machine.archives.size).toBe(0);
  });

  it('touches nothing when the download fails', async () => {
    const machine = await behind();
    const { ending, calls } = await move(machine, (test) =>
      test.failNext('sandbox.fetchImage', new Error('offline')),
    );
    expect(ending.is).toBe('failed');
    expectOn(machine, '2026.9.6');
    expect(calls).not.toContain('sandbox.stop');
  });
});

describe('no update', () => {
  it.each([
    ['goes back to an older version that a lagging source calls newest', ['2026.9.5']],
    ['moves to the version that runs already', ['2026.9.6']],
    ['moves to a beta', ['2026.10.1-beta.1', 'latest']],
  ])('%s', async (_, offered) => {
    const machine = await behind((it) => {
      it.offered = offered;
    });
    const { ending, calls } = await move(machine);
    expect(ending).toMatchObject({ problem: { code: 'no-version-found' } });
    expect(calls).not.toContain('sandbox.stop');
    expectOn(machine, '2026.9.6');
  });

  it('is begun without a way back: the old image is fetched first where it is gone', async () => {
    const machine = await behind(({ images }) => images.clear());
    machine.duds.add('2026.9.7');
    expect((await move(machine)).ending).toMatchObject({ problem: { code: 'update-put-back' } });
    expectOn(machine, '2026.9.6');
  });

  it('is begun where nobody knows what runs now', async () => {
    const machine = await behind((it) => {
      it.receipts = { ...it.receipts, sandbox: null };
    });
    expect((await move(machine)).ending).toMatchObject({ problem: { code: 'old-version-gone' } });
  });
});
