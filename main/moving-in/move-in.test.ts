/** The whole way on a computer in memory: in, out again, and killed anywhere on it. */
import { describe, expect, it } from 'vitest';
import type { Answer, Intent, Question } from '../contract.ts';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { livesOnComputer, nothingOnComputer } from '../testing/host-openclaw.ts';
import { killEverywhere } from '../testing/kill-everywhere.ts';
import { createMachine, type Machine } from '../testing/machine.ts';

const fix: Intent = { do: 'fix', id: 'host-clean' };
const moveIt = (question: Question): Answer => {
  if (question.is === 'model-key') return { is: 'model-key', key: 'sk-of-mine' };
  return question.is === 'move-in' ? { is: 'move', profile: 'default' } : { is: 'yes' };
};
const lived = async (change: Partial<Machine> = {}) => {
  const machine = await movedInMachine(change);
  machine.onComputer = livesOnComputer();
  return machine;
};
const findingOf = (test: ReturnType<typeof startApp>) =>
  test.app.state.get().rows.find(({ id }) => id === 'host-clean')?.finding;
/** Every memory that is anywhere, wherever it is. */
const remembered = (machine: Machine) =>
  JSON.stringify([
    machine.state,
    [...machine.archives.values()],
    [...machine.copies.values()],
    machine.onComputer.homes,
  ]);

