import type {
  Answer,
  JobKind,
  Problem,
  Progress,
  Question,
  SafeguardId,
  StepCode,
  Work,
} from '../contract.ts';
import type { Clock } from '../doors.ts';
import { plainLine } from '../plain-text.ts';
import { Cancelled, ProblemError, problemOf } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';
import type { State } from '../state.ts';
import { timeLeft } from './time-left.ts';

/** One piece of work with a beginning and an end, as the code that does it sees it. */
export interface Job extends Report {
  /** Names what happens now; forgets the undo steps of what came before, which is now done. */
  step(step: StepCode): void;
  /** How many files of how many are done. */
  count(done: number, of: number): void;
  /** From here on the job must run to its end: it can't be cancelled any more. */
  noReturn(): void;
  /** What takes the unfinished step back if it fails or is cancelled. Run in reverse order. */
  undo(fn: () => Promise<void>): void;
  /** Asks the person; rejects with {@link Cancelled} when the job is cancelled instead. */
  ask(question: Question): Promise<Answer>;
  /** What the person has answered to this beforehand, without asking them; null when nothing. */
  foreseen(question: Question): Answer | null;
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

/** The job that runs. */
interface Running {
  readonly abort: AbortController;
  answer: ((answer: Answer) => void) | null;
  canCancel: boolean;
  /** What reports late, e.g. the last piece of an interrupted download, is not shown any more. */
  isOver: boolean;
}

export function createJobs(
  state: State,
  clock: Clock,
  note: (message: string, error?: unknown) => void,
): Jobs {
  let current: { readonly running: Running; readonly ended: Promise<Ending> } | null = null;

  async function perform(
    kind: JobKind,
    foreseen: Foreseen,
    running: Running,
    work: (job: Job) => Promise<void>,
  ): Promise<Ending> {
    const { abort } = running;
    let safeguard: SafeguardId | null = null;
    let step: StepCode = 'looking';
    let undos: (() => Promise<void>)[] = [];
    let shownAt = Number.NEGATIVE_INFINITY;
    let left = timeLeft();
    let reached: Pick<Progress, 'done' | 'of' | 'unit'> | null = null;
    const show = () => {
      if (running.isOver) return;
      state.update({
        work: {
          is: 'running',
          job: kind,
          safeguard,
          step,
          canCancel: running.canCancel,
          progress: reached && {
            ...reached,
            secondsLeft: left(clock.monotonic(), reached.done, reached.of),
          },
        },
      });
    };
    const over = (last: Work) => {
      running.isOver = true;
      state.update({ work: last });
    };
    const reach = (next: Pick<Progress, 'done' | 'of' | 'unit'>) => {
      if (clock.monotonic() - shownAt < progressEvery && next.done !== next.of) return;
      shownAt = clock.monotonic();
      reached = next;
      show();
    };
    const job: Job = {
      signal: abort.signal,
      about(id) {
        safeguard = id;
      },
      noReturn() {
        abort.signal.throwIfAborted();
        running.canCancel = false;
        show();
      },
      step(next) {
        abort.signal.throwIfAborted();
        step = next;
        undos = [];
        left = timeLeft();
        reached = null;
        show();
      },
      progress: (done, of) => reach({ done, of, unit: 'bytes' }),
      count: (done, of) => reach({ done, of, unit: 'files' }),
      log(line) {
        note(line);
        if (running.isOver) return;
        state.update({ log: [...state.get().log.slice(1 - logLines), plainLine(line, lineLength)] });
      },
      undo(fn) {
        undos.push(fn);
      },
      foreseen,
      ask(question) {
        abort.signal.throwIfAborted();
        const known = foreseen(question);
        if (known) return Promise.resolve(known);
        state.update({ work: { is: 'asking', job: kind, question } });
        return new Promise<Answer>((resolve, reject) => {
          const settle = (then: () => void) => {
            abort.signal.removeEventListener('abort', onAbort);
            running.answer = null;
            show();
            then();
          };
          const onAbort = () => settle(() => reject(new Cancelled()));
          abort.signal.addEventListener('abort', onAbort, { once: true });
          running.answer = (answer) => settle(() => resolve(answer));
        });
      },
    };
    state.update({ log: [] });
    show();
    try {
      await work(job);
      over({ is: 'idle' });
      return { is: 'done' };
    } catch (error) {
      const isCancelled = abort.signal.aborted;
      // What takes back must run to its end.
      running.canCancel = false;
      for (const undo of undos.reverse()) {
        try {
          await undo();
        } catch (failure) {
          note('undo failed', failure);
        }
      }
      if (isCancelled) {
        over({ is: 'idle' });
        return { is: 'cancelled' };
      }
      note(`${kind} failed`, error);
      const problem = problemOf(error);
      over({ is: 'failed', job: kind, safeguard, problem });
      return { is: 'failed', problem };
    }
  }

  return {
    get busy() {
      return current !== null;
    },
    run(kind, foreseen, work) {
      if (current) throw new ProblemError('busy', {}, []);
      const running: Running = {
        abort: new AbortController(),
        answer: null,
        canCancel: true,
        isOver: false,
      };
      // `current` must exist before the work starts, or its first question would find nobody to ask.
      const ended = Promise.resolve()
        .then(() => perform(kind, foreseen, running, work))
        .finally(() => {
          current = null;
        });
      current = { running, ended };
      return ended;
    },
    cancel() {
      if (current?.running.canCancel) current.running.abort.abort(new Cancelled());
      // Past the point of no return a question can't be cancelled any more, only declined.
      else current?.running.answer?.({ is: 'no' });
    },
    answer(answer) {
      current?.running.answer?.(answer);
    },
    async idle() {
      await current?.ended;
    },
  };
}
