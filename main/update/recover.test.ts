/** What is left of a ClawCove that was killed, or whose disk ran full, in the middle of a move. */
import { describe, expect, it } from 'vitest';
import type { Intent } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { movedInMachine, startApp, type TestApp } from '../testing/apps.ts';
import { settle } from '../testing/doors.ts';
import { elapsed, imageOf, type Machine } from '../testing/machine.ts';
import { inspectionOf } from '../testing/sandbox.ts';
import { type Move, noUpdates } from './journal.ts';
import { decide, type Facts } from './recover.ts';

const made = (version: string) => ({ image: imageOf(version).reference, version });
const move: Move = {
  from: made('2026.9.6'),
  to: made('2026.9.7'),
  load: null,
  before: { critical: [], broken: [] },
};

/** Long waits are woken by hand, so that the standing watch doesn't run away. */
const byHand = { sleepsThrough: (ms: number) => ms <= 2_000 || ms === 20_000 };

async function behind(): Promise<Machine> {
  const machine = await movedInMachine();
  machine.offered?.push('2026.9.7');
  return machine;
}

/** The next start of the app, until everything it begins by itself is done. */
async function nextStart(machine: Machine): Promise<TestApp> {
  const test = startApp(machine, byHand);
  await test.app.start();
  for (let turn = 0; turn < 5; turn++) {
    await test.app.settled();
    await settle();
  }
  await test.app.close();
  return test;
}

/** Old or new, running, with everything in it, and nothing half done. */
function expectWell(machine: Machine, at: string): void {
  const version = machine.receipts.sandbox?.version ?? '';
  expect(['2026.9.6', '2026.9.7'], at).toContain(version);
  expect(machine.home, at).toMatchObject({ isRunning: true, spec: { version } });
  expect(machine.state, at).toMatchObject({ version, memories: ['my name is Ada'] });
  expect(machine.rehearsal, at).toBeNull();
  expect(machine.autostart, at).toBe(true);
  const stage = machine.updates.open?.stage ?? 'none';
  expect(['none', 'watching'], at).toContain(stage);
  const copies = [...machine.copies.keys()].filter((copy) => copy !== 'before' || stage === 'none');
  // What was set aside waits for the next backup, if it could not be archived at once.
  expect(
    copies.filter((copy) => copy !== 'aside'),
    at,
  ).toEqual([]);
  expect(machine.updates.failed, at).toBeNull();
}

const updateNow: Intent = { do: 'update-now' };

/** The calls of that work when it goes well, up to its end. */
async function callsOf(first: Machine, intent: Intent): Promise<string[]> {
  const whole = startApp(structuredClone(first));
  let calls: string[] = [];
  whole.app.state.subscribe(({ work }) => {
    if (work.is !== 'idle') calls = [...whole.calls];
  });
  expect(await whole.do(intent)).toEqual({ is: 'done' });
  return calls;
}