describe('moving in', () => {
  it('brings its memories into the home, and puts the old one to rest; the home’s own are a backup', async () => {
    const test = startApp(await lived());
    const { machine } = test;
    await test.app.look();
    expect(findingOf(test)).toMatchObject({ is: 'broken', gravity: 'danger', why: 'host-openclaw-runs' });
    expect(await test.do(fix, moveIt)).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Grace']);
    expect(machine.state?.config).toMatchObject({ isHardened: true, model: 'https://old.example/v1' });
    expect(machine.home?.isRunning).toBe(true);
    expect(machine.onComputer).toMatchObject({
      running: [],
      homes: [{ aside: expect.any(String) }],
      services: [{ isActive: false, startsByItself: false, aside: expect.any(String) }],
    });
    expect(findingOf(test)).toMatchObject({
      is: 'ok',
      notes: [{ code: 'host-moved-in' }, { code: 'host-program-left' }],
    });
    const kept = [...machine.notes.values()].map(({ why, verifiedAt }) => [why, verifiedAt !== null]);
    expect(kept).toEqual([
      ['moved-in', true],
      ['restore', false],
    ]);
    expect(test.app.state.get().hostMovedAt).not.toBeNull();
    expect(test.notOk()).toEqual([]);
  });

  it('can be undone: the old one serves as before, the home has its own memories, and what was new is kept', async () => {
    const test = startApp(await lived({ choices: (await movedInMachine()).choices }));
    const { machine } = test;
    const before = structuredClone(machine.onComputer);
    await test.do(fix, moveIt);
    machine.state?.memories.push('learned in the home');
    expect(await test.do({ do: 'undo-move-in' })).toEqual({ is: 'done' });
    expect(machine.onComputer).toEqual(before);
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.receipts.hostMove).toBeNull();
    expect(remembered(machine)).toContain('learned in the home');
    await test.app.look();
    expect(findingOf(test)).toMatchObject({ is: 'broken', gravity: 'danger' });
  });

  it('can be undone long after, when nobody watches any more', async () => {
    const test = startApp(await lived());
    const { machine } = test;
    await test.do(fix, moveIt);
    machine.now += 3_600_000;
    await test.do({ do: 'fix-all' });
    expect(machine.updates.open).toBeNull();
    expect(await test.do({ do: 'undo-move-in' })).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.onComputer.running).toEqual(['default']);
  });

  it.each<[string, Answer]>([
    ['"not now"', { is: 'no' }],
    ['a name that was not asked about', { is: 'move', profile: 'other' }],
  ])('changes nothing at %s', async (_, answer) => {
    const test = startApp(await lived());
    const before = structuredClone(test.machine.onComputer);
    expect(await test.do(fix, () => answer)).toMatchObject({ problem: { code: 'move-in-declined' } });
    expect(test.machine.onComputer).toEqual(before);
    expect(test.machine.receipts.hostMove).toBeNull();
    expect(test.calls).not.toContain('hostOpenClaw.stop');
  });

  it('only puts it to rest where the person wants that', async () => {
    const test = startApp(await lived());
    const { machine } = test;
    expect(await test.do(fix, () => ({ is: 'keep' }))).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.onComputer.running).toEqual([]);
    expect(findingOf(test)).toMatchObject({ is: 'ok', notes: [{ code: 'host-put-to-rest' }, {}] });
    expect(await test.do({ do: 'undo-move-in' })).toEqual({ is: 'done' });
    expect(machine.onComputer.running).toEqual(['default']);
  });

  it('does nothing where the old one is newer than any for the home, and says so', async () => {
    const machine = await lived();
    machine.onComputer = livesOnComputer('2026.11.1');
    const test = startApp(machine);
    expect(await test.do(fix, moveIt)).toMatchObject({
      problem: { code: 'host-openclaw-newer', facts: { version: '2026.11.1', newest: '2026.9.6' } },
    });
    expect(machine.onComputer).toEqual(livesOnComputer('2026.11.1'));
  });

  it('takes the newest version along where that of the home is too old for it', async () => {
    const machine = await lived();
    machine.offered?.push('2026.9.7');
    machine.onComputer = livesOnComputer('2026.9.7');
    const test = startApp(machine);
    expect(await test.do(fix, moveIt)).toEqual({ is: 'done' });
    expect(machine.home?.spec.version).toBe('2026.9.7');
    expect(machine.state?.memories).toEqual(['my name is Grace']);
  });

  it.each([
    ['does not come to life in the trial', 'move-in-not-fit', true],
    ['does not live in the home', 'move-in-put-back', false],
  ] as const)('leaves everything as it was where it %s', async (_, code, alsoInRehearsal) => {
    const machine = await lived();
    machine.offered?.push('2026.9.7');
    machine.onComputer = livesOnComputer('2026.9.7');
    machine.duds.add('2026.9.7');
    machine.alsoInRehearsal = alsoInRehearsal;
    const test = startApp(machine);
    expect(await test.do(fix, moveIt)).toMatchObject({ is: 'failed', problem: { code } });
    expect(machine.onComputer).toEqual(livesOnComputer('2026.9.7'));
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.home).toMatchObject({ isRunning: true, spec: { version: '2026.9.6' } });
    expect([...machine.notes.values()].filter(({ why }) => why === 'moved-in')).toEqual([]);
    expect(machine.receipts.hostMove).toBeNull();
  });

  it('lets the one win that was used meanwhile', async () => {
    const test = startApp(await lived());
    const { machine, before } = test;
    before('hostOpenClaw.measure', () => {
      if (machine.updates.open?.stage === 'watching')
        machine.onComputer.homes[0]?.state.memories.push('said on the way');
    });
    expect(await test.do(fix, moveIt)).toMatchObject({ problem: { code: 'host-openclaw-was-used' } });
    expect(machine.onComputer).toMatchObject({ running: ['default'], homes: [{ aside: null }] });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('brings the old one back where the new one falls over within minutes', async () => {
    const test = startApp(await lived());
    const { machine } = test;
    await test.do(fix, moveIt);
    machine.crashAfter.set('2026.9.6', 1);
    machine.now += 60_000;
    await test.do({ do: 'open', what: 'openclaw' });
    machine.crashAfter.clear();
    await test.do({ do: 'start' });
    expect(machine.onComputer).toMatchObject({ running: ['default'], homes: [{ aside: null }] });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.receipts.hostMove).toBeNull();
  });

  it('never gives the key for one service to the settings for another', async () => {
    const deepseek = { ...createMachine().choices, model: { provider: 'deepseek' } } as const;
    const test = startApp(await lived({ choices: deepseek }));
    const { machine } = test;
    let met = 0;
    test.before('sandbox.start', () => {
      const isOld = machine.state?.config?.model === 'https://old.example/v1';
      if (isOld && machine.home?.secrets.has('model-key')) met += 1;
    });
    expect(await test.do(fix, moveIt)).toEqual({ is: 'done' });
    expect(machine.choices.model).toEqual({ provider: 'later' });
    expect(await test.do({ do: 'undo-move-in' })).toEqual({ is: 'done' });
    expect(met).toBe(0);
    expect(machine.choices.model).toEqual({ provider: 'deepseek' });
    expect(machine.home?.secrets.has('model-key')).toBe(true);
  });

  it('connects the home’s own service to one that has none', async () => {
    const deepseek = { ...createMachine().choices, model: { provider: 'deepseek' } } as const;
    const machine = await lived({ choices: deepseek });
    for (const home of machine.onComputer.homes) home.model = null;
    const test = startApp(machine);
    expect(await test.do(fix, moveIt)).toEqual({ is: 'done' });
    expect(machine.choices.model).toEqual({ provider: 'deepseek' });
    expect(machine.state?.config?.model).toContain('deepseek');
    expect(machine.state?.memories).toEqual(['my name is Grace']);
  });

  it('is done in set-up as the review said, without another word', async () => {
    const machine = createMachine({ onComputer: livesOnComputer() });
    const test = startApp(machine);
    const asked: string[] = [];
    const ending = await test.do({ do: 'set-up', consent: [], movesIn: 'default' }, (question) => {
      asked.push(question.is);
      return moveIt(question);
    });
    expect(ending).toEqual({ is: 'done' });
    expect(asked).toEqual([]);
    expect(machine.state?.memories).toEqual(['my name is Grace']);
    expect(test.notOk()).toEqual([]);
  });

  it('may wait: who declines in set-up has their home, and the row stays red', async () => {
    const test = startApp(createMachine({ onComputer: livesOnComputer() }));
    expect(await test.do({ do: 'set-up', consent: [] }, () => ({ is: 'no' }))).toEqual({ is: 'done' });
    expect(test.notOk()).toEqual(['host-clean']);
    expect(test.machine.onComputer).toEqual(livesOnComputer());
  });

  it('is asked about in set-up where the review said something else', async () => {
    const test = startApp(createMachine({ onComputer: livesOnComputer() }));
    const asked: Question[] = [];
    await test.do({ do: 'set-up', consent: [] }, (question) => {
      asked.push(question);
      return moveIt(question);
    });
    expect(asked).toEqual([
      {
        is: 'move-in',
        found: [{ profile: 'default', folder: '/home/ada/.openclaw', version: '2026.9.5', runs: true }],
        livedIn: false,
      },
    ]);
  });
});

