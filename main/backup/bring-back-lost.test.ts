import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import type { Machine, StateVolume } from '../testing/machine.ts';

const known = ['my name is Ada', 'my cat is Pia'];
const day = 24 * 3_600_000;
const rubbish: StateVolume = {
  config: null,
  hasLastGood: false,
  version: '2026.12.1',
  owner: 'agent',
  memories: ['a lie'],
};

/** A home with two proven backups whose machine is damaged; `mended` is what becomes of it. */
async function damaged(mended: Machine['mended']): Promise<Machine> {
  const machine = await movedInMachine();
  await startApp(machine).do({ do: 'back-up' });
  machine.now += day;
  machine.state?.memories.push('my cat is Pia');
  await startApp(machine).do({ do: 'back-up' });
  machine.now += day;
  const fault = { why: 'disk-damaged', detail: 'x' } as const;
  Object.assign(machine.home ?? {}, { tampered: { fault }, isRunning: false, startedAt: null });
  machine.mended = mended;
  const test = startApp(machine);
  await test.app.look();
  expect(test.app.state.get().rows.find(({ id }) => id === 'sandbox-exists')?.finding).toMatchObject({
    is: 'broken',
    why: 'home-disk-damaged',
  });
  return machine;
}

describe('a home whose machine was damaged', () => {
  it.each<[string, Machine['mended']]>([
    ['is as it was', { is: 'as-it-was' }],
    ['had to go back', { is: 'went-back', to: 1 }],
    ['of which nothing was left', { is: 'gone' }],
  ])('that %s knows what it knew after one click', async (_, mended) => {
    const machine = await damaged(mended);
    const test = startApp(machine);
    expect(await test.do({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(test.notOk()).toEqual([]);
    expect(machine.state?.memories).toEqual(known);
    expect(machine.receipts.wentBack).toBeNull();
  });

  it('is put right by its own row alone, too', async () => {
    const machine = await damaged({ is: 'gone' });
    const test = startApp(machine);
    expect(await test.do({ do: 'fix', id: 'sandbox-exists' })).toMatchObject({ is: 'done' });
    expect(machine.state?.memories).toEqual(known);
    expect(test.notOk()).toEqual([]);
  });

  it('is left with its own disk where that knows more than any backup', async () => {
    const machine = await damaged({ is: 'went-back', to: Date.UTC(2100, 0) });
    expect(await startApp(machine).do({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('takes an older backup where the newest one is of no use', async () => {
    const machine = await damaged({ is: 'gone' });
    const [newest] = [...machine.archives.keys()].sort().reverse();
    if (newest) machine.archives.set(newest, rubbish);
    expect(await startApp(machine).do({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
  });

  it('is not forgotten when ClawCove is killed before the backup is in', async () => {
    const machine = await damaged({ is: 'gone' });
    const killed = startApp(machine);
    killed.before('sandbox.loadCopy', () => killed.killAt(killed.calls.length - 1));
    await killed.do({ do: 'fix-all' });
    const test = startApp(machine);
    await test.app.look();
    expect(machine.receipts.wentBack).not.toBeNull();
    expect(await test.do({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(test.notOk()).toEqual([]);
    expect(machine.state?.memories).toEqual(known);
  });

  it('is repaired although an update was under way on what is gone', async () => {
    const machine = await damaged({ is: 'gone' });
    const image = { image: machine.receipts.sandbox?.image ?? '', version: '2026.9.6' };
    const move = { from: image, to: image, load: null, before: { critical: [], broken: [] } };
    machine.updates = { ...machine.updates, open: { stage: 'trying', move } };
    const test = startApp(machine);
    expect(await test.do({ do: 'fix-all' })).toMatchObject({ is: 'done' });
    expect(machine.updates.open).not.toMatchObject({ stage: 'trying' });
    expect(machine.state?.memories).toEqual(known);
  });
});

it('brings a machine that hangs back by itself, without a click and without a loss', async () => {
  const machine = await movedInMachine();
  machine.engine = { is: 'no-answer', detail: 'silent' };
  const test = startApp(machine);
  expect(await test.do({ do: 'start' })).toMatchObject({ is: 'done' });
  expect(test.notOk()).toEqual([]);
  expect(machine.home?.isRunning).toBe(true);
  expect(machine.state?.memories).toEqual(['my name is Ada']);
});
