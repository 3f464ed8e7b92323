import { describe, expect, it } from 'vitest';
import type { ProofUnderWay } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { ExecResult } from '../sandbox/sandbox.ts';
import { movedInMachine } from '../testing/apps.ts';
import { type TestJobs, testJobs } from '../testing/jobs.ts';
import type { Machine } from '../testing/machine.ts';
import type { Ending } from '../work/job.ts';
import { attempts } from './attempts.ts';
import * as inside from './inside.ts';
import { prove } from './prove.ts';

const ids = attempts.map(({ id }) => id);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const program = ([, , text = '']: readonly string[]) => text;

interface Run {
  readonly test: Omit<TestJobs, 'shown'>;
  readonly ending: Ending;
  /** Every state of the proof that was shown. */
  readonly shown: readonly ProofUnderWay[];
}

async function run(
  machine: Machine,
  change: (test: TestJobs) => Partial<Doors['sandbox']> = () => ({}),
): Promise<Run> {
  const test = testJobs(machine);
  const doors = { ...test.doors, sandbox: { ...test.doors.sandbox, ...change(test) } };
  const shown: ProofUnderWay[] = [];
  const ending = await test.run((job) => prove(doors, job, (proof) => void shown.push(proof)));
  return { test, ending, shown };
}

const resultsOf = (proof: ProofUnderWay | null | undefined) =>
  Object.fromEntries((proof?.attempts ?? []).map(({ id, result }) => [id, result]));

/** Answers for the inside. */
const says = (answer: (argv: readonly string[], mark: string) => string | Promise<string>) => ({
  async exec(_as: unknown, argv: readonly string[]): Promise<ExecResult> {
    const mark = argv.find((word) => /^[0-9a-f]{32}$/.test(word)) ?? '';
    return { exitCode: 0, untrustedOut: await answer(argv, mark), untrustedErr: '', truncated: false };
  },
});

