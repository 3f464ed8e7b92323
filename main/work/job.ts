import type { Answer, JobKind, Problem, Question, SafeguardId, StepCode } from '../contract.ts';
import type { Clock } from '../doors.ts';
import { Cancelled, ProblemError, problemOf } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';
import type { State } from '../state.ts';
import { timeLeft } from './time-left.ts';

/** One piece of work with a beginning and an end, as the code that does it sees it. */
export interface Job extends Report {
  /** Names what happens now; forgets the undo steps of what came before, which is now done. */
  step(step: StepCode): void;
  /** From here on the job must run to its end: it can't be cancelled any more. */
  noReturn(): void;
  /** What takes the unfinished step back if it fails or is cancelled. Run in reverse order. */
  undo(fn: () => Promise<void>): void;
  /** Asks the person; rejects with {@link Cancelled} when the job is cancelled instead. */
  ask(question: Question): Promise<Answer>;
  /** Says which safeguard the work is for. */
  about(safeguard: SafeguardId | null): void;
}

/** The person's answer to a question they will not be asked again; null when they must be. */
export type Foreseen = (question: Question) => Answer | null;

/** How a job ended. */
export type Ending =
  | { readonly is: 'done' }
  | { readonly is: 'cancelled' }
  | { readonly is: 'failed'; readonly problem: Problem };

/** Runs one job at a time and shows it in the Snapshot. */
export interface Jobs {
  readonly busy: boolean;
  /**
   * Starts a job; throws a ProblemError `busy` when one runs. Resolves when it ended; never rejects.
   * `foreseen` answers what the person has answered beforehand, e.g. when they read the review.
   */
  run(kind: JobKind, foreseen: Foreseen, work: (job: Job) => Promise<void>): Promise<Ending>;
  cancel(): void;
  answer(answer: Answer): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

const logLines = 40;
const lineLength = 240;
/** Progress reaches the views at most this often (ms): a fast download would flood them. */
const progressEvery = 200;

export function createJobs(
  state: State,
  clock: Clock,
  note: (message: string, error?: unknown) => void,
): Jobs {
  let current: {
    abort: AbortController;
    ended: Promise<Ending>;
    answer: ((answer: Answer) => void) | null;
  } | null = null;

  const log = (line: string) => {
    note(line);
    state.update({ log: [...state.get().log.slice(1 - logLines), line.slice(0, lineLength)] });
  };

  async function perform(
    kind: JobKind,
    foreseen: Foreseen,
    abort: AbortController,
    work: (job: Job) => Promise<void>,
  ): Promise<Ending> {
    let safeguard: SafeguardId | null = null;
    let step: StepCode = 'looking';
    let canCancel = true;
    let undos: (() => Promise<void>)[] = [];
    let shownAt = 0;
    let left = timeLeft();
    const show = (progress: { done: number; of: number | null } | null) =>
      state.update({
        work: {
          is: 'running',
          job: kind,
          safeguard,
          step,
          canCancel,
          progress: progress && {
            ...progress,
            unit: 'bytes',
            secondsLeft: left(clock.now(), progress.done, progress.of),
          },
        },
      });
    const job: Job = {
      signal: abort.signal,
      about(id) {
        safeguard = id;
      },
      noReturn() {
        abort.signal.throwIfAborted();
        canCancel = false;
      },
      step(next) {
        abort.signal.throwIfAborted();
        step = next;
        undos = [];
        left = timeLeft();
        show(null);
      },
      progress(done, of) {
        if (clock.now() - shownAt < progressEvery && done !== of) return;
        shownAt = clock.now();
        show({ done, of });
      },
      log,
      undo(fn) {
        undos.push(fn);
      },
      ask(question) {
        abort.signal.throwIfAborted();
        const known = foreseen(question);
        if (known) return Promise.resolve(known);
        state.update({ work: { is: 'asking', job: kind, question } });
        return new Promise<Answer>((resolve, reject) => {
          const settle = (then: () => void) => {
            abort.signal.removeEventListener('abort', onAbort);
            if (current) current.answer = null;
            show(null);
            then();
          };
          const onAbort = () => settle(() => reject(new Cancelled()));
          abort.signal.addEventListener('abort', onAbort, { once: true });
          if (current) current.answer = (answer) => settle(() => resolve(answer));
        });
      },
    };
    state.update({ log: [] });
    show(null);
    try {
      await work(job);
      state.update({ work: { is: 'idle' } });
      return { is: 'done' };
    } catch (error) {
      for (const undo of undos.reverse()) await undo().catch((failure) => note('undo failed', failure));
      if (abort.signal.aborted) {
        state.update({ work: { is: 'idle' } });
        return { is: 'cancelled' };
      }
      note(`${kind} failed`, error);
      const problem = problemOf(error);
      state.update({ work: { is: 'failed', job: kind, safeguard, problem } });
      return { is: 'failed', problem };
    }
  }

  return {
    get busy() {
      return current !== null;
    },
    run(kind, foreseen, work) {
      if (current) throw new ProblemError('busy', {}, []);
      const abort = new AbortController();
      // `current` must exist before the work starts, or its first question would find nobody to ask.
      const ended = Promise.resolve()
        .then(() => perform(kind, foreseen, abort, work))
        .finally(() => {
          current = null;
        });
      current = { abort, ended, answer: null };
      return ended;
    },
    cancel() {
      const work = state.get().work;
      if (work.is === 'asking' || (work.is === 'running' && work.canCancel))
        current?.abort.abort(new Cancelled());
    },
    answer(answer) {
      current?.answer?.(answer);
    },
    async idle() {
      await current?.ended;
    },
  };
}
