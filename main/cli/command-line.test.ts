import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../app.ts';
import { serveFar } from '../bridge/far.ts';
import { claim } from '../bridge/owner.ts';
import type { Desktop, Doors } from '../doors.ts';
import { createState } from '../state.ts';
import { exampleSnapshot } from '../testing/example-snapshot.ts';
import { translator } from '../text.ts';
import { type CommandLineOptions, commandLine } from './command-line.ts';
import type { Terminal } from './run-command.ts';

const say = translator('en');
const log = { info: () => {}, error: () => {} };
let folder: string;
let owner: { readonly path: string; readonly isFile: boolean };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawcove-command-'));
  owner = { path: join(folder, 'owner.sock'), isFile: true };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function exampleApp(change: Partial<App> = {}): App {
  return {
    state: createState(exampleSnapshot()),
    act: vi.fn(async () => ({ ok: true }) as const),
    settled: async () => ({ is: 'done' }),
    look: vi.fn(async () => {}),
    start: async () => {},
    nudge: () => {},
    close: vi.fn(async () => {}),
    ...change,
  };
}

async function run(words: string, change: Partial<CommandLineOptions> & { isAdministrator?: boolean } = {}) {
  const out: string[] = [];
  const app = exampleApp();
  const openDoors = vi.fn(
    async (_instead: Partial<Desktop>) =>
      ({ computer: { isAdministrator: () => change.isAdministrator ?? false } }) as unknown as Doors,
  );
  const terminal: Terminal = {
    isInteractive: false,
    print: (text) => void out.push(text),
    note: (text) => void out.push(text),
    ask: async () => null,
    readAll: async () => '',
    onInterrupt: () => () => {},
  };
  const options = { terminal, version: '1.2.3', language: 'en', owner, isRoot: false, log } as const;
  const exit = await commandLine(words.split(' '), {
    ...options,
    openDoors,
    createApp: () => app,
    ...change,
  });
  return { exit, out: out.join('\n'), app, openDoors };
}

/** Another ClawCove that is there already. */
async function somebody(face: 'app' | 'terminal', app: App, version = '1.2.3') {
  const claimed = await claim(owner);
  if (claimed.is !== 'ours') throw new Error(claimed.is);
  claimed.answer((socket) =>
    serveFar(socket, { face, version, app: Promise.resolve(app), onShow: () => true, log }),
  );
  return claimed;
}

it('works here when nobody else does, and leaves the place free', async () => {
  const { exit, app } = await run('stop');
  expect(exit).toBe(0);
  expect(app.act).toHaveBeenCalledWith({ do: 'stop' });
  expect(app.close).toHaveBeenCalled();
  expect((await run('start')).exit).toBe(0);
});

it('has the app that runs do it, and opens no doors of its own', async () => {
  const there = exampleApp();
  const owner = await somebody('app', there);
  const { exit, openDoors } = await run('fix gateway-locked');
  expect(exit).toBe(0);
  expect(there.act).toHaveBeenCalledWith({ do: 'fix', id: 'gateway-locked' });
  expect(openDoors).not.toHaveBeenCalled();
  await owner.release();
});

it('does not start a second work beside a command, but looks with it', async () => {
  const there = exampleApp();
  const owner = await somebody('terminal', there);
  expect(await run('fix')).toMatchObject({ exit: 4, out: say('problem.busy.what') });
  expect((await run('check')).exit).toBe(0);
  expect(there.look).toHaveBeenCalledOnce();
  expect(there.act).not.toHaveBeenCalled();
  await owner.release();
});

it('does not speak to another version', async () => {
  const owner = await somebody('app', exampleApp(), '1.2.4');
  expect(await run('check')).toMatchObject({ exit: 4, out: say('cli.other-version') });
  await owner.release();
});

it('takes a folder only where it does the work itself', async () => {
  const { openDoors } = await run('setup --yes --shared-folder claw');
  const [instead] = openDoors.mock.calls[0] ?? [];
  expect(await instead?.chooseFolder?.('en')).toBe(join(process.cwd(), 'claw'));
  const owner = await somebody('app', exampleApp());
  expect(await run('setup --yes --shared-folder claw')).toMatchObject({
    exit: 4,
    out: say('cli.folder-elsewhere'),
  });
  await owner.release();
});

it('takes a file only where it does the work itself', async () => {
  const { openDoors } = await run('bring-in copy.clawcove');
  const [instead] = openDoors.mock.calls[0] ?? [];
  expect(await instead?.chooseCopy?.('en')).toBe(join(process.cwd(), 'copy.clawcove'));
  const owner = await somebody('app', exampleApp());
  expect(await run('bring-in copy.clawcove')).toMatchObject({ exit: 4, out: say('cli.file-elsewhere') });
  await owner.release();
});

it('does nothing with administrator rights, and touches nothing as root', async () => {
  const refused = { exit: 4, out: say('cli.administrator') };
  expect(await run('check', { isAdministrator: true })).toMatchObject(refused);
  const asRoot = await run('fix', {
    isRoot: true,
    owner: { path: join(folder, 'new', 'owner.sock'), isFile: true },
  });
  expect(asRoot).toMatchObject(refused);
  expect(asRoot.openDoors).not.toHaveBeenCalled();
});

it('tells root and everybody else how it is used', async () => {
  const { exit, out } = await run('--help', { isRoot: true });
  expect(exit).toBe(0);
  for (const word of ['check', '--model-key-stdin', 'gateway-locked', 'deepseek', '64'])
    expect(out).toContain(word);
  expect(await run('--version')).toMatchObject({ exit: 0, out: '1.2.3' });
  expect(await run('check --language zh-CN --help')).toMatchObject({ exit: 0 });
});

it('ends in words when the doors cannot be opened', async () => {
  const openDoors = async () => Promise.reject(new Error('broken lock'));
  const { exit, out } = await run('check', { openDoors });
  expect(exit).toBe(3);
  expect(out).toContain('broken lock');
});
