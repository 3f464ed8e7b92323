import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { keyFor, movedInMachine, startApp, type TestApp } from '../testing/apps.ts';
import { createMachine, type Machine } from '../testing/machine.ts';

const file = '/media/stick/OpenClaw.clawcove';
const deepseek = { provider: 'deepseek' } as const;

/** A computer with a backup that was saved to the stick. */
async function oneComputer(change: Partial<Machine> = {}): Promise<Machine> {
  const machine = await movedInMachine({
    choices: { ...createMachine().choices, model: deepseek },
    ...change,
  });
  const test = startApp(machine);
  await test.do({ do: 'back-up' });
  machine.picked = file;
  const [backup] = test.app.state.get().backups;
  expect(await test.do({ do: 'save-copy', id: backup?.id ?? '' })).toEqual({ is: 'done' });
  return machine;
}

/** Another one, with its own home, and the stick plugged in. */
async function otherComputer(from: Machine): Promise<TestApp> {
  const machine = await movedInMachine({ now: from.now + 3_600_000 });
  machine.state?.memories.splice(0);
  machine.parcels = from.parcels;
  machine.picked = file;
  return startApp(machine);
}

const relabel = (machine: Machine, change: object) => {
  const parcel = machine.parcels.get(file);
  if (!parcel) throw new Error('no file');
  machine.parcels.set(file, { ...parcel, label: { ...parcel.label, ...change } });
};