describe('after a kill at any call', { timeout: 120_000 }, () => {
  it('of an update, the next start has old or new running, with all data', async () => {
    const first = await behind();
    const calls = await callsOf(first, updateNow);
    expect(calls.length).toBeGreaterThan(60);
    for (const [index, name] of calls.entries()) {
      const test = startApp(structuredClone(first));
      test.killAt(index);
      await test.do(updateNow).catch(() => null);
      await nextStart(test.machine);
      expectWell(test.machine, `killed after call ${index}, ${name}`);
    }
  });

  it('of an update that is put back, and of the recovery itself', async () => {
    const first = await behind();
    const spoil = ({ before, machine }: TestApp) =>
      before('sandbox.start', () => void machine.unwell.add('2026.9.7'));
    const whole = startApp(structuredClone(first));
    spoil(whole);
    expect(await whole.do(updateNow)).toMatchObject({ problem: { code: 'update-put-back' } });
    for (const index of whole.calls.keys()) {
      const test = startApp(structuredClone(first));
      spoil(test);
      test.killAt(index);
      await test.do(updateNow).catch(() => null);
      // Killed once more while it recovers, somewhere else each time.
      const again = startApp(test.machine, byHand);
      again.killAt(index % 23);
      await again.app.start().catch(() => null);
      await again.app.settled().catch(() => null);
      await settle();
      await nextStart(test.machine);
      test.machine.updates = { ...test.machine.updates, failed: null };
      expectWell(test.machine, `killed after call ${index}, ${whole.calls[index]}`);
      if (test.machine.unwell.size > 0) expect(test.machine.receipts.sandbox?.version).toBe('2026.9.6');
    }
  });

  const endings: readonly [string, Partial<NonNullable<Machine['home']>>, string][] = [
    ['it is kept', {}, '2026.9.7'],
    ['it is put back', { isRunning: false, startedAt: null, exitCode: 1 }, '2026.9.6'],
  ];
  it.each(endings)('while a new version is watched and %s', async (_, home, version) => {
    const first = await behind();
    await startApp(first).do(updateNow);
    first.now += 400_000;
    Object.assign(first.home ?? {}, home);
    const calls = await callsOf(first, { do: 'start' });
    for (const [index, name] of calls.entries()) {
      const test = startApp(structuredClone(first));
      test.killAt(index);
      await test.do({ do: 'start' }).catch(() => null);
      await nextStart(test.machine);
      test.machine.updates = { ...test.machine.updates, failed: null };
      expectWell(test.machine, `killed after call ${index}, ${name}`);
      expect(test.machine.home?.spec.version).toBe(version);
    }
  });

  it.each(endings)('and once %s, only what may be needed takes room', async (...[, home, version]) => {
    const machine = await behind();
    machine.images.set('2026.8.2', imageOf('2026.8.2'));
    await startApp(machine).do(updateNow);
    expect([...machine.images.keys()].toSorted()).toEqual(['2026.8.2', '2026.9.6', '2026.9.7']);
    machine.now += 400_000;
    Object.assign(machine.home ?? {}, home);
    await startApp(machine).do({ do: 'start' });
    // The way back to the one before is the likeliest; nobody goes to one that failed.
    expect([...machine.images.keys()].toSorted()).toEqual(
      version === '2026.9.7' ? ['2026.9.6', '2026.9.7'] : ['2026.9.6'],
    );
  });

  it('of a return to a backup', async () => {
    const first = await behind();
    const test = startApp(first);
    await test.do({ do: 'back-up' });
    const [backup] = test.app.state.get().backups;
    first.state?.memories.push('and this came later');
    const intent: Intent = { do: 'restore', id: backup?.id ?? '' };
    const calls = await callsOf(first, intent);
    for (const [index, name] of calls.entries()) {
      const killed = startApp(structuredClone(first));
      killed.killAt(index);
      await killed.do(intent).catch(() => null);
      const { machine } = killed;
      await nextStart(machine);
      const at = `killed after call ${index}, ${name}`;
      const isBack = machine.state?.memories.length === 1;
      if (machine.state) machine.state.memories = ['my name is Ada'];
      expectWell(machine, at);
      // What was there is there still, as the state or beside it.
      const elsewhere = JSON.stringify([[...machine.copies.values()], [...machine.archives.values()]]);
      if (isBack) expect(elsewhere, at).toContain('and this came later');
    }
  });
});

describe('a disk that runs full at any call and stays so', { timeout: 120_000 }, () => {
  it('costs nothing: once there is room again, old or new runs with all data', async () => {
    const first = await behind();
    const calls = await callsOf(first, updateNow);
    const names = [...new Set(calls)].map((name) => ({
      name,
      times: calls.filter((other) => other === name).length,
    }));
    for (const { name, times } of names) {
      for (let nth = 0; nth < times; nth++) {
        const test = startApp(structuredClone(first));
        let count = 0;
        test.before(name, () => {
          if (count++ === nth) test.machine.isDiskFull = true;
        });
        await test.do(updateNow);
        test.machine.isDiskFull = false;
        await nextStart(test.machine);
        expectWell(test.machine, `full at ${name} ${nth}`);
      }
    }
  });
});

/** Time passes while ClawCove lives on. */
async function wait({ advance, app }: TestApp, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await advance(10_000);
    await app.settled();
  }
}

