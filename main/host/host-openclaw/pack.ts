/** Packs the folder of an OpenClaw into an archive like those of homes, with GNU tar. Source: tar(1). */
import { cp, lstat, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Run } from '../../doors.ts';
import { type Cargo, noteNames } from '../../moving-in/found.ts';
import { ProblemError } from '../../problem.ts';
import type { Report } from '../../sandbox/sandbox.ts';
import { orNothing } from '../is-there.ts';

/** A folder of many gigabytes on a slow disk may take its time (ms). */
const packTimeout = 3_600_000;

/**
 * What stays: what is made anew, what holds one computer's locks, and settings from before, which
 * OpenClaw would fall back to with everything that is different in a home.
 */
export const leftOut = [
  './tmp',
  './cache',
  './openclaw.json.bak*',
  './openclaw.json.last-good',
  './logs',
] as const;

/** In a home's own archives its files are the first user's: that is who the agent is to its engine. */
const owner = ['--owner=0', '--group=0', '--numeric-owner'] as const;

async function tar(run: Run, words: readonly string[], { signal }: Report): Promise<void> {
  const args = [...words];
  const outcome = await run({ file: 'tar', args, timeoutMs: packTimeout, signal });
  // 1: something changed while it was read; sockets are left out with a word of that.
  if (outcome.is === 'exited' && outcome.code === 0) return;
  const said = outcome.is === 'exited' ? outcome.stderr : outcome.is;
  if (/No space left on device|Disk quota exceeded/i.test(said)) throw new ProblemError('no-room-on-disk');
  throw new ProblemError('host-unreadable', { path: said.split('\n')[0]?.slice(0, 200) ?? '' }, [
    'try-again',
    'open-log',
  ]);
}

/** Lays what goes along into a folder of its own; of links none is followed. */
async function lay(cargo: Cargo, folder: string): Promise<void> {
  for (const { name, text } of cargo.instead) await writeFile(join(folder, name), text, { mode: 0o600 });
  for (const { from, to } of cargo.notes) {
    await mkdir(join(folder, to), { mode: 0o700 });
    for (const name of noteNames) {
      const note = join(from, name);
      const found = await orNothing(lstat(note)).catch(() => {
        throw new ProblemError('host-unreadable', { path: note }, ['try-again', 'open-log']);
      });
      if (!found?.isFile() && !found?.isDirectory()) continue;
      await cp(note, join(folder, to, name), { recursive: true, verbatimSymlinks: true });
    }
  }
}

/** Whole or not there at all; keys may be in it. */
export async function pack(
  run: Run,
  folder: string,
  cargo: Cargo,
  file: string,
  report: Report,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  await rm(part, { force: true });
  await (await open(part, 'wx', 0o600)).close();
  const along = await mkdtemp(`${file}.along-`);
  try {
    await lay(cargo, along);
    const instead = cargo.instead.map(({ name }) => `./${name}`);
    const without = [...leftOut, ...instead].map((name) => `--exclude=${name}`);
    const anchored = ['--anchored', '--wildcards', '--no-wildcards-match-slash', ...without];
    await tar(
      run,
      ['--create', `--file=${part}`, ...owner, `--directory=${folder}`, ...anchored, '.'],
      report,
    );
    await tar(run, ['--append', `--file=${part}`, ...owner, `--directory=${along}`, '.'], report);
    const written = await open(part, 'r+');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
    await rm(along, { recursive: true, force: true });
  }
}
