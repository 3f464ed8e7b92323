/** Goes through the wizard as a person does, on any doors. */
import { type App, createApp } from '../../app.ts';
import type { Answer, Language, ProblemCode, Question } from '../../contract.ts';
import type { Doors } from '../../doors.ts';
import { isSettled } from '../../readings.ts';
import { hasText, translator } from '../../text.ts';
import type { Ending } from '../../work/job.ts';

/** What the person answers; they agree to everything unless a test says otherwise. */
type Person = (question: Question) => Answer;
const agreeing: Person = () => ({ is: 'yes' });

export interface Wizard {
  readonly app: App;
  /** From "Set up" to its end. */
  setUp(person?: Person): Promise<Ending | null>;
  /** What it ended with that the person has to do something about; null: it went through. */
  readonly problem: () => ProblemCode | null;
  /** Rows that ask for something. */
  readonly notOk: () => string[];
}

export function openWizard(doors: Doors): Wizard {
  const app = createApp(doors, '0.1.0');
  let answering = agreeing;
  app.state.subscribe(({ work }) => {
    if (work.is !== 'asking') return;
    const answer = answering(work.question);
    setImmediate(() => void app.act({ do: 'answer', answer }));
  });
  return {
    app,
    async setUp(person = agreeing) {
      answering = person;
      const reply = await app.act({ do: 'set-up', consent: [] });
      if (!reply.ok) throw new Error(`refused: ${reply.problem.code}`);
      return app.settled();
    },
    problem() {
      const { work } = app.state.get();
      return work.is === 'failed' ? work.problem.code : null;
    },
    notOk: () => app.state.get().rows.flatMap(({ id, finding }) => (isSettled(finding) ? [] : [id])),
  };
}

/** What is wrong with the sentences of a problem: missing ones, or blanks that nobody has filled in. Pure. */
export function missingWords(
  code: ProblemCode,
  facts: Readonly<Record<string, string | number>>,
  engine: 'WSL' | 'Lima',
): string[] {
  return (['en', 'zh-CN'] satisfies Language[]).flatMap((language) =>
    ['what', 'means', 'next'].flatMap((part) => {
      const key = `problem.${code}.${part}`;
      const sentence = translator(language, engine)(key, facts);
      return hasText(key) && !/\{\{/.test(sentence) ? [] : [`${language} ${key}: ${sentence}`];
    }),
  );
}