describe('a backup on the way to another computer', () => {
  it('gives the same OpenClaw back there, with a lock of that computer’s own', async () => {
    const one = await oneComputer();
    const other = await otherComputer(one);
    const { machine } = other;
    const { vault } = machine;
    expect(await other.do({ do: 'bring-in' })).toEqual({ is: 'done' });
    const [backup] = other.app.state.get().backups;
    expect(backup).toMatchObject({ why: 'elsewhere', version: '2026.9.6', verifiedAt: expect.any(Number) });
    expect(machine.state?.memories).toEqual([]);
    const asked: string[] = [];
    const restored = await other.do({ do: 'restore', id: backup?.id ?? '' }, (question) => {
      asked.push(question.is);
      return { is: 'model-key', key: keyFor('deepseek') };
    });
    expect(restored).toEqual({ is: 'done' });
    expect(asked).toEqual(['model-key']);
    expect(machine.state?.memories).toEqual(['my name is Ada']);
    expect(other.app.state.get().choices.model).toEqual(deepseek);
    expect(machine.secrets.get('model-key')).toBe(keyFor('deepseek'));
    expect(machine.vault).toBe(vault);
    expect(vault).not.toBe(one.vault);
    expect(other.notOk()).toEqual([]);
  });

  it('is read once on each way: gigabytes take their time', async () => {
    const one = startApp(await oneComputer());
    const [backup] = one.machine.notes.keys();
    await one.do({ do: 'save-copy', id: backup ?? '' });
    expect(one.calls).not.toContain('backups.measure');
    const other = await otherComputer(one.machine);
    expect(await other.do({ do: 'bring-in' })).toEqual({ is: 'done' });
    expect(other.calls).not.toContain('backups.measure');
  });

  it('asks for no key where the same service is connected already', async () => {
    const other = await otherComputer(await oneComputer());
    await other.do({ do: 'save-choices', choices: { model: deepseek } });
    await other.do({ do: 'bring-in' });
    const id = other.app.state.get().backups[0]?.id ?? '';
    const restored = await other.do({ do: 'restore', id }, (question) => {
      throw new Error(`asked for ${question.is}`);
    });
    expect(restored).toEqual({ is: 'done' });
  });

  describe('of another service than the one that is connected', () => {
    const openai = { provider: 'openai' } as const;
    const connected = async () => {
      const other = await otherComputer(await oneComputer());
      await other.do({ do: 'save-choices', choices: { model: openai } });
      await other.do({ do: 'bring-in' });
      const id = other.app.state.get().backups[0]?.id ?? '';
      const before = structuredClone([other.machine.state, other.machine.choices, other.machine.secrets]);
      const expectAsBefore = () => {
        const { state, choices, secrets, home } = other.machine;
        expect([state, choices, secrets]).toEqual(before);
        expect(home?.isRunning).toBe(true);
      };
      return { ...other, id, expectAsBefore };
    };

    it('connects it only when the backup has proved fit', async () => {
      const { machine, id, expectAsBefore, ...test } = await connected();
      machine.unwell.add('2026.9.6');
      const { startedAt } = machine.home ?? {};
      const ending = await test.do({ do: 'restore', id });
      expect(ending).toMatchObject({ problem: { code: 'backup-not-fit' } });
      expectAsBefore();
      expect(machine.home?.startedAt).toBe(startedAt);
      machine.unwell.clear();
      expect(await test.do({ do: 'restore', id })).toEqual({ is: 'done' });
      expect(machine.choices.model).toEqual(deepseek);
      expect(machine.home?.secrets.get('model-key')).toBe(keyFor('deepseek'));
    });

    it('changes nothing when the person turns back', async () => {
      const { app, id, expectAsBefore, ...test } = await connected();
      const ending = await test.do({ do: 'restore', id }, () => {
        setImmediate(() => void app.act({ do: 'cancel' }));
        return { is: 'yes' };
      });
      expect(ending).toEqual({ is: 'cancelled' });
      expectAsBefore();
      test.before('sandbox.inRehearsal', () => void app.act({ do: 'cancel' }));
      expect(await test.do({ do: 'restore', id })).toEqual({ is: 'cancelled' });
      expectAsBefore();
    });

    it('says that it is connected when the backup is put back after all', async () => {
      const { machine, id, ...test } = await connected();
      test.before('sandbox.exchangeState', () => void machine.unwell.add('2026.9.6'));
      expect(await test.do({ do: 'restore', id })).toMatchObject({ problem: { code: 'restore-put-back' } });
      expect(machine.home?.isRunning).toBe(true);
      expect(machine.choices.model).toEqual(deepseek);
      expect(machine.state?.config?.model).toContain('deepseek');
    });

    it('gives no key to another service and loses nothing, whenever ClawCove is killed', async () => {
      const { machine: first, id } = await connected();
      first.state?.memories.push('of this computer');
      const whole = startApp(structuredClone(first));
      await whole.do({ do: 'restore', id });
      for (const [index, name] of whole.calls.entries()) {
        const killed = startApp(structuredClone(first));
        killed.killAt(index);
        await killed.do({ do: 'restore', id }).catch(() => null);
        const { machine } = killed;
        const next = startApp(machine);
        const at = `killed after call ${index}, ${name}`;
        expect(await next.do({ do: 'fix-all' }), at).toEqual({ is: 'done' });
        expect(machine.home?.isRunning, at).toBe(true);
        const key = machine.home?.secrets.get('model-key') ?? '';
        const service = /openai|deepseek/.exec(machine.state?.config?.model ?? '')?.[0];
        expect(['', keyFor(service as 'openai' | 'deepseek')], at).toContain(key);
        const all = JSON.stringify([
          machine.state,
          [...machine.copies.values()],
          [...machine.archives.values()],
        ]);
        expect(all, at).toContain('of this computer');
      }
    }, 120_000);

    it('leaves nobody’s OpenClaw stopped when it can’t be connected', async () => {
      const { machine, id, ...test } = await connected();
      test.failNext('sandbox.keepSecret', new ProblemError('engine-failed'));
      expect(await test.do({ do: 'restore', id })).toMatchObject({ problem: { code: 'engine-failed' } });
      expect(machine.home?.isRunning).toBe(true);
      expect(machine.updates.open).toBeNull();
      expect(machine.state?.memories).toEqual([]);
    });
  });

  it('leaves the service that is connected as it is, where the backup knew none', async () => {
    const one = await oneComputer({ choices: createMachine().choices });
    const other = await otherComputer(one);
    await other.do({ do: 'save-choices', choices: { model: deepseek } });
    await other.do({ do: 'bring-in' });
    const id = other.app.state.get().backups[0]?.id ?? '';
    expect(await other.do({ do: 'restore', id })).toEqual({ is: 'done' });
    expect(other.app.state.get().choices.model).toEqual(deepseek);
    expect(other.machine.state?.config?.model).toContain('deepseek');
  });

  it('is not begun when the person closes the dialog', async () => {
    const test = startApp(await oneComputer());
    test.machine.picked = null;
    const [backup] = test.machine.notes.keys();
    await test.do({ do: 'bring-in' });
    await test.do({ do: 'save-copy', id: backup ?? '' });
    expect(test.calls.filter((name) => /pack/.test(name))).toEqual([]);
  });

  it('is not saved where there is no room', async () => {
    const test = startApp(await oneComputer());
    test.machine.parcels.clear();
    test.machine.freeDisk = 1_000_000;
    const [backup] = test.machine.notes.keys();
    expect(await test.do({ do: 'save-copy', id: backup ?? '' })).toMatchObject({
      problem: { code: 'no-room-there' },
    });
    expect(test.machine.parcels.size).toBe(0);
  });
});

