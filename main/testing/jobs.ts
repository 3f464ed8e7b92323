/** One job on a machine in memory, and what it showed. */
import type { Answer, Question, Snapshot, StepCode, Work } from '../contract.ts';
import { noPrivateFiles } from '../private-data/list.ts';
import { createState, type State } from '../state.ts';
import { createJobs, type Ending, type Job, type Jobs } from '../work/job.ts';
import { openDoors, type TestDoors } from './doors.ts';
import { freshChoices, type Machine } from './machine.ts';

/** A Snapshot in which nothing has happened yet. */
export const blankSnapshot: Snapshot = {
  appVersion: '1.2.3',
  choices: freshChoices,
  computer: null,
  plan: null,
  rows: [],
  light: 'unknown',
  lookedAt: null,
  looking: false,
  work: { is: 'idle' },
  log: [],
  openClawVersion: null,
  removal: null,
  versionNews: { is: 'none' },
  backups: [],
  privateFiles: noPrivateFiles,
  skills: [],
  homes: [],
  formerHome: null,
  hostMovedAt: null,
  proof: null,
};

export interface TestJobs extends TestDoors {
  readonly jobs: Jobs;
  readonly state: State;
  /** Every state of the work that was shown. */
  readonly shown: Work[];
  /** Runs one job; questions are answered by `answerTo`, or stay open when it returns null. */
  run(work: (job: Job) => Promise<void>, answerTo?: (question: Question) => Answer | null): Promise<Ending>;
  /** The steps that were named, in order, without repetitions. */
  steps(): StepCode[];
}

export function testJobs(machine?: Machine, options?: Parameters<typeof openDoors>[1]): TestJobs {
  const test = openDoors(machine, options);
  const state = createState(blankSnapshot);
  const jobs = createJobs(state, test.doors.clock, (message, error) => test.doors.log.error(message, error));
  const shown: Work[] = [];
  state.subscribe(({ work }) => {
    if (work !== (shown.at(-1) ?? blankSnapshot.work)) shown.push(work);
  });
  return {
    ...test,
    jobs,
    state,
    shown,
    run: (work, answerTo = () => null) => jobs.run('fix', answerTo, work),
    steps() {
      const steps = shown.flatMap((work) => (work.is === 'running' ? [work.step] : []));
      return steps.filter((step, index) => step !== steps[index - 1]);
    },
  };
}