describe('an engine that fails once, at any call, while ClawCove lives on', { timeout: 240_000 }, () => {
  /** An update on a computer on which ClawCove runs, before and after it. */
  async function livingOn(first: Machine, prepare: (test: TestApp) => void = () => {}) {
    const test = startApp(structuredClone(first), byHand);
    await test.app.start();
    await settle();
    prepare(test);
    const from = test.calls.length;
    await test.do(updateNow);
    return { ...test, made: test.calls.slice(from) };
  }

  type World = readonly [string, version: string, spoil: (test: TestApp) => void];
  const worlds: readonly World[] = [
    ['a version that lives', '2026.9.7', () => {}],
    [
      'one that does not, and is put back',
      '2026.9.6',
      ({ before, machine }) => before('sandbox.start', () => void machine.unwell.add('2026.9.7')),
    ],
  ];

  /** Lets the engine fail at every call of an update, one at a time, and looks some minutes later. */
  async function failAtEveryCall(
    [, version, spoil]: World,
    fail: (test: TestApp, name: string, nth: number) => void,
  ): Promise<void> {
    const first = await behind();
    const whole = await livingOn(first, spoil);
    await whole.app.close();
    expect(whole.made).toContain('sandbox.start');
    expect(whole.machine.home?.spec.version).toBe(version);
    for (const [index, name] of whole.made.entries()) {
      if (!name.startsWith('sandbox.')) continue;
      const nth = whole.made.slice(0, index).filter((other) => other === name).length;
      const test = await livingOn(first, (it) => {
        spoil(it);
        fail(it, name, nth);
      });
      await wait(test, 180_000);
      const at = `the engine failed at ${name} ${nth}`;
      // Nobody else is blamed for it.
      const { failed } = test.machine.updates;
      expect([null, version === '2026.9.6' ? '2026.9.7' : null], at).toContain(failed?.version ?? null);
      test.machine.updates = { ...test.machine.updates, failed: null };
      expectWell(test.machine, at);
      await test.app.close();
    }
  }

  it.each(worlds)('has old or new running some minutes later, with %s', async (...world) => {
    await failAtEveryCall(world, ({ failNext }, name, nth) => {
      const letThrough = Array.from({ length: nth }, () => null);
      failNext(name, ...letThrough, new ProblemError('engine-failed', { detail: 'start: SIGKILL' }));
    });
  });

  it.each(worlds)('does so where all that holds the engine goes with it, with %s', async (...world) => {
    await failAtEveryCall(world, ({ failNext, machine }, name, nth) => {
      const fall = () => {
        machine.engine = { is: 'stuck', detail: 'could not find any running process' };
        if (machine.home) machine.home.isRunning = false;
        return new ProblemError('engine-failed', { detail: 'podman system migrate' });
      };
      failNext(name, ...Array.from({ length: nth }, () => null), fall);
    });
  });
});

describe('the watch over a new version', () => {
  const updated = async (prepare: (machine: Machine) => void = () => {}) => {
    const machine = await behind();
    prepare(machine);
    const test = startApp(machine, byHand);
    await test.app.start();
    await settle();
    await test.do(updateNow);
    expect(machine.updates.open).toMatchObject({ stage: 'watching' });
    return test;
  };
  it('keeps it after some minutes', async () => {
    const test = await updated();
    const { machine, app } = test;
    const watched = app.state.get().versionNews;
    expect(watched).toMatchObject({ is: 'watched', version: '2026.9.7' });
    expect(watched.is === 'watched' && watched.until).toBeGreaterThan(machine.now);
    await wait(test, 400_000);
    expect(machine.updates).toMatchObject({ open: null, last: { is: 'kept', to: '2026.9.7' } });
    expect(machine.copies.size).toBe(0);
    expect(app.state.get().backups).toMatchObject([{ why: 'update', verifiedAt: expect.any(Number) }]);
    expect(app.state.get()).toMatchObject({ light: 'good', versionNews: { is: 'updated' } });
    await app.close();
  });

  it('gives up no way back that is not safe as a backup, and tries again', async () => {
    const test = await updated();
    const { machine, app, failNext } = test;
    const { open } = machine.updates;
    if (open?.stage !== 'watching') throw new Error('not watched');
    machine.updates = { ...machine.updates, open: { ...open, archived: null } };
    machine.archives.clear();
    machine.notes.clear();
    failNext('sandbox.saveCopy', new ProblemError('no-room-on-disk'), new ProblemError('no-room-on-disk'));
    await wait(test, 400_000);
    expect(app.state.get().work).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expect(machine.updates.open).toMatchObject({ stage: 'watching', archived: null });
    expect(machine.copies.get('before')?.state.memories).toEqual(['my name is Ada']);
    // Nor for another move.
    machine.offered?.push('2026.9.8');
    failNext('sandbox.saveCopy', new ProblemError('no-room-on-disk'), new ProblemError('no-room-on-disk'));
    expect(await test.do(updateNow)).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expect(machine.home).toMatchObject({ isRunning: true, spec: { version: '2026.9.7' } });
    expect(machine.copies.get('before')?.state.memories).toEqual(['my name is Ada']);
    machine.offered?.pop();
    await wait(test, 4_000_000);
    expect(machine.updates).toMatchObject({ open: null, last: { is: 'kept' } });
    expect([...machine.archives.values()].map(({ version }) => version)).toContain('2026.9.6');
    await app.close();
  });

  it('lets a computer that has just woken up get OpenClaw ready', async () => {
    const test = await updated();
    const { machine, app } = test;
    machine.now += 3_600_000;
    // The gateway was started with the computer just now.
    if (machine.home) machine.home.upSince = elapsed(machine);
    await wait(test, 400_000);
    expect(machine.updates).toMatchObject({ open: null, failed: null, last: { is: 'kept', to: '2026.9.7' } });
    await app.close();
  });

  it('keeps nobody from repairing the engine', async () => {
    const machine = await behind();
    await startApp(machine).do(updateNow);
    const ready = machine.engine;
    for (const intent of [{ do: 'fix', id: 'engine-ready' }, { do: 'fix-all' }] as const) {
      Object.assign(machine, { engine: { is: 'absent' }, afterTask: { 'install-engine': ready } });
      const test = startApp(machine, byHand);
      const doing = test.do(intent);
      await settle();
      await test.app.act({ do: 'answer', answer: { is: 'yes' } });
      expect(await doing).toEqual({ is: 'done' });
      expect(machine.engine).toEqual(ready);
      await test.app.close();
    }
  });

  it('puts it back when it crashes after a minute, and says so', async () => {
    const test = await updated((machine) => void machine.crashAfter.set('2026.9.7', 75_000));
    const { machine, app } = test;
    await wait(test, 200_000);
    expect(machine.home).toMatchObject({ isRunning: true, spec: { version: '2026.9.6' } });
    expect(machine.state).toMatchObject({ version: '2026.9.6', memories: ['my name is Ada'] });
    expect(machine.updates).toMatchObject({ open: null, failed: { version: '2026.9.7', why: 'crashed' } });
    expect(app.state.get()).toMatchObject({
      work: { is: 'failed', problem: { code: 'update-put-back' } },
      versionNews: { is: 'failed', version: '2026.9.7', why: 'crashed' },
    });
    await app.close();
  });

  it('leaves a home alone that the person stops meanwhile', async () => {
    const test = await updated();
    await test.do({ do: 'stop' });
    await wait(test, 400_000);
    expect(test.machine.home).toMatchObject({ isRunning: false, spec: { version: '2026.9.7' } });
    expect(test.machine.updates.open).toMatchObject({ stage: 'watching' });
    await test.app.close();
  });
});