describe('a file that anybody may have made', () => {
  const expectNothing = ({ machine, app }: TestApp) => {
    expect(app.state.get().backups).toEqual([]);
    expect(machine).toMatchObject({ archives: new Map(), notes: new Map(), copies: new Map() });
    expect(machine.rehearsal).toBeNull();
  };

  it('is run with an OpenClaw from our own source, by its version alone', async () => {
    const one = await oneComputer();
    relabel(one, { image: 'evil.example/openclaw@sha256:0', version: '2026.9.5' });
    const other = await otherComputer(one);
    other.machine.images.clear();
    await other.do({ do: 'bring-in' });
    expect([...other.machine.images.keys()]).toContain('2026.9.5');
    expect(JSON.stringify([...other.machine.notes.values()])).not.toContain('evil');
  });

  it('with a version that nobody offers leaves nothing behind', async () => {
    const one = await oneComputer();
    relabel(one, { version: '2026.9.9' });
    const other = await otherComputer(one);
    expect(await other.do({ do: 'bring-in' })).toMatchObject({ is: 'failed' });
    expectNothing(other);
  });

  it('for which there is no room leaves nothing behind', async () => {
    const other = await otherComputer(await oneComputer());
    other.machine.freeDisk = 90_000_000;
    expect(await other.do({ do: 'bring-in' })).toMatchObject({ problem: { code: 'no-room-on-disk' } });
    expectNothing(other);
  });

  it('that is something else is told, and leaves nothing behind', async () => {
    const other = await otherComputer(await oneComputer());
    other.machine.picked = '/media/stick/holiday.jpg';
    expect(await other.do({ do: 'bring-in' })).toMatchObject({ problem: { code: 'not-a-backup-file' } });
    expectNothing(other);
  });

  it('that OpenClaw does not run on leaves nothing behind', async () => {
    const other = await otherComputer(await oneComputer());
    other.machine.unwell.add('2026.9.6');
    expect(await other.do({ do: 'bring-in' })).toMatchObject({ problem: { code: 'backup-not-fit' } });
    expectNothing(other);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const other = await otherComputer(await oneComputer());
    other.before('sandbox.startRehearsal', () => void other.app.act({ do: 'cancel' }));
    expect(await other.do({ do: 'bring-in' })).toEqual({ is: 'cancelled' });
    expectNothing(other);
  });

  it('brings no version with known holes back while a newer one runs', async () => {
    const one = await oneComputer();
    relabel(one, { version: '2026.4.1' });
    const other = await otherComputer(one);
    expect(await other.do({ do: 'bring-in' })).toEqual({ is: 'done' });
    const id = other.app.state.get().backups[0]?.id ?? '';
    expect(await other.do({ do: 'restore', id })).toEqual({ is: 'done' });
    expect(other.machine.home?.spec.version).toBe('2026.9.6');
  });
});
