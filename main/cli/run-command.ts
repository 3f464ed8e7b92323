/** ClawCove in a terminal: the same App as the window's, asked and answered in words. */
import { formatServer } from '../../assets/text/format.ts';
import type { App } from '../app.ts';
import { Answer, type Intent, type Problem, type Question, type Snapshot } from '../contract.ts';
import { isSettled } from '../readings.ts';
import { reportJson } from '../report/report.ts';
import type { Say } from '../text.ts';
import type { Ending } from '../work/job.ts';
import type { Ask, Manner } from './arguments.ts';
import {
  adminText,
  backupsText,
  type Exit,
  exitOfLook,
  exitOfProblem,
  exitOfProof,
  exits,
  lookJson,
  lookText,
  planText,
  problemText,
  proofText,
  removalText,
} from './output.ts';

/** The terminal, or whatever stands in for it. */
export interface Terminal {
  /** Whether there is a person who can be asked. */
  readonly isInteractive: boolean;
  /** The result: nothing else goes to standard output. */
  print(text: string): void;
  /** What is going on, for who watches. */
  note(text: string): void;
  /** Asks for a line; null when input has ended. */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string | null>;
  /** Everything on standard input, bounded. */
  readAll(): Promise<string>;
  /** Calls back when the person presses Ctrl+C; returns the way to stop. */
  onInterrupt(listener: () => void): () => void;
}

/** Ends a command early with what to tell and how. */
class Stop extends Error {
  readonly exit: Exit;
  readonly problem: Problem | null;
  constructor(exit: Exit, message: string, problem: Problem | null = null) {
    super(message);
    this.exit = exit;
    this.problem = problem;
  }
}

/** Everything a command needs while it runs. */
interface Run {
  readonly app: App;
  readonly manner: Manner;
  readonly terminal: Terminal;
  readonly say: Say;
}

async function agree({ manner, terminal, say }: Run, text: string, question: string): Promise<boolean> {
  if (!manner.json || !manner.yes) terminal.note(text);
  if (manner.yes) return true;
  if (!terminal.isInteractive) throw new Stop(exits.refused, say('cli.needs-yes'));
  const answer = await terminal.ask(`${question} ${say('cli.yes-no')} `);
  return answer !== null && /^\s*(y|yes|是|好)\s*$/i.test(answer);
}

/** Sends an intent; a refusal ends the command. */
async function must({ app, say }: Run, intent: Intent): Promise<void> {
  const reply = await app.act(intent);
  if (!reply.ok) throw new Stop(exits.refused, problemText(reply.problem, say), reply.problem);
}

/** Who agrees to everything beforehand gets what is safe: what they agreed to before. */
async function aboutSettings(
  run: Run,
  { changes }: Extract<Question, { is: 'settings-changed' }>,
): Promise<Answer> {
  const { say } = run;
  const lines = changes.map(({ power, name }) => `  ${say(`evidence.may-${power}`, { name })}`);
  const text = [say('cli.question.settings'), ...lines].join('\n');
  if (await agree(run, text, say('cli.question.settings-back'))) return { is: 'yes' };
  return { is: (await agree(run, '', say('cli.question.settings-keep'))) ? 'keep' : 'no' };
}

/** Of several one is chosen by its number; without anybody to ask, none is moved that wasn't told of before. */
async function aboutMovingIn(
  run: Run,
  { found, livedIn }: Extract<Question, { is: 'move-in' }>,
): Promise<Answer> {
  const { say, terminal, manner } = run;
  const lines = found.map(({ folder, version }, at) => {
    const openClaw = version === null ? 'OpenClaw' : say('backups.version', { version });
    return `  ${at + 1}. ${openClaw}, ${folder}`;
  });
  const text = [
    say('cli.question.move-in'),
    ...lines,
    say(livedIn ? 'question.move-in.lived-in' : 'question.move-in.plain'),
  ].join('\n');
  const [only] = found;
  if (!only) return { is: (await agree(run, text, say('cli.question.put-to-rest'))) ? 'keep' : 'no' };
  if (found.length === 1)
    return (await agree(run, text, say('cli.question.agree')))
      ? { is: 'move', profile: only.profile }
      : { is: 'no' };
  terminal.note(text);
  if (!terminal.isInteractive || manner.yes) return { is: 'no' };
  const chosen = found[Number(await terminal.ask(say('cli.question.which'))) - 1];
  return chosen ? { is: 'move', profile: chosen.profile } : { is: 'no' };
}

/** What nobody may say beforehand: each of these needs somebody who has looked. */
async function agreeInPerson(run: Run, text: string): Promise<Answer> {
  const { terminal, manner, say } = run;
  if (manner.yes || !terminal.isInteractive) {
    terminal.note(text);
    return { is: 'no' };
  }
  return { is: (await agree(run, text, say('cli.question.agree'))) ? 'yes' : 'no' };
}