describe('a recovery that fails', () => {
  it('is tried again after a while, less and less often, until it succeeds', async () => {
    const machine = await behind();
    await startApp(machine).do(updateNow);
    const { open } = machine.updates;
    if (open?.stage !== 'watching') throw new Error('not watched');
    machine.updates = { ...machine.updates, open: { stage: 'going-back', move: open.move, why: 'crashed' } };
    const test = startApp(machine, byHand);
    const tries: number[] = [];
    test.before('sandbox.tidy', () => {
      if (machine.updates.open !== null) tries.push(machine.now);
    });
    test.failNext('sandbox.exchangeState', ...Array.from({ length: 4 }, () => new Error('busy')));
    await test.app.start();
    for (let seconds = 0; seconds < 1_500; seconds += 10) {
      await test.advance(10_000);
      await test.app.settled();
    }
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(tries).toHaveLength(5);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(machine.updates.open).toBeNull();
    expect(machine.home).toMatchObject({ isRunning: true, spec: { version: '2026.9.6' } });
    await test.app.close();
  });

  it('is tried again at once by who doesn’t want to wait, and does nothing else', async () => {
    const machine = await behind();
    await startApp(machine).do(updateNow);
    const { open } = machine.updates;
    if (open?.stage !== 'watching') throw new Error('not watched');
    machine.updates = { ...machine.updates, open: { stage: 'going-back', move: open.move, why: null } };
    const test = startApp(machine, byHand);
    test.failNext('sandbox.exchangeState', new Error('busy'));
    await test.app.start();
    expect(await test.app.settled()).toMatchObject({ is: 'failed' });
    expect(await test.do({ do: 'try-again' })).toMatchObject({ problem: { code: 'update-put-back' } });
    expect(machine.updates).toMatchObject({ open: null, failed: null });
    expect(machine.home).toMatchObject({ isRunning: true, spec: { version: '2026.9.6' } });
    await test.app.close();
  });
});

