import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { serveFar } from '../bridge/far.ts';
import { type Claim, claim, findOwner, type OwnerPlace } from '../bridge/owner.ts';
import { type Language, modelProviders, safeguardIds } from '../contract.ts';
import type { Desktop, Doors, Log } from '../doors.ts';
import { problemOf } from '../problem.ts';
import { translator } from '../text.ts';
import { type Ask, readCommandLine } from './arguments.ts';
import { exitOfProblem, exits, problemText } from './output.ts';
import { runCommand, type Terminal } from './run-command.ts';

/** Where a command's work is done. */
type Place =
  | { readonly is: 'app'; readonly app: App; leave(): Promise<void> }
  | {
      readonly is: 'nowhere';
      readonly why:
        | 'administrator'
        | 'busy'
        | 'other-version'
        | 'no-answer'
        | 'folder-elsewhere'
        | 'file-elsewhere';
    };

export interface CommandLineOptions {
  readonly terminal: Terminal;
  readonly version: string;
  /** The language to speak when nobody has chosen one. */
  readonly language: Language;
  readonly owner: OwnerPlace;
  /** Known before anything is touched: what root writes here, the person couldn't change any more. */
  readonly isRoot: boolean;
  readonly log: Log;
  /** Opens the doors, with some of the desktop's replaced by what the command line says. */
  readonly openDoors: (desktop: Partial<Desktop>) => Promise<Doors>;
  readonly createApp: (doors: Doors, version: string) => App;
}

/** The App of the ClawCove that is at work already: the one who works is the one who is asked. */
async function placeOfOwner(
  owner: Exclude<Claim, { is: 'ours' }>,
  ask: Ask,
  version: string,
): Promise<Place> {
  if (owner.is === 'silent') return { is: 'nowhere', why: 'no-answer' };
  const { by } = owner;
  const refuse = (why: Extract<Place, { is: 'nowhere' }>['why']): Place => {
    by.hangUp();
    return { is: 'nowhere', why };
  };
  if (by.version !== version) return refuse('other-version');
  if (by.face === 'terminal' && ask.verb !== 'check') return refuse('busy');
  if (ask.verb === 'setup' && ask.sharedFolder !== null) return refuse('folder-elsewhere');
  if (ask.verb === 'save-copy' || ask.verb === 'bring-in') return refuse('file-elsewhere');
  return { is: 'app', app: await by.app(), leave: async () => by.hangUp() };
}

/** What a person would say in a window's dialogs stands on the command line. */
function handsFor(ask: Ask): Partial<Desktop> {
  if (ask.verb === 'setup' && ask.sharedFolder !== null) {
    const folder = resolve(ask.sharedFolder);
    return { chooseFolder: async () => folder };
  }
  if (ask.verb !== 'save-copy' && ask.verb !== 'bring-in') return {};
  const file = resolve(ask.file);
  return { chooseCopyPlace: async () => file, chooseCopy: async () => file };
}

/** Whether it is certain; where nobody can tell, the row that looks for it says so. */
function isAdministrator({ computer, log }: Doors): boolean {
  try {
    return computer.isAdministrator();
  } catch (error) {
    log.error('could not tell whether this runs as administrator', error);
    return false;
  }
}

async function placeFor(ask: Ask, options: CommandLineOptions): Promise<Place> {
  const { version, owner, log } = options;
  if (options.isRoot) return { is: 'nowhere', why: 'administrator' };
  // Looking changes nothing, so it keeps nobody out.
  const claimed = ask.verb === 'check' ? await findOwner(owner) : await claim(owner);
  if (claimed !== null && claimed.is !== 'ours') return placeOfOwner(claimed, ask, version);
  const doors = await options.openDoors(handsFor(ask));
  if (isAdministrator(doors)) {
    await claimed?.release();
    return { is: 'nowhere', why: 'administrator' };
  }
  const app = options.createApp(doors, version);
  claimed?.answer((socket) =>
    serveFar(socket, { face: 'terminal', version, app: Promise.resolve(app), onShow: () => false, log }),
  );
  return {
    is: 'app',
    app,
    async leave() {
      await app.close();
      await claimed?.release();
    },
  };
}

/** Runs the command that the words after the program's name ask for; resolves to the exit code, never rejects. */
export async function commandLine(words: readonly string[], options: CommandLineOptions): Promise<number> {
  try {
    return await answer(words, options);
  } catch (error) {
    options.log.error('the command failed', error);
    const problem = problemOf(error);
    options.terminal.note(problemText(problem, translator(options.language)));
    return exitOfProblem(problem);
  }
}

async function answer(words: readonly string[], options: CommandLineOptions): Promise<number> {
  const { terminal, version } = options;
  const line = readCommandLine(words);
  if (line.is === 'wrong') {
    const say = translator(options.language);
    terminal.note(say(`cli.wrong.${line.why}`, { word: line.word, option: line.option }));
    terminal.note(say('cli.wrong.help'));
    return exits.wrongUsage;
  }
  const { manner } = line;
  if (line.is === 'version') {
    terminal.print(version);
    return exits.allWell;
  }
  if (line.is !== 'work') {
    const providers = modelProviders.join(', ');
    const names = { providers, safeguards: safeguardIds.join('\n  ') };
    terminal.print(translator(manner.language ?? options.language)('cli.usage', names));
    return exits.allWell;
  }
  const place = await placeFor(line.ask, options);
  if (place.is === 'nowhere') {
    const say = translator(manner.language ?? options.language);
    terminal.note(place.why === 'busy' ? say('problem.busy.what') : say(`cli.${place.why}`));
    return place.why === 'no-answer' ? exits.workFailed : exits.refused;
  }
  try {
    const { choices } = place.app.state.get();
    const say = translator(manner.language ?? choices.language, choices.engine);
    return await runCommand(line.ask, manner, { app: place.app, terminal, say });
  } finally {
    await place.leave();
  }
}