describe('proving the home', () => {
  it('shows one attempt after the other, and keeps the whole with when and with what', async () => {
    const { test, ending, shown } = await run(
      await movedInMachine({ neighbours: new Set(['192.168.1.1:80', '169.254.169.254:80']) }),
    );
    expect(ending).toEqual({ is: 'done' });
    expect(shown).toHaveLength(ids.length + 1);
    for (const [made, { attempts: all }] of shown.entries()) {
      expect(all.map(({ id }) => id)).toEqual(ids);
      const states = all.map(({ result }) => result.is);
      expect(states.slice(0, made).every((is) => is === 'stopped')).toBe(true);
      expect(states[made]).toBe(made === ids.length ? undefined : 'running');
      expect(states.slice(made + 1).every((is) => is === 'waiting')).toBe(true);
    }
    const { proof } = test.machine.receipts;
    expect(proof).toMatchObject({ at: test.machine.now, version: '2026.9.6' });
    expect(proof?.attempts).toEqual(shown.at(-1)?.attempts);
    expect(test.steps()).toEqual(['looking', 'proving']);
  });

  it('tries as whoever the home runs as, and each time with a mark that nobody can know', async () => {
    const asked: (readonly string[])[] = [];
    const as: unknown[] = [];
    const marks = new Set<string>();
    await run(await movedInMachine(), ({ doors }) => ({
      async exec(who, argv, options) {
        as.push(who);
        asked.push(argv);
        const mark = argv.find((word) => /^[0-9a-f]{32}$/.test(word));
        if (mark) marks.add(mark);
        return doors.sandbox.exec(who, argv, options);
      },
    }));
    expect(new Set(as)).toEqual(new Set(['as-made']));
    expect(marks.size).toBe(asked.length);
  });

  it('takes away what it laid and opened, however it ends', async () => {
    const clean = { bait: null, listened: [] };
    const done = await run(await movedInMachine());
    expect(done.test.machine).toMatchObject(clean);
    const failed = await run(await movedInMachine(), ({ failNext }) => {
      failNext('store.saveReceipts', new ProblemError('no-room-on-disk'));
      return {};
    });
    expect(failed.ending).toMatchObject({ is: 'failed', problem: { code: 'no-room-on-disk' } });
    expect(failed.test.machine).toMatchObject(clean);
  });

  it('tells what got through', async () => {
    const machine = await movedInMachine({ escapes: new Set([program(inside.mount)]) });
    const { test } = await run(machine);
    const results = resultsOf(test.machine.receipts.proof);
    expect(results.mount).toEqual({ is: 'got-through', witness: 'inside' });
    expect(results['change-root']).toMatchObject({ is: 'stopped' });
  });

  it('believes its eyes outside more than the inside', async () => {
    const { shown } = await run(await movedInMachine(), () => ({
      ...says((_, mark) => `${mark} stopped 1\n`),
      findMarked: async () => [{ uid: 0, effectiveCapabilities: 0n }],
    }));
    const results = resultsOf(shown.at(-1));
    expect(results.su).toEqual({ is: 'got-through', witness: 'outside' });
    // Nobody looks for what can't be seen that way.
    expect(results.mount).toEqual({ is: 'stopped', by: 'refused', witness: 'inside' });
  });

  it('goes on looking outside for as long as an attempt takes', async () => {
    let looks = 0;
    const { shown } = await run(await movedInMachine(), () => ({
      ...says(async (argv, mark) => {
        while (argv.includes(program(inside.sudo)) && looks < 5) await turn();
        return `${mark} stopped 1\n`;
      }),
      async findMarked() {
        await turn();
        return ++looks === 4 ? [{ uid: 0, effectiveCapabilities: 0n }] : [];
      },
    }));
    expect(resultsOf(shown.at(-1)).sudo).toEqual({ is: 'got-through', witness: 'outside' });
  });

  it('says it when nobody could look from outside', async () => {
    const { shown } = await run(await movedInMachine(), () => ({
      findMarked: () => Promise.reject(new Error('/proc is closed')),
    }));
    expect(resultsOf(shown.at(-1)).sudo).toEqual({ is: 'stopped', by: 'refused', witness: 'inside' });
  });

  it('calls nothing proven where nothing can be run inside', async () => {
    const { ending, shown } = await run(await movedInMachine(), () => ({
      exec: () => Promise.reject(new ProblemError('home-not-running', {}, ['try-again'])),
    }));
    expect(ending).toEqual({ is: 'done' });
    const why = new Set(shown.at(-1)?.attempts.map(({ result }) => JSON.stringify(result)));
    expect(why).toEqual(
      new Set([
        JSON.stringify({ is: 'could-not-try', why: 'no-way-in' }),
        JSON.stringify({ is: 'could-not-try', why: 'nobody-there' }),
      ]),
    );
  });

  it('waits for nobody for ever', async () => {
    const { shown } = await run(await movedInMachine(), () => ({
      exec: () => Promise.reject(new ProblemError('engine-too-slow', { command: 'exec' }, [])),
    }));
    expect(resultsOf(shown.at(-1)).sudo).toEqual({ is: 'could-not-try', why: 'no-answer' });
  });

  it.each([
    ['garbage', '\u0000\ufffd\u001b]0;owned\u0007 through\n'],
    ['100 MB', 'through\n'.repeat(12_500_000)],
    ['another mark', `${'0'.repeat(32)} through\n`],
  ])('takes %s for no answer', async (_, untrustedOut) => {
    const { shown, test } = await run(await movedInMachine(), () => says(() => untrustedOut));
    for (const { result } of shown.at(-1)?.attempts ?? []) expect(result.is).toBe('could-not-try');
    expect(JSON.stringify(test.machine.receipts.proof).length).toBeLessThan(5_000);
    expect(test.state.get().log.join('\n')).not.toContain('owned');
  });

  it('stops in the middle when it is cancelled, and keeps no half proof', async () => {
    const machine = await movedInMachine();
    const { ending, shown, test } = await run(machine, ({ jobs, doors }) => ({
      async exec(as, argv, options) {
        if (argv.includes(program(inside.mount))) jobs.cancel();
        options.signal.throwIfAborted();
        return doors.sandbox.exec(as, argv, options);
      },
    }));
    expect(ending).toEqual({ is: 'cancelled' });
    expect(shown.at(-1)?.attempts.find(({ id }) => id === 'mount')?.result.is).toBe('running');
    expect(test.machine).toMatchObject({ bait: null, listened: [], receipts: { proof: null } });
  });

  it('leaves nothing running behind when it is cancelled while it looks', async () => {
    let isOver = false;
    const { ending } = await run(await movedInMachine(), ({ jobs }) => ({
      exec: async (_, __, { signal }) => {
        jobs.cancel();
        // Ending what was begun inside takes its time.
        for (let left = 10; left > 0; left--) await turn();
        isOver = true;
        throw signal.reason;
      },
    }));
    expect(ending).toEqual({ is: 'cancelled' });
    expect(isOver).toBe(true);
  });

  it.each([{ home: null }, { isForeign: true }])('needs a home that runs: %j', async (change) => {
    const { ending, shown, test } = await run({ ...(await movedInMachine()), ...change });
    expect(ending).toMatchObject({ is: 'failed', problem: { code: 'home-not-running' } });
    expect(shown).toEqual([]);
    expect(test.calls).not.toContain('bait.lay');
  });
});