function expectNothingLost(machine: Machine, at: string): void {
  for (const memory of ['my name is Ada', 'my name is Grace'])
    expect(remembered(machine), at).toContain(memory);
}

/** The old one can be started where it always was, or the home lives with what it knew. */
function expectOneOfThem(machine: Machine, at: string): void {
  const { homes } = machine.onComputer;
  const isOldThere = homes.some(
    ({ aside, state }) => aside === null && state.memories.includes('my name is Grace'),
  );
  const isNewThere = machine.state?.memories.includes('my name is Grace');
  expect(isOldThere || isNewThere, at).toBe(true);
  expectNothingLost(machine, at);
}

describe('killed at any moment', () => {
  it('of moving in: the old or the new one works, nothing is lost, and it can be done again', async () => {
    const machine = await lived();
    await killEverywhere(
      machine,
      fix,
      async (left, at) => {
        expectOneOfThem(left, at);
        const again = startApp(left);
        // Any work goes on with it first.
        await again.do({ do: 'start' });
        expectOneOfThem(left, at);
        const stage = left.receipts.hostMove?.stage;
        expect([undefined, 'done'], at).toContain(stage);
        if (stage === 'done') {
          expect(left.state?.memories, at).toEqual(['my name is Grace']);
          expect(left.onComputer.running, at).toEqual([]);
        } else {
          expect(left.onComputer, at).toEqual(livesOnComputer());
          expect(left.state?.memories, at).toEqual(['my name is Ada']);
        }
        expect(left.home?.isRunning, at).toBe(true);
        expect(await again.do({ do: 'fix-all' }, moveIt), at).toEqual({ is: 'done' });
        expect(left.state?.memories, at).toEqual(['my name is Grace']);
        expect(again.notOk(), at).toEqual([]);
      },
      moveIt,
    );
  });

  it('of undoing it: it is undone by the next work at the latest', async () => {
    const first = startApp(await lived());
    await first.do(fix, moveIt);
    first.machine.now += 3_600_000;
    await first.do({ do: 'fix-all' });
    await killEverywhere(first.machine, { do: 'undo-move-in' }, async (left, at) => {
      expectNothingLost(left, at);
      const again = startApp(left);
      await again.do({ do: 'start' });
      if (left.receipts.hostMove !== null) await again.do({ do: 'undo-move-in' });
      expect(left.onComputer, at).toEqual(livesOnComputer());
      expect(left.state?.memories, at).toEqual(['my name is Ada']);
      expect(left.home?.isRunning, at).toBe(true);
    });
  });
});

it('finds nothing to do where nothing is', async () => {
  const machine = await movedInMachine({ onComputer: nothingOnComputer() });
  const test = startApp(machine);
  expect(await test.do(fix)).toEqual({ is: 'done' });
  expect(test.calls).not.toContain('hostOpenClaw.stop');
});
