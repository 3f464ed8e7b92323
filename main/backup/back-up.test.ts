import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import type { Machine } from '../testing/machine.ts';
import { type Note, newId } from './catalogue.ts';

const backedUp = async (prepare: (machine: Machine) => void = () => {}) => {
  const machine = await movedInMachine();
  prepare(machine);
  const test = startApp(machine);
  const ending = await test.do({ do: 'back-up' });
  return { ...test, ending, backups: test.app.state.get().backups };
};

const imageMade = ({ receipts: { sandbox } }: Machine) => ({
  image: sandbox?.image ?? '',
  version: sandbox?.version ?? '',
});

describe('a backup', () => {
  it('is not let go at once because others are dated in the future', async () => {
    const { ending, machine } = await backedUp((it) => {
      const note: Note = {
        at: 0,
        why: 'schedule',
        ...imageMade(it),
        bytes: 1,
        sha256: '0'.repeat(64),
        verifiedAt: 1,
        model: null,
      };
      for (let week = 0; week < 9; week++) {
        const at = Date.UTC(2090, 0, 1 + 7 * week);
        it.notes.set(newId(at, 'schedule'), { ...note, at });
      }
    });
    expect(ending).toEqual({ is: 'done' });
    const made = [...machine.notes.values()].filter(({ why }) => why === 'person');
    expect(made).toMatchObject([{ verifiedAt: expect.any(Number) }]);
  });

  it('is made while OpenClaw runs, and counts once OpenClaw has run on it', async () => {
    const { ending, backups, machine, calls } = await backedUp();
    expect(ending).toEqual({ is: 'done' });
    expect(backups).toMatchObject([{ why: 'person', version: '2026.9.6', verifiedAt: expect.any(Number) }]);
    expect(calls).not.toContain('sandbox.stop');
    expect(machine.copies.size).toBe(0);
    expect(machine.rehearsal).toBeNull();
  });

  it('that OpenClaw does not run on stays, but does not count as a good one', async () => {
    const { ending, backups } = await backedUp((machine) => void machine.unwell.add('2026.9.6'));
    expect(ending).toMatchObject({ problem: { code: 'backup-not-fit' } });
    expect(backups).toMatchObject([{ verifiedAt: null }]);
  });

  it('leaves nothing half made behind on a full disk', async () => {
    const { ending, backups, machine } = await backedUp((it) => {
      it.isDiskFull = true;
    });
    expect(ending).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expect(backups).toEqual([]);
    expect(machine).toMatchObject({ copies: new Map(), archives: new Map() });
  });

  it('of more than there is room for is not begun', async () => {
    const { ending, backups, machine, calls } = await backedUp((it) => {
      it.stateBytes = 8 * 1024 ** 4;
    });
    expect(ending).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expect(calls).not.toContain('sandbox.saveCopy');
    expect(backups).toEqual([]);
    expect(machine.copies.size).toBe(0);
    expect(machine.home?.isRunning).toBe(true);
  });

  it('leaves some room for everything else on the disk, and is tried out only where it fits', async () => {
    const GiB = 1024 ** 3;
    const tight = await backedUp((it) => Object.assign(it, { stateBytes: GiB, freeDisk: 1.2 * GiB }));
    expect(tight.ending).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    const roomy = await backedUp((it) => Object.assign(it, { stateBytes: GiB, freeDisk: 2 * GiB }));
    expect(roomy.ending).toEqual({ is: 'done' });
    const machine = await movedInMachine();
    const full = startApp(machine);
    full.before('backups.note', () => {
      machine.freeDisk = 0;
    });
    expect(await full.do({ do: 'back-up' })).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expect(full.app.state.get().backups).toMatchObject([{ verifiedAt: null }]);
    expect(full.calls).not.toContain('sandbox.loadCopy');
  });

  it('is made by itself once a day, while all is well', async () => {
    const test = startApp(await movedInMachine(), { sleepsThrough: (ms) => ms <= 2_000 });
    await test.app.start();
    for (let hours = 0; hours < 50; hours++) {
      for (let minutes = 0; minutes < 60; minutes += 5) await test.advance(300_000);
      await test.app.settled();
    }
    const made = [...test.machine.notes.values()].map(({ why }) => why);
    expect(made).toEqual(['schedule', 'schedule']);
    await test.app.close();
  });
});

describe('going back to a backup', () => {
  const changed = async () => {
    const made = await backedUp();
    made.machine.state?.memories.push('something later');
    return { ...made, id: made.backups[0]?.id ?? '' };
  };

  it('puts state and version back, and what was there is a backup itself', async () => {
    const test = await changed();
    const { machine } = test;
    expect(await test.do({ do: 'restore', id: test.id })).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.home?.isRunning).toBe(true);
    const before = test.app.state.get().backups.find(({ why }) => why === 'restore');
    expect(before).toBeDefined();
    // And back again.
    machine.now += 60_000;
    expect(await test.do({ do: 'restore', id: before?.id ?? '' })).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada', 'something later']);
    expect(test.notOk()).toEqual([]);
  });

  it('is not begun with a damaged archive, or one that is gone', async () => {
    const test = await changed();
    const { machine } = test;
    const [file] = machine.archives.keys();
    machine.archives.set(file ?? '', { ...machine.archives.get(file ?? ''), owner: 'root' } as never);
    expect(await test.do({ do: 'restore', id: test.id })).toMatchObject({
      problem: { code: 'archive-damaged' },
    });
    machine.notes.clear();
    expect(await test.do({ do: 'restore', id: test.id })).toMatchObject({ problem: { code: 'backup-gone' } });
    expect(machine.state?.memories).toHaveLength(2);
    expect(machine.home?.isRunning).toBe(true);
  });

  it('keeps the backup that it is about to load, whatever is archived before', async () => {
    const test = await changed();
    const { machine } = test;
    const [note] = machine.notes.values();
    const [archive] = machine.archives.values();
    if (!note || !archive || !machine.state) throw new Error('there is no backup');
    // Old enough to be let go when the next one is archived.
    const put = (at: number) => {
      const id = newId(at, 'person');
      machine.notes.set(id, { ...note, at });
      machine.archives.set(test.doors.backups.fileOf(id), structuredClone(archive));
      return id;
    };
    const days = Array.from({ length: 28 }, (_, daysAgo) =>
      put(machine.now - (daysAgo + 1) * 24 * 3_600_000),
    );
    const oldest = days.at(-1) ?? '';
    machine.copies.set('aside', { of: imageMade(machine), state: structuredClone(machine.state) });
    expect(await test.do({ do: 'restore', id: oldest })).toEqual({ is: 'done' });
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(machine.notes.size).toBeLessThan(days.length);
  });

  it('comes back when OpenClaw does not live on it after all', async () => {
    const test = await changed();
    test.before('sandbox.start', () => void test.machine.unwell.add('2026.9.6'));
    expect(await test.do({ do: 'restore', id: test.id })).toMatchObject({
      problem: { code: 'update-put-back' },
    });
    expect(test.machine.state?.memories).toHaveLength(2);
    // It is no version's fault.
    expect(test.machine.updates.failed).toBeNull();
  });
});
