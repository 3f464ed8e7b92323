/** Where package managers and people put OpenClaw's program; only names and its own package.json are read. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { FoundProgram } from '../../moving-in/found.ts';
import { parseJson } from '../../parse-json.ts';
import { readIfThere } from '../files.ts';
import { isThere, orNothing } from '../is-there.ts';
import { type FileWays, linuxFiles } from './file-ways.ts';
import { unreadable } from './unreadable.ts';

/** Where a system keeps programs that came by package managers. All absolute. */
export interface ProgramPlaces {
  /** Folders of global packages. */
  readonly packages: readonly string[];
  /** Folders in which version managers keep one folder for each Node, and where in that its packages are. */
  readonly versioned: readonly (readonly [folder: string, behind: string])[];
  /** Files and folders that are there where a program of its is, of which nobody knows the version. */
  readonly traces: readonly string[];
}

/** Linux: npm's usual ones and without root, Volta, pnpm, bun, OpenClaw's own installer. */
export const linuxPlaces = (home: string): ProgramPlaces => ({
  packages: [
    '/usr/lib/node_modules',
    '/usr/local/lib/node_modules',
    ...[
      '.npm-global/lib/node_modules',
      '.npm-packages/lib/node_modules',
      '.local/lib/node_modules',
      '.volta/tools/image/packages/openclaw/lib/node_modules',
      '.local/share/pnpm/global/5/node_modules',
      '.bun/install/global/node_modules',
      '.openclaw/lib/node_modules',
      '.openclaw/tools/node/lib/node_modules',
    ].map((name) => join(home, name)),
  ],
  versioned: (
    [
      ['.nvm/versions/node', 'lib/node_modules'],
      ['.local/share/fnm/node-versions', 'installation/lib/node_modules'],
      ['.fnm/node-versions', 'installation/lib/node_modules'],
    ] as const
  ).map(([at, behind]) => [join(home, at), behind]),
  traces: [],
});

/** More versions of Node than that nobody has. */
const mostVersions = 50;

const names = ['openclaw', 'clawdbot', 'moltbot'] as const;
const Package = z.object({ version: z.string().regex(/^\d[\w.+-]{0,60}$/) });

async function versionIn(folder: string): Promise<FoundProgram | null> {
  const text = await orNothing(readIfThere(join(folder, 'package.json'), 64 * 1024));
  if (text === null) return null;
  return { folder, version: Package.safeParse(parseJson(text)).data?.version ?? null };
}

async function traceAt(path: string): Promise<FoundProgram | null> {
  return (await isThere(path)) ? { folder: path, version: null } : null;
}

async function versionsIn([folder, behind]: ProgramPlaces['versioned'][number]): Promise<string[]> {
  const found = (await orNothing(readdir(folder))) ?? [];
  return found.slice(0, mostVersions).map((name) => join(folder, name, behind));
}

/** @throws Unseen when it can't be told */
export async function findPrograms(
  { packages, versioned, traces }: ProgramPlaces,
  ways: FileWays = linuxFiles,
): Promise<FoundProgram[]> {
  const many = await Promise.all(versioned.map((each) => versionsIn(each).catch(unreadable(each[0], ways))));
  const places = [...packages, ...many.flat()].flatMap((place) => names.map((name) => join(place, name)));
  const found = await Promise.all([
    ...places.map((place) => versionIn(place).catch(unreadable(place, ways))),
    ...traces.map((path) => traceAt(path).catch(unreadable(path, ways))),
  ]);
  // Managers link to each other's folders.
  const real = new Map<string, FoundProgram>();
  for (const program of found.filter((each) => each !== null)) {
    const folder = await realpath(program.folder).catch(() => program.folder);
    if (!real.has(folder)) real.set(folder, program);
  }
  return [...real.values()];
}