type AboutComputer = 'computer-key' | 'computer-let-in' | 'computer-lived-in';

/** Passwords are for the window: here its person lets us in by hand. */
async function aboutComputer(run: Run, question: Extract<Question, { is: AboutComputer }>): Promise<Answer> {
  const { say } = run;
  const { host } = question;
  switch (question.is) {
    case 'computer-key':
      return agreeInPerson(
        run,
        say('cli.question.computer-key', { host, fingerprint: question.fingerprint }),
      );
    case 'computer-let-in':
      return agreeInPerson(
        run,
        [say('cli.question.computer-let-in', { host }), ...question.commands].join('\n'),
      );
    case 'computer-lived-in': {
      const signs = question.signs
        .map(({ sign, count }) => say(`question.computer-lived-in.sign.${sign}`, { number: count }))
        .join('; ');
      return agreeInPerson(run, say('cli.question.computer-lived-in', { host, signs: signs || '–' }));
    }
  }
}

async function answerTo(run: Run, question: Question): Promise<Answer> {
  if (question.is === 'admin') {
    const text = adminText(question.task, question.commands, run.say);
    return { is: (await agree(run, text, run.say('cli.question.agree'))) ? 'yes' : 'no' };
  }
  if (question.is === 'settings-changed') return aboutSettings(run, question);
  if (question.is === 'move-in') return aboutMovingIn(run, question);
  if (question.is !== 'model-key') return aboutComputer(run, question);
  if (!run.terminal.isInteractive || run.manner.yes) return { is: 'no' };
  const { model } = question;
  const provider =
    model.provider === 'custom' ? formatServer(model.baseUrl) : run.say(`provider.${model.provider}`);
  const key = await run.terminal.ask(run.say('cli.question.key', { provider }), { isSecret: true });
  const answer = Answer.safeParse({ is: 'model-key', key: key?.trim() });
  return answer.success ? answer.data : { is: 'no' };
}

/** Follows the work until it ends: says its steps, puts its questions, passes Ctrl+C on. */
async function follow(run: Run): Promise<Ending | null> {
  const { app, terminal, manner, say } = run;
  let step = '';
  let asked: Question | null = null;
  let failure: unknown = null;
  const hear = ({ work }: Snapshot) => {
    if (work.is === 'running' && work.step !== step) {
      step = work.step;
      if (!manner.json) terminal.note(`  ${say(`step.${step}`)}`);
    }
    if (work.is !== 'asking') asked = null;
    else if (JSON.stringify(work.question) !== JSON.stringify(asked)) {
      asked = work.question;
      answerTo(run, work.question)
        .then((answer) => app.act({ do: 'answer', answer }))
        .catch((error) => {
          failure = error;
          return app.act({ do: 'cancel' });
        })
        .catch(() => {});
    }
  };
  const stopHearing = app.state.subscribe(hear);
  const stopInterrupts = terminal.onInterrupt(() => {
    terminal.note(say('cli.cancelling'));
    void app.act({ do: 'cancel' });
  });
  try {
    hear(app.state.get());
    const ending = await app.settled();
    if (failure) throw failure;
    return ending;
  } finally {
    stopHearing();
    stopInterrupts();
  }
}

/** Has something done and follows it. */
async function work(run: Run, intent: Intent): Promise<Ending | null> {
  await must(run, intent);
  return follow(run);
}

async function setUp(run: Run, ask: Extract<Ask, { verb: 'setup' }>): Promise<Ending | null> {
  const { app, terminal, say, manner } = run;
  if (ask.sharedFolder !== null) await must(run, { do: 'choose-folder' });
  if (ask.isKeyOnStdin) {
    const key = Answer.safeParse({ is: 'model-key', key: (await terminal.readAll()).trim() });
    if (!key.success || key.data.is !== 'model-key') throw new Stop(exits.wrongUsage, say('cli.bad-key'));
    await must(run, { do: 'keep-model-key', key: key.data.key });
  }
  // Saving the choices, even none, also makes the plan.
  const saved = await work(run, {
    do: 'save-choices',
    choices: {
      ...(ask.model && { model: ask.model }),
      ...(manner.language && { language: manner.language }),
    },
  });
  if (saved?.is === 'failed' || saved?.is === 'cancelled') return saved;
  const { plan } = app.state.get();
  if (plan && !(await agree(run, planText(plan, say), say('cli.plan.agree'))))
    throw new Stop(exits.refused, say('cli.declined'));
  const ending = await work(run, {
    do: 'set-up',
    consent: plan?.admin.map(({ id }) => id) ?? [],
    ...(plan && plan.movesIn !== null && { movesIn: plan.movesIn }),
  });
  if (ending?.is === 'done') await moveIn(run);
  return ending;
}

