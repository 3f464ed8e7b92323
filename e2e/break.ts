/** Ways to break a home for real, as the person (or a program of theirs) could. */
import { writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { podman } from './rig/podman.ts';
import { asUser } from './rig/user.ts';

/** The names that the product gives; a test that gets them wrong breaks nothing and so fails. */
export const container = 'clawcove-openclaw';
const state = '/home/node/.openclaw';

/** The engine's own record of how the home was made: the words after `podman`. */
export async function createdBy(): Promise<string[]> {
  const { stdout } = await podman(['inspect', '--format', '{{json .Config.CreateCommand}}', container]);
  return (JSON.parse(String(stdout)) as string[]).slice(1);
}

/** Takes the container away, with what is its alone (a volume without a name), and nothing else. */
export async function dropContainer(): Promise<void> {
  const remove = ['rm', '--force', '--ignore', '--volumes', '--time', '10', container];
  // Podman can't kill one that ends by itself at that moment; then it rests, and goes at the second try.
  if ((await podman(remove, { reject: false })).exitCode !== 0) await podman(remove);
}

/** Makes the home again in another way, around the same state, and starts it. */
export async function remakeHome(change: (words: string[]) => string[]): Promise<void> {
  // It was made under another name, and took this one when it was whole.
  const words = change(await createdBy()).map((word) =>
    word.startsWith('--name=') ? `--name=${container}` : word,
  );
  await dropContainer();
  await podman(words);
  await podman([...globalWords(words), 'start', container]);
}

/** What stands before `create`: e.g. the runtime, which `start` needs as well. */
export function globalWords(words: readonly string[]): string[] {
  return words.slice(0, words.indexOf('create'));
}

/** Puts words right behind `create`. */
export const adding =
  (...extra: string[]) =>
  (words: string[]): string[] => {
    const at = words.indexOf('create') + 1;
    return [...words.slice(0, at), ...extra, ...words.slice(at)];
  };

/** Replaces the word behind each of the given options, or the part behind `option=`. */
export const replacing =
  (option: string, value: (old: string) => string) =>
  (words: string[]): string[] =>
    words.map((word, index) => {
      if (words[index - 1] === option) return value(word);
      return word.startsWith(`${option}=`) ? `${option}=${value(word.slice(option.length + 1))}` : word;
    });

/** Does one change after the other. */
export const all =
  (...changes: ((words: string[]) => string[])[]) =>
  (words: string[]): string[] =>
    changes.reduce((result, change) => change(result), words);

/** Writes a file into the state while the home runs, as the agent itself could. */
export async function writeState(path: string, text: string): Promise<void> {
  await podman(['exec', '--interactive', container, 'tee', `${state}/${path}`], {
    input: text,
    stdin: 'pipe',
  });
}

/** Makes a folder of the state, as the agent itself could. */
export async function makeStateFolder(path: string): Promise<void> {
  await podman(['exec', container, 'mkdir', '-p', `${state}/${path}`]);
}

/**
 * Adds a skill, as the agent itself could.
 * @param folder of the state
 * @param name as it calls itself, whatever that is
 */
export async function addSkill(folder: string, name: string, words: string): Promise<void> {
  await makeStateFolder(folder);
  const head = `---\nname: ${JSON.stringify(name)}\ndescription: a test\n---\n`;
  await writeState(`${folder}/SKILL.md`, `${head}${words}\n`);
}

/** Takes a folder of the state away, with all that is in it. */
export async function dropStateFolder(path: string): Promise<void> {
  await podman(['exec', container, 'rm', '-r', `${state}/${path}`]);
}

/** Reads a file of the state. */
export async function readState(path: string): Promise<string> {
  const { stdout } = await podman(['exec', container, 'cat', `${state}/${path}`]);
  return String(stdout);
}

/** Sets a secret as the person could; Podman takes one from a real pipe only, which Node doesn't make. */
export async function keepSecret(name: string, value: string): Promise<void> {
  const [file = '', ...args] = asUser([
    'sh',
    '-c',
    'cat | exec "$@"',
    'sh',
    'podman',
    'secret',
    'create',
    name,
    '-',
  ]);
  await execa(file, args, { input: value, cwd: '/' });
}

/** Makes the token a short one, in the home and in ClawCove's own file alike. */
export async function weakenToken(token: string, file: string): Promise<void> {
  await podman(['secret', 'rm', 'clawcove-gateway']);
  await keepSecret('clawcove-gateway', JSON.stringify({ token }));
  writeFileSync(file, token);
  await remakeHome((words) => words);
}

/** Takes the fence around the running home's network down, as its owner on this computer could. */
export async function tearFenceDown(): Promise<void> {
  const { stdout } = await podman(['inspect', '--format', '{{.State.Pid}}', container]);
  const enter = ['nsenter', `--target=${String(stdout).trim()}`, '--user', '--net'];
  await podman(['unshare', ...enter, '/usr/sbin/nft', 'flush', 'ruleset']);
}

/** Whether the home gets through to a TCP service. */
export async function reachesFromInside(host: string, port: number): Promise<boolean> {
  const script = `require('net').connect(${port}, '${host}')
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  const { exitCode } = await podman(['exec', container, 'node', '-e', script], { reject: false });
  return exitCode === 0;
}
