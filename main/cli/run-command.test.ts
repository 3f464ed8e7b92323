import { describe, expect, it } from 'vitest';
import type { App } from '../app.ts';
import type {
  Attempted,
  Intent,
  ModelChoice,
  Plan,
  Problem,
  Proof,
  Reply,
  Row,
  Snapshot,
  Work,
} from '../contract.ts';
import { createState } from '../state.ts';
import { exampleRow, exampleSnapshot, withRows } from '../testing/example-snapshot.ts';
import { freshChoices } from '../testing/machine.ts';
import { translator } from '../text.ts';
import type { Ending } from '../work/job.ts';
import { readCommandLine } from './arguments.ts';
import { runCommand, type Terminal } from './run-command.ts';

const say = translator('en');
const unlocked = exampleRow('gateway-locked', {
  is: 'broken',
  why: 'gateway-unlocked',
  facts: {},
  gravity: 'danger',
  evidence: [{ code: 'none' as never, facts: {}, at: 1 }],
});
const plan: Plan = {
  changes: [{ code: 'make-home', facts: {} }],
  parts: [],
  memoryBytes: 3e9,
  mostDiskBytes: null,
  downloadBytes: 420e6,
  diskBytes: 1.4e9,
  admin: [{ id: 'install-engine', commands: ['apt-get install -y podman'] }],
  movesIn: null,
};
const asking: Work = {
  is: 'asking',
  job: 'set-up',
  question: { is: 'admin', task: 'install-engine', commands: ['apt-get install -y podman'] },
};

/** An App that answers as told, and remembers what it was asked. */
function fakeApp(
  options: {
    snapshot?: Partial<Snapshot>;
    ending?: Ending;
    reply?: Reply;
    replies?: Partial<Record<Intent['do'], Reply>>;
    asks?: Work;
    rowsAfter?: Row[];
    /** What each look finds, one after the other. */
    looks?: Row[][];
  } = {},
) {
  const state = createState(exampleSnapshot(options.snapshot));
  const intents: Intent[] = [];
  const looked = { count: 0 };
  let answered = () => {};
  let settled: Promise<Ending | null> = Promise.resolve(null);
  const app: App = {
    state,
    async act(intent) {
      intents.push(intent);
      if (intent.do === 'answer' || intent.do === 'cancel') answered();
      else if (['fix', 'fix-all', 'set-up', 'stop', 'start', 'prove', 'remove'].includes(intent.do)) {
        const { asks, ending = { is: 'done' } } = options;
        settled = new Promise<void>((resolve) => {
          answered = resolve;
          if (asks) state.update({ work: asks });
          else resolve();
        }).then(() => {
          state.update({ work: { is: 'idle' }, ...(options.rowsAfter && { rows: options.rowsAfter }) });
          return ending;
        });
      }
      return options.replies?.[intent.do] ?? options.reply ?? { ok: true };
    },
    settled: () => settled,
    async look() {
      looked.count++;
      const rows = options.looks?.shift();
      state.update({ lookedAt: 1_700_000_000_000, ...(rows && { rows }) });
    },
    start: async () => {},
    nudge: () => {},
    close: async () => {},
  };
  return { app, intents, looked };
}

async function run(
  words: string,
  options: Parameters<typeof fakeApp>[0] & { answers?: (string | null)[]; stdin?: string } = {},
) {
  const line = readCommandLine(words.split(' '));
  if (line.is !== 'work') throw new Error(line.is);
  const { app, intents, looked } = fakeApp(options);
  const printed: string[] = [];
  const noted: string[] = [];
  const prompted: string[] = [];
  const answers = options.answers;
  const terminal: Terminal = {
    isInteractive: answers !== undefined,
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    ask: async (question) => {
      prompted.push(question);
      return answers?.shift() ?? null;
    },
    readAll: async () => options.stdin ?? '',
    onInterrupt: () => () => {},
  };
  const exit = await runCommand(line.ask, line.manner, { app, terminal, say });
  return {
    exit,
    intents,
    looked: looked.count,
    out: printed.join('\n'),
    notes: noted.join('\n'),
    prompts: prompted.join('\n'),
  };
}

const doing = (intents: readonly Intent[]) => intents.map((intent) => intent.do);

describe('report', () => {
  it('prints the safety report, whatever it says', async () => {
    const snapshot = { rows: withRows(unlocked), light: 'danger' as const };
    const { exit, out } = await run('report', { snapshot });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: say('report.title'), light: 'danger' });
  });
});