describe('a journal', () => {
  it('that can’t be read leaves the facts: what does not run well is put back', async () => {
    for (const isWell of [true, false]) {
      const machine = await behind();
      await startApp(machine).do(updateNow);
      machine.updates = { ...noUpdates, open: { stage: 'lost' } };
      if (!isWell && machine.home) Object.assign(machine.home, { isRunning: false, startedAt: null });
      await nextStart(machine);
      expect(machine.home).toMatchObject({
        isRunning: true,
        spec: { version: isWell ? '2026.9.7' : '2026.9.6' },
      });
      expect(machine.state?.memories).toEqual(['my name is Ada']);
      expect(machine.updates.open).toBeNull();
    }
  });

  it('does not keep anybody from stopping or removing OpenClaw', async () => {
    for (const intent of [{ do: 'stop' }, { do: 'remove', keepData: true }] as const) {
      const machine = await behind();
      machine.updates = { ...noUpdates, open: { stage: 'swapping', move } };
      const test = startApp(machine);
      expect(await test.do(intent)).toEqual({ is: 'done' });
      expect(machine.home?.isRunning ?? false).toBe(false);
      expect(test.calls).not.toContain('sandbox.tidy');
    }
  });
});

describe('what to do about an open journal', () => {
  const home = {
    spec: {
      version: '2026.9.7',
      image: '',
      port: 1,
      sharedFolder: '',
      secrets: [],
      command: [],
      memoryBytes: 0,
      pids: 0,
      cpus: 0,
    },
  };
  const there = (change: object) => ({
    ...inspectionOf(home as never),
    state: 'stopped' as const,
    exitCode: null,
    ...change,
  });
  const facts = (change: Partial<Facts> = {}): Facts => ({
    before: null,
    isExchanged: false,
    there: there({}),
    lastWords: null,
    answers: null,
    made: move.to,
    isStopped: false,
    now: 1_000,
    ...change,
  });
  const before = move.from;
  const watching = { stage: 'watching', move, since: 0, revived: false, archived: null } as const;

  it.each([
    ['nothing is open', null, {}, 'nothing'],
    ['only scratch things were made', { stage: 'preparing' }, {}, 'close'],
    ['the new one has never run', { stage: 'swapping', move }, { before }, 'undo-swap'],
    [
      'somebody has run it',
      { stage: 'swapping', move },
      { before, there: there({ exitCode: 0 }) },
      'go-back',
    ],
    [
      'somebody has run it, and there is no way back',
      { stage: 'swapping', move },
      { there: there({ exitCode: 0 }) },
      'try-out',
    ],
    ['it was being tried', { stage: 'trying', move }, { before }, 'try-out'],
    [
      'it was being tried, and is not to run',
      { stage: 'trying', move },
      { before, isStopped: true },
      'go-back',
    ],
    ['going back could not be written down', { stage: 'trying', move }, { isExchanged: true }, 'go-back'],
    ['it was going back', { stage: 'going-back', move, why: null }, {}, 'go-back'],
    [
      'going back from it could not be written down',
      { stage: 'swapping', move },
      { isExchanged: true },
      'go-back',
    ],
    ['a watched one rests, as after a restart', watching, { before }, 'revive'],
    ['a watched one rests again', { ...watching, revived: true }, { before }, 'go-back'],
    ['a watched one has crashed', watching, { before, there: there({ exitCode: 1 }) }, 'go-back'],
    [
      'a watched one has got no time',
      watching,
      { before, there: there({ exitCode: 1 }), lastWords: 'lease-lost' },
      'revive',
    ],
    ['the way back from a watched one was begun', watching, { isExchanged: true }, 'go-back'],
    ['the way back from a watched one was given up', watching, {}, 'keep'],
    [
      'the engine has started a watched one again',
      watching,
      { before, there: there({ state: 'running', restarts: 1 }) },
      'go-back',
    ],
    ['a watched one runs', watching, { before, there: there({ state: 'running' }) }, 'nothing'],
    [
      'it has run long enough',
      watching,
      { before, there: there({ state: 'running' }), now: 400_000, answers: '2026.9.7' },
      'keep',
    ],
    [
      'it has run long enough but says nothing',
      watching,
      { before, there: there({ state: 'running' }), now: 400_000 },
      'revive',
    ],
    [
      'it still says nothing, revived',
      { ...watching, revived: true },
      { before, there: there({ state: 'running' }), now: 400_000 },
      'go-back',
    ],
    ['nobody knows, and there is nothing to go back to', { stage: 'lost' }, {}, 'close'],
    ['nobody knows, and it answers', { stage: 'lost' }, { before, answers: '2026.9.7' }, 'keep'],
    ['nobody knows, and it does not answer', { stage: 'lost' }, { before }, 'go-back'],
  ] as const)('when %s', (_, open, change, decision) => {
    expect(decide(open, facts(change)).is).toBe(decision);
  });

  it('blames no version for a computer without time for it', () => {
    const again = { before, there: there({ exitCode: 1 }), lastWords: 'lease-lost' } as const;
    expect(decide({ ...watching, revived: true }, facts(again))).toMatchObject({ is: 'go-back', why: null });
  });
});
