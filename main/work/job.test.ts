import { describe, expect, it, vi } from 'vitest';
import type { Question } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { settle } from '../testing/doors.ts';
import { testJobs } from '../testing/jobs.ts';
import { moveClock } from '../testing/machine.ts';
import type { Job } from './job.ts';

const key: Question = { is: 'model-key', model: { provider: 'openai' } };
const admin: Question = { is: 'admin', task: 'install-engine', commands: ['apt-get install podman'] };
const never = () => new Promise<void>(() => {});

/** A promise that is settled from outside. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('jobs', () => {
  it('run one at a time: a second one is refused as busy and changes nothing', async () => {
    const { jobs, run, state } = testJobs();
    const { passed, open } = gate();
    const first = run(() => passed);
    expect(jobs.busy).toBe(true);
    await settle();
    const before = state.get();
    expect(() => jobs.run('stop', () => null, never)).toThrow(new ProblemError('busy', {}, []));
    expect(state.get()).toBe(before);
    open();
    expect(await first).toEqual({ is: 'done' });
    expect(jobs.busy).toBe(false);
  });

  it('show what they do, and nothing once they are done', async () => {
    const { run, shown } = testJobs();
    await run(async (job) => {
      job.about('engine-ready');
      job.step('installing-engine');
    });
    const running = { is: 'running', job: 'fix', progress: null, canCancel: true };
    expect(shown).toEqual([
      { ...running, safeguard: null, step: 'looking' },
      { ...running, safeguard: 'engine-ready', step: 'installing-engine' },
      { is: 'idle' },
    ]);
  });

  it('that fail show the problem and the safeguard they were about', async () => {
    const { run, state, logged } = testJobs();
    const ending = await run(async (job) => {
      job.about('room-to-work');
      throw new ProblemError('disk-full');
    });
    const problem = { code: 'disk-full', facts: {}, next: ['try-again'] };
    expect(ending).toEqual({ is: 'failed', problem });
    expect(state.get().work).toEqual({ is: 'failed', job: 'fix', safeguard: 'room-to-work', problem });
    expect(logged.at(-1)).toMatchObject({ message: 'fix failed', error: new ProblemError('disk-full') });
  });

  it('never reject, whatever is thrown', async () => {
    const { run } = testJobs();
    const throwWord = async () => {
      throw 'a word';
    };
    expect(await run(throwWord)).toMatchObject({ is: 'failed', problem: { code: 'unexpected' } });
    expect(
      await run(() => {
        throw new Error('at once');
      }),
    ).toMatchObject({ is: 'failed', problem: { facts: { detail: 'at once' } } });
  });

  it('are idle when nothing runs, and after the running one has ended', async () => {
    const { jobs, run } = testJobs();
    await jobs.idle();
    const { passed, open } = gate();
    void run(() => passed);
    const idle = vi.fn();
    void jobs.idle().then(idle);
    await settle();
    expect(idle).not.toHaveBeenCalled();
    open();
    await settle();
    expect(idle).toHaveBeenCalledOnce();
  });
});

describe('undo', () => {
  const undoing = () => {
    const undone: string[] = [];
    const undo = (job: Job, name: string) => job.undo(async () => void undone.push(name));
    return { undone, undo };
  };

  it('takes the unfinished step back in reverse order; what came before stays done', async () => {
    const { run } = testJobs();
    const { undone, undo } = undoing();
    await run(async (job) => {
      job.step('making-folder');
      undo(job, 'folder');
      job.step('creating-home');
      undo(job, 'first');
      undo(job, 'second');
      throw new Error('no');
    });
    expect(undone).toEqual(['second', 'first']);
  });

  it('runs on a cancellation too, before the job counts as ended', async () => {
    const { jobs, run, state } = testJobs();
    const { undone, undo } = undoing();
    const ended = run(async (job) => {
      undo(job, 'it');
      await new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('x'))));
    });
    await settle();
    jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
    expect(undone).toEqual(['it']);
    expect(state.get().work).toEqual({ is: 'idle' });
  });

  it('does not run when all went well', async () => {
    const { run } = testJobs();
    const { undone, undo } = undoing();
    await run(async (job) => undo(job, 'it'));
    expect(undone).toEqual([]);
  });

  it('goes on when one of them fails, and tells the first problem, not that one', async () => {
    const { run, logged } = testJobs();
    const { undone, undo } = undoing();
    const ending = await run(async (job) => {
      undo(job, 'it');
      job.undo(() => Promise.reject(new Error('undo failed')));
      job.undo(() => {
        throw new Error('undo failed at once');
      });
      throw new ProblemError('disk-full');
    });
    expect(undone).toEqual(['it']);
    expect(ending).toMatchObject({ problem: { code: 'disk-full' } });
    expect(logged.filter(({ message }) => message === 'undo failed')).toHaveLength(2);
  });

  it('cannot be cancelled, and does not turn a failure into a cancellation', async () => {
    const { jobs, run } = testJobs();
    const ending = await run(async (job) => {
      job.undo(async () => {
        jobs.cancel();
        expect(job.signal.aborted).toBe(false);
      });
      throw new ProblemError('disk-full');
    });
    expect(ending.is).toBe('failed');
  });
});

describe('cancelling', () => {
  it('stops the job at its next step, at its next question and in its waits', async () => {
    for (const work of [
      (job: Job) => Promise.resolve(job.step('creating-home')),
      async (job: Job) => void (await job.ask(key)),
    ]) {
      const { jobs, run } = testJobs();
      const ended = run(async (job) => {
        await settle();
        await work(job);
      });
      jobs.cancel();
      expect(await ended).toEqual({ is: 'cancelled' });
    }
    const { doors, jobs, run } = testJobs(undefined, { sleepsThrough: () => false });
    const ended = run((job) => doors.clock.sleep(1_000_000, job.signal));
    await settle();
    jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
  });

  it('is no failure of a job that had just finished its work', async () => {
    const { jobs, run } = testJobs();
    expect(await run(async () => jobs.cancel())).toEqual({ is: 'done' });
  });

  it('is not possible past the point of no return, and that is shown at once', async () => {
    const { jobs, run, state } = testJobs();
    const ending = await run(async (job) => {
      job.step('removing-home');
      job.noReturn();
      expect(state.get().work).toMatchObject({ step: 'removing-home', canCancel: false });
      jobs.cancel();
      job.step('creating-home');
      expect(state.get().work).toMatchObject({ canCancel: false });
    });
    expect(ending).toEqual({ is: 'done' });
  });

  it('comes too early for no job: one that is cancelled before it began does nothing', async () => {
    const { jobs, run } = testJobs();
    const work = vi.fn(async (job: Job) => job.step('creating-home'));
    const ended = run(work);
    jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
  });

  it('is possible until the point of no return, which is then never reached', async () => {
    const { jobs, run } = testJobs();
    const after = vi.fn();
    const ended = run(async (job) => {
      await settle();
      job.noReturn();
      after();
    });
    jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
    expect(after).not.toHaveBeenCalled();
  });

  it('means nothing while no job runs', () => {
    const { jobs, state } = testJobs();
    jobs.cancel();
    jobs.answer({ is: 'yes' });
    expect(state.get().work).toEqual({ is: 'idle' });
  });
});

describe('a question', () => {
  it('is shown until it is answered, and the work goes on with the answer', async () => {
    const { jobs, run, state } = testJobs();
    const answered = vi.fn();
    const ended = run(async (job) => answered(await job.ask(admin)));
    await settle();
    expect(state.get().work).toEqual({ is: 'asking', job: 'fix', question: admin });
    jobs.answer({ is: 'yes' });
    await ended;
    expect(answered).toHaveBeenCalledWith({ is: 'yes' });
  });

  it('is not put when the answer was given beforehand', async () => {
    const { run, shown } = testJobs();
    const answers: unknown[] = [];
    const foreseen = () => ({ is: 'model-key', key: 'k' }) as const;
    await run(async (job) => {
      answers.push(await job.ask(key), job.foreseen(key));
    }, foreseen);
    expect(answers).toEqual([foreseen(), foreseen()]);
    expect(shown.map(({ is }) => is)).not.toContain('asking');
  });

  it('ends with the job when the person cancels instead of answering', async () => {
    const { jobs, run, state } = testJobs();
    const ended = run(async (job) => void (await job.ask(key)));
    await settle();
    jobs.cancel();
    expect(await ended).toEqual({ is: 'cancelled' });
    jobs.answer({ is: 'yes' });
    expect(state.get().work).toEqual({ is: 'idle' });
  });

  it('is answered once: a second answer goes nowhere', async () => {
    const { jobs, run } = testJobs();
    const answers: unknown[] = [];
    const { passed, open } = gate();
    const ended = run(async (job) => {
      answers.push(await job.ask(admin));
      await passed;
    });
    await settle();
    jobs.answer({ is: 'no' });
    jobs.answer({ is: 'yes' });
    open();
    await ended;
    expect(answers).toEqual([{ is: 'no' }]);
  });

  it('past the point of no return is declined by a cancellation, and the job goes on', async () => {
    const { jobs, run } = testJobs();
    const answers: unknown[] = [];
    const ended = run(async (job) => {
      job.noReturn();
      answers.push(await job.ask(key));
    });
    await settle();
    jobs.cancel();
    expect(await ended).toEqual({ is: 'done' });
    expect(answers).toEqual([{ is: 'no' }]);
  });
});

describe('progress', () => {
  const progresses = (shown: { is: string }[]) =>
    shown.flatMap((work) => ('progress' in work && work.progress ? [work.progress] : []));

  it('reaches the views at most every 200 ms, but its end always does', async () => {
    const { machine, run, shown } = testJobs();
    await run(async (job) => {
      job.step('downloading');
      for (let done = 1; done <= 1000; done++) {
        machine.now += 1;
        job.progress(done, 1000);
      }
    });
    const done = progresses(shown).map((progress) => (progress as { done: number }).done);
    expect(done.length).toBeLessThanOrEqual(6);
    expect(done.at(-1)).toBe(1000);
  });

  it('tells the time left once it can, in bytes', async () => {
    const { machine, run, shown } = testJobs();
    await run(async (job) => {
      job.step('downloading');
      job.progress(0, 100);
      machine.now += 4_000;
      job.progress(40, 100);
    });
    expect(progresses(shown)).toEqual([
      { done: 0, of: 100, unit: 'bytes', secondsLeft: null },
      { done: 40, of: 100, unit: 'bytes', secondsLeft: 6 },
    ]);
  });

  it('is forgotten with the next step', async () => {
    const { run, shown } = testJobs();
    await run(async (job) => {
      job.step('downloading');
      job.progress(5, 5);
      job.step('creating-home');
    });
    expect(shown.at(-2)).toMatchObject({ step: 'creating-home', progress: null });
  });

  it('goes on when the clock is set back', async () => {
    const { machine, run, shown } = testJobs();
    await run(async (job) => {
      job.progress(1, 100);
      moveClock(machine, -3_600_000);
      machine.now += 1_000;
      job.progress(2, 100);
    });
    expect(progresses(shown)).toHaveLength(2);
  });

  it('that comes after the end is not shown: work that is over stays over', async () => {
    const { run, state } = testJobs();
    let late: Job | undefined;
    await run(async (job) => {
      late = job;
      job.log('in time');
    });
    late?.progress(1, 2);
    late?.log('too late');
    expect(state.get()).toMatchObject({ work: { is: 'idle' }, log: ['in time'] });
  });
});

describe('the log', () => {
  it('keeps the last 40 lines, each at most 240 long, and starts anew with every job', async () => {
    const { run, state, logged } = testJobs();
    await run(async (job) => {
      for (let line = 1; line <= 100; line++) job.log(`${line} ${'x'.repeat(500)}`);
    });
    const { log } = state.get();
    expect(log).toHaveLength(40);
    expect(log[0]).toMatch(/^61 /);
    expect(log.at(-1)).toHaveLength(240);
    expect(logged).toHaveLength(100);
    await run(async () => {});
    expect(state.get().log).toEqual([]);
  });
});