/** What is refused when the person has moved in all the same is said, and fails nothing. */
async function moveIn(run: Run): Promise<void> {
  const { app, terminal, say } = run;
  const reply = await app.act({ do: 'move-in' });
  if (reply.ok) return;
  if (!app.state.get().choices.movedIn)
    throw new Stop(exits.refused, problemText(reply.problem, say), reply.problem);
  terminal.note(problemText(reply.problem, say));
}

async function remove(run: Run, keepData: boolean): Promise<Ending | null> {
  const { app, say } = run;
  await must(run, { do: 'list-removal', keepData });
  const { removal } = app.state.get();
  if (removal === null) throw new Stop(exits.refused, say('cli.nothing-to-remove'));
  if (!(await agree(run, removalText(removal, say), say('cli.removal.agree'))))
    throw new Stop(exits.refused, say('cli.declined'));
  return work(run, { do: 'remove', keepData });
}

/** A search that came no further for so many looks comes no further at all. */
const mostIdleLooks = 8;

/** Looks, and again until the search for private data, which a look doesn't wait out, has come to its end. */
async function lookToEnd({ app }: Run): Promise<void> {
  let idle = 0;
  for (let looked = -1; idle < mostIdleLooks; ) {
    await app.look();
    const finding = app.state.get().rows.find(({ id }) => id === 'private-data')?.finding;
    if (finding?.is !== 'unknown' || finding.why !== 'search-not-whole') return;
    const { count } = finding.facts;
    idle = Number(count) > looked ? 0 : idle + 1;
    looked = Number(count);
  }
}

async function perform(run: Run, ask: Ask): Promise<Ending | null> {
  switch (ask.verb) {
    case 'check':
    case 'report':
      await lookToEnd(run);
      return null;
    case 'fix':
      return work(run, ask.id === null ? { do: 'fix-all' } : { do: 'fix', id: ask.id });
    case 'setup':
      return setUp(run, ask);
    case 'update':
      return work(run, { do: 'update-now' });
    case 'backup':
      if (!ask.isList) return work(run, { do: 'back-up' });
      await run.app.look();
      return null;
    case 'restore':
      return work(run, { do: 'restore', id: ask.id });
    case 'save-copy':
      return work(run, { do: 'save-copy', id: ask.id });
    case 'bring-in':
      return work(run, { do: 'bring-in' });
    case 'remove':
      return remove(run, ask.keepData);
    default:
      return work(run, { do: ask.verb });
  }
}

/** Commands that say nothing of the safeguards when they have done what they were asked. */
function isDoneOnceDone({ verb }: Ask): boolean {
  return verb !== 'check' && verb !== 'fix' && verb !== 'setup';
}

/** The exit code of a command that came to its end. */
function exitOf(ask: Ask, ending: Ending | null, snapshot: Snapshot): Exit {
  if (ending?.is === 'failed') return exitOfProblem(ending.problem);
  if (ending?.is === 'cancelled') return exits.refused;
  if (ask.verb === 'prove') return exitOfProof(snapshot.proof);
  if (isDoneOnceDone(ask)) return exits.allWell;
  const rows = ask.verb === 'fix' && ask.id !== null ? snapshot.rows.filter(({ id }) => id === ask.id) : null;
  if (rows === null) return exitOfLook(snapshot);
  return rows.every(({ finding }) => isSettled(finding))
    ? exits.allWell
    : exitOfLook({ rows, light: 'unknown' });
}

/** Does what was asked with an App, here or far, and says how it went; resolves to the exit code. */
export async function runCommand(
  ask: Ask,
  manner: Manner,
  { app, terminal, say }: { app: App; terminal: Terminal; say: Say },
): Promise<Exit> {
  try {
    const ending = await perform({ app, manner, terminal, say }, ask);
    const snapshot = app.state.get();
    const exit = exitOf(ask, ending, snapshot);
    if (ask.verb === 'report') terminal.print(reportJson(snapshot, say));
    else if (manner.json) terminal.print(lookJson(snapshot, { ending, exit }));
    else if (ending?.is === 'failed') terminal.print(problemText(ending.problem, say));
    else if (ending?.is === 'cancelled') terminal.print(say('cli.cancelled'));
    else if (ask.verb === 'backup' || ask.verb === 'bring-in')
      terminal.print(backupsText(snapshot.backups, say));
    else if (ask.verb === 'prove') terminal.print(proofText(snapshot.proof, say));
    else if (isDoneOnceDone(ask)) terminal.print(say('cli.done'));
    else terminal.print(lookText(snapshot, say));
    return exit;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const ending: Ending = error.problem ? { is: 'failed', problem: error.problem } : { is: 'cancelled' };
    if (manner.json) terminal.print(lookJson(app.state.get(), { ending, exit: error.exit }));
    terminal.note(error.message);
    return error.exit;
  }
}