describe('check', () => {
  it('prints one line for each safeguard and exits with 0 when all is well', async () => {
    const { exit, out, intents } = await run('check');
    expect(exit).toBe(0);
    expect(out.match(/^✓ /gm)).toHaveLength(exampleSnapshot().rows.length);
    expect(intents).toEqual([]);
  });

  it('names the files with private data under their safeguard', async () => {
    const file = {
      id: '00',
      place: 'shared',
      untrustedWithin: null,
      kinds: ['passport', 'bank-card'],
    } as const;
    const found = {
      shown: [
        { ...file, kinds: [...file.kinds], untrustedName: 'id.txt' },
        { ...file, kinds: ['passport' as const], untrustedName: 'old.zip', untrustedWithin: 'a/b.docx' },
      ],
      total: 5,
    };
    const privateFiles = { ...exampleSnapshot().privateFiles, found };
    const red = exampleRow('private-data', {
      is: 'broken',
      why: 'private-files-found',
      facts: { count: 5 },
      gravity: 'danger',
      evidence: [],
    });
    const { exit, out } = await run('check', {
      snapshot: { privateFiles, rows: withRows(red), light: 'danger' },
    });
    expect(exit).toBe(1);
    expect(out).toContain(
      '5 files that OpenClaw can reach hold private data.\n' +
        '    id.txt (Passport, Bank card)\n    old.zip, in a/b.docx (Passport)\n    And 3 more files.\n',
    );
    expect((await run('check', { snapshot: { privateFiles } })).out).not.toContain('id.txt');
  });

  it('looks until the search for private data has come to its end, or comes no further', async () => {
    const searching = (count: number) =>
      withRows(
        exampleRow('private-data', {
          is: 'unknown',
          why: 'search-not-whole',
          facts: { count },
          evidence: [],
        }),
      );
    const looks = [searching(10), searching(200), exampleSnapshot().rows, searching(1)];
    expect(await run('check', { looks })).toMatchObject({ exit: 0, looked: 3 });
    const stuck = await run('check', { snapshot: { light: 'unknown' }, looks: [searching(10)] });
    expect(stuck.exit).toBe(2);
    expect(stuck.looked).toBeLessThan(12);
  });

  it('exits with 1 when something is broken, and says what and how to put it right', async () => {
    const snapshot = { rows: withRows(unlocked), light: 'danger' as const };
    const { exit, out } = await run('check', { snapshot });
    expect(exit).toBe(1);
    const title = say('safeguard.gateway-locked.title');
    expect(out).toContain(`✗ ${title} — ${say('reason.gateway-unlocked')}`);
    expect(out).toContain('clawcove fix');
  });

  it('exits with 2 when it could not look', async () => {
    const row = exampleRow('agent-version', { is: 'unknown', why: 'took-too-long', facts: {}, evidence: [] });
    const { exit, out } = await run('check', { snapshot: { rows: withRows(row), light: 'unknown' } });
    expect(exit).toBe(2);
    expect(out).toMatch(/^\? /m);
  });

  it('takes what was stopped on purpose for well', async () =>
    expect((await run('check', { snapshot: { light: 'stopped' } })).exit).toBe(0));

  it('names the cause instead of a consequence', async () => {
    const row = exampleRow(
      'gateway-locked',
      { is: 'unknown', why: 'waiting', facts: {}, evidence: [] },
      { blame: 'engine-ready' },
    );
    const { out } = await run('check', { snapshot: { rows: withRows(row), light: 'unknown' } });
    expect(out).toContain(say('cli.waits-for', { cause: say('safeguard.engine-ready.title') }));
  });

  it('prints JSON of a stable shape', async () => {
    const { out, exit } = await run('check --json', {
      snapshot: { rows: withRows(unlocked), light: 'danger' },
    });
    const json = JSON.parse(out);
    expect(Object.keys(json)).toEqual([
      'version',
      'light',
      'lookedAt',
      'openClawVersion',
      'rows',
      'versionNews',
      'backups',
      'privateFiles',
      'proof',
      'ending',
      'exit',
    ]);
    expect(json).toMatchObject({ version: '1.2.3', light: 'danger', exit, ending: null });
    expect(json.lookedAt).toBe('2023-11-14T22:13:20.000Z');
    expect(json.rows.find(({ id }: Row) => id === 'gateway-locked')).toMatchObject({
      is: 'broken',
      why: 'gateway-unlocked',
      gravity: 'danger',
      blame: null,
      fixable: true,
    });
  });
});

