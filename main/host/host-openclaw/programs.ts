/** Where package managers and people put OpenClaw's program; only names and its own package.json are read. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { FoundProgram } from '../../moving-in/found.ts';
import { parseJson } from '../../parse-json.ts';
import { readBounded } from '../files.ts';

/** Folders of global packages: npm's usual ones and without root, Volta, pnpm, bun, OpenClaw's own installer. */
const usual = (home: string): string[] => [
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
];

/** Version managers keep one folder of packages for each Node. */
const versioned = [
  ['.nvm/versions/node', 'lib/node_modules'],
  ['.local/share/fnm/node-versions', 'installation/lib/node_modules'],
  ['.fnm/node-versions', 'installation/lib/node_modules'],
] as const;
/** More versions of Node than that nobody has. */
const mostVersions = 50;

const names = ['openclaw', 'clawdbot', 'moltbot'] as const;
const Package = z.object({ version: z.string().regex(/^\d[\w.+-]{0,60}$/) });

async function versionIn(folder: string): Promise<FoundProgram | null> {
  const text = await readBounded(join(folder, 'package.json'), 64 * 1024);
  if (text === null) return null;
  return { folder, version: Package.safeParse(parseJson(text)).data?.version ?? null };
}

export async function findPrograms(home: string): Promise<FoundProgram[]> {
  const many = await Promise.all(
    versioned.map(async ([at, behind]) =>
      (await readdir(join(home, at)).catch(() => []))
        .slice(0, mostVersions)
        .map((name) => join(home, at, name, behind)),
    ),
  );
  const places = [...usual(home), ...many.flat()].flatMap((place) => names.map((name) => join(place, name)));
  const found = (await Promise.all(places.map(versionIn))).filter((each) => each !== null);
  // Managers link to each other's folders.
  const real = new Map<string, FoundProgram>();
  for (const program of found) {
    const folder = await realpath(program.folder).catch(() => program.folder);
    if (!real.has(folder)) real.set(folder, program);
  }
  return [...real.values()];
}
