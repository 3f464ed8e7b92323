/** Whole apps on a machine in memory, and how far they have come. */
import { type App, createApp } from '../app.ts';
import type { Answer, Intent, ModelChoice, Question, SafeguardId } from '../contract.ts';
import { isSettled } from '../readings.ts';
import type { Ending } from '../work/job.ts';
import { openDoors, type TestDoors } from './doors.ts';
import { appVersion, createMachine, type Machine } from './machine.ts';

/** The key that the person has for a service; nobody else may ever see it. */
export const keyFor = (provider: ModelChoice['provider']): string => `sk-only-for-the-eyes-of-${provider}`;

const yes = (question: Question): Answer =>
  question.is === 'model-key' ? { is: 'model-key', key: keyFor(question.model.provider) } : { is: 'yes' };

/** ClawCove, started on a machine. */
export interface TestApp extends TestDoors {
  readonly app: App;
  /** Has something done, answering every question, and resolves with how it ended. */
  do(intent: Intent, answerTo?: (question: Question) => Answer): Promise<Ending | null>;
  /** The safeguards that ask for something, as the Snapshot shows them. */
  notOk(): SafeguardId[];
}

export function startApp(
  machine: Machine = createMachine(),
  options?: Parameters<typeof openDoors>[1],
): TestApp {
  const test = openDoors(machine, options);
  const app = createApp(test.doors, appVersion);
  return {
    ...test,
    app,
    async do(intent, answerTo = yes) {
      const stop = app.state.subscribe(({ work }) => {
        if (work.is !== 'asking') return;
        const answer = answerTo(work.question);
        setImmediate(() => void app.act({ do: 'answer', answer }));
      });
      const reply = await app.act(intent);
      if (!reply.ok) throw new Error(`refused: ${reply.problem.code} ${JSON.stringify(reply.problem.facts)}`);
      const ending = await app.settled();
      stop();
      return ending;
    },
    notOk: () => app.state.get().rows.flatMap(({ id, finding }) => (isSettled(finding) ? [] : [id])),
  };
}

/** A machine on which setup went through, with the person at home. */
export async function movedInMachine(change: Partial<Machine> = {}): Promise<Machine> {
  const test = startApp(createMachine(change));
  const ending = await test.do({ do: 'set-up', consent: [] });
  if (ending?.is !== 'done') throw new Error(`setup ended as ${JSON.stringify(ending)}`);
  await test.do({ do: 'move-in' });
  test.machine.state?.memories.push('my name is Ada');
  return test.machine;
}