describe('fix', () => {
  it('asks before an administrator is asked, and passes the answer on', async () => {
    const { exit, intents, notes } = await run('fix', { asks: asking, answers: ['y'] });
    expect(exit).toBe(0);
    expect(intents).toEqual([{ do: 'fix-all' }, { do: 'answer', answer: { is: 'yes' } }]);
    expect(notes).toContain('    apt-get install -y podman');
  });

  it('names the server that a key goes to, and nothing else of its address', async () => {
    const model: ModelChoice = {
      provider: 'custom',
      baseUrl: 'https://evil.example/?https://api.openai.com/v1',
      modelId: 'm',
    };
    const { prompts } = await run('fix', {
      asks: { is: 'asking', job: 'fix-all', question: { is: 'model-key', model } },
      answers: ['sk-key'],
    });
    expect(prompts).toContain('evil.example');
    expect(prompts).not.toContain('openai');
  });

  it('takes anything but yes for no', async () => {
    const problem: Problem = { code: 'admin-declined', facts: {}, next: [] };
    const { exit, intents } = await run('fix', {
      asks: asking,
      answers: [''],
      ending: { is: 'failed', problem },
    });
    expect(intents.at(-1)).toEqual({ do: 'answer', answer: { is: 'no' } });
    expect(exit).toBe(4);
  });

  it('does not go on where nobody can be asked, unless told so beforehand', async () => {
    const refused = await run('fix', { asks: asking });
    expect(refused.exit).toBe(4);
    expect(doing(refused.intents)).toEqual(['fix-all', 'cancel']);
    const agreed = await run('fix --yes', { asks: asking });
    expect(agreed.exit).toBe(0);
    expect(agreed.intents.at(-1)).toEqual({ do: 'answer', answer: { is: 'yes' } });
  });

  it('exits by its own safeguard when it was given one', async () => {
    const rowsAfter = withRows(unlocked);
    expect((await run('fix agent-version', { rowsAfter })).exit).toBe(0);
    expect((await run('fix gateway-locked', { rowsAfter, snapshot: { light: 'danger' } })).exit).toBe(1);
  });

  it('says apart what doesn’t apply here, and takes it for no failure', async () => {
    const aside = exampleRow('app-current', {
      is: 'not-applicable',
      why: 'app-by-system',
      facts: {},
      evidence: [],
    });
    const { out } = await run('check', { snapshot: { rows: withRows(aside) } });
    expect(out).toContain(`– ${say('safeguard.app-current.title')} — ${say('reason.app-by-system')}`);
    expect((await run('fix app-current', { rowsAfter: withRows(aside) })).exit).toBe(0);
  });

  it('exits with 3 and says why when the work failed', async () => {
    const problem: Problem = { code: 'still-broken', facts: {}, next: [] };
    const { exit, out } = await run('fix', { ending: { is: 'failed', problem } });
    expect(exit).toBe(3);
    expect(out).toContain(say('problem.still-broken.what'));
  });

  it('exits with 4 when it was refused or cancelled', async () => {
    const problem: Problem = { code: 'busy', facts: {}, next: [] };
    expect((await run('fix', { reply: { ok: false, problem } })).exit).toBe(4);
    expect((await run('fix', { ending: { is: 'cancelled' } })).exit).toBe(4);
  });
});

describe('setup', () => {
  it('shows the plan, asks, sets up with the consent it was given, and moves in', async () => {
    const { exit, intents, notes } = await run('setup', { snapshot: { plan }, answers: ['yes'] });
    expect(exit).toBe(0);
    expect(doing(intents)).toEqual(['save-choices', 'set-up', 'move-in']);
    expect(intents[1]).toEqual({ do: 'set-up', consent: ['install-engine'] });
    expect(notes).toContain(say('change.make-home'));
    expect(notes).toContain('420 MB');
  });

  it('changes nothing when the answer is no, or nobody can be asked', async () => {
    for (const answers of [['n'], [null], undefined]) {
      const { exit, intents } = await run('setup', { snapshot: { plan }, ...(answers && { answers }) });
      expect(exit).toBe(4);
      expect(doing(intents)).toEqual(['save-choices']);
    }
  });

  it('needs nobody with --yes, and takes the key from standard input only', async () => {
    const { exit, intents, out, notes } = await run('setup --yes --model deepseek --model-key-stdin', {
      snapshot: { plan },
      stdin: 'sk-very-secret\n',
    });
    expect(exit).toBe(0);
    expect(intents.slice(0, 2)).toEqual([
      { do: 'keep-model-key', key: 'sk-very-secret' },
      { do: 'save-choices', choices: { model: { provider: 'deepseek' } } },
    ]);
    expect(out + notes).not.toContain('secret');
  });

  it('refuses what is no key', async () => {
    const { exit, intents } = await run('setup --yes --model openai --model-key-stdin', {
      stdin: 'two words',
    });
    expect(exit).toBe(64);
    expect(intents).toEqual([]);
  });

  it('takes a folder from the command line the way of the dialog', async () => {
    const { intents } = await run('setup --yes --shared-folder /srv/claw');
    expect(doing(intents)).toEqual(['choose-folder', 'save-choices', 'set-up', 'move-in']);
  });

  it('says what was refused when moving in, and fails only where nobody has moved in', async () => {
    const problem: Problem = { code: 'login-start-refused', facts: {}, next: [] };
    const replies = { 'move-in': { ok: false, problem } } as const;
    const at = (movedIn: boolean) => ({ snapshot: { choices: { ...freshChoices, movedIn } }, replies });
    const moved = await run('setup --yes', at(true));
    expect(moved.exit).toBe(0);
    expect(moved.notes).toContain(say('problem.login-start-refused.what'));
    expect((await run('setup --yes', at(false))).exit).toBe(4);
  });

  it('does not move in when it failed', async () => {
    const problem: Problem = { code: 'unexpected', facts: { detail: 'x' }, next: [] };
    const { exit, intents } = await run('setup --yes', { ending: { is: 'failed', problem } });
    expect(exit).toBe(3);
    expect(doing(intents)).toEqual(['save-choices', 'set-up']);
  });
});

describe('remove', () => {
  const removal = {
    goes: [{ code: 'home' as const, facts: {} }],
    stays: [{ code: 'memories' as const, facts: {} }],
  };

  it('says what goes and what stays, and asks', async () => {
    const { exit, intents, notes } = await run('remove', { snapshot: { removal }, answers: ['y'] });
    expect(exit).toBe(0);
    expect(intents).toEqual([
      { do: 'list-removal', keepData: true },
      { do: 'remove', keepData: true },
    ]);
    expect(notes.indexOf(say('change.memories'))).toBeGreaterThan(notes.indexOf(say('cli.removal.stays')));
  });

  it('lists what it then does, with the memories too', async () => {
    const { intents } = await run('remove --delete-data --yes', { snapshot: { removal } });
    expect(intents).toEqual([
      { do: 'list-removal', keepData: false },
      { do: 'remove', keepData: false },
    ]);
  });
});

it.each(['stop', 'start'] as const)('%s does it and says so', async (verb) => {
  const { exit, intents, out } = await run(verb);
  expect(exit).toBe(0);
  expect(intents).toEqual([{ do: verb }]);
  expect(out).toBe(say('cli.done'));
});

describe('prove', () => {
  const stopped: Attempted = { is: 'stopped', by: 'refused', witness: 'inside' };
  const through: Attempted = { is: 'got-through', witness: 'outside' };
  const untried: Attempted = { is: 'could-not-try', why: 'nobody-there' };
  const proofOf = (...results: Attempted[]): Proof => ({
    at: 1,
    version: '2026.9.6',
    attempts: results.map((result, index) => ({
      id: (['sudo', 'engine', 'cloud-metadata'] as const)[index] ?? 'su',
      guide: 'isolated',
      result,
    })),
  });

  it.each([
    ['nothing got through', [stopped, stopped], 0],
    ['some could not be tried', [stopped, untried], 0],
    ['something got through', [stopped, through, untried], 1],
    ['nothing could be tried', [untried, untried], 2],
  ] as const)('ends so that scripts know: %s', async (_, results, exit) => {
    const snapshot = { proof: proofOf(...results) };
    expect(await run('prove', { snapshot })).toMatchObject({ exit, intents: [{ do: 'prove' }] });
  });

  it('says of every attempt what was tried and what came of it, and then the whole', async () => {
    const { out } = await run('prove', { snapshot: { proof: proofOf(stopped, through, untried) } });
    expect(out.split('\n')).toEqual([
      `✓ ${say('attempt.sudo.tried')} — ${say('stopper.refused')}`,
      `✗ ${say('attempt.engine.tried')} — ${say('attempt.engine.through')}`,
      `? ${say('attempt.cloud-metadata.tried')} — ${say('untried.nobody-there')}`,
      '',
      '1 attempt got through. The safe home has a gap.',
    ]);
  });

  it('has it all for programs', async () => {
    const proof = proofOf(stopped, through);
    const { out } = await run('prove --json', { snapshot: { proof } });
    expect(JSON.parse(out)).toMatchObject({ proof, exit: 1, ending: { is: 'done' } });
  });

  it('fails like other work where there is nobody to try', async () => {
    const problem: Problem = { code: 'home-not-running', facts: {}, next: [] };
    expect(await run('prove', { ending: { is: 'failed', problem } })).toMatchObject({ exit: 3 });
  });
});
