/**
 * Whether an OpenClaw is on this Windows already, outside any home of ours: only looks, at the names that its makers
 * document. Source: openclaw@2026.9.6 (docs/install/uninstall.md, dist/node-host-launcher-bootstrap.js) and their companion
 * for Windows, openclaw-windows-node.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { exists } from '../files.ts';
import type { Programs } from './programs.ts';
import { parseRegistry } from './registry.ts';

const timeoutMs = 15_000;

/** Something of an OpenClaw's. What is only files may be left over; what starts by itself holds the port. */
export type Trace =
  | { readonly is: 'starts-at-login'; readonly by: 'task' | 'startup-folder'; readonly name: string }
  | { readonly is: 'state'; readonly path: string }
  | { readonly is: 'program'; readonly path: string }
  /** The home that its makers' own companion made: never touched, only told of. */
  | { readonly is: 'makers-distro'; readonly name: string };

/** The person's folders, as Windows' environment names them. */
export interface PersonPlaces {
  readonly home: string;
  /** `%APPDATA%` and `%LOCALAPPDATA%`. */
  readonly roaming: string;
  readonly local: string;
  /** OpenClaw's own variables, where somebody moved it. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Names that OpenClaw gives its tasks and files in the Startup folder, with or without a profile. */
const serviceName = /^(?:OpenClaw|Clawdbot) Gateway(?: \([^()\\/]{1,64}\))?$/;
/** State folders in the home folder: one for each profile, and the one of its old name. */
const stateFolder = /^\.(?:openclaw(?:-[\w-]{1,64})?|clawdbot)$/;
/** The distribution of its makers' companion. */
const makersDistro = 'OpenClawGateway';

/** Places where programs of OpenClaw's lie: npm, pnpm and bun for everybody, its own installers, the companion. */
function programPlaces({ home, roaming, local }: PersonPlaces): string[] {
  return [
    join(roaming, 'npm', 'node_modules', 'openclaw', 'package.json'),
    join(roaming, 'npm', 'openclaw.cmd'),
    join(local, 'pnpm', 'openclaw.cmd'),
    join(home, '.bun', 'bin', 'openclaw.exe'),
    join(home, '.openclaw', 'bin', 'openclaw.cmd'),
    join(home, '.local', 'bin', 'openclaw.cmd'),
    join(local, 'OpenClaw', 'deps'),
    join(roaming, 'OpenClawTray'),
    join(local, 'OpenClawTray'),
  ];
}

/** Names of tasks in `schtasks /Query /FO CSV /NH`, whose other columns are translated; pure. */
export function serviceTasksIn(csv: string): string[] {
  const names = csv.split(/\r*\n/).map((line) => /^"\\((?:[^"\\]|\\)*)"/.exec(line)?.[1] ?? '');
  return [...new Set(names.filter((name) => serviceName.test(name)))];
}

/** Whether the registry names the companion's distribution; pure. */
export function hasMakersDistro(lxss: string): boolean {
  return [...parseRegistry(lxss).values()].some((values) => values.get('DistributionName') === makersDistro);
}

/** Looks for all of it; nothing is started and nothing changed. */
export async function existingOpenClaw(
  run: Run,
  programs: Programs,
  places: PersonPlaces,
  signal: AbortSignal,
): Promise<Trace[]> {
  const { home, roaming, environment } = places;
  const ask = async (file: string, args: readonly string[]) => {
    const answer = await run({ file, args, timeoutMs, signal, encoding: 'latin1' });
    return answer.is === 'exited' && answer.code === 0 ? answer.stdout : '';
  };
  const tasks = serviceTasksIn(await ask(programs.schtasks, ['/Query', '/FO', 'CSV', '/NH']));
  const lxss = await ask(programs.reg, [
    'query',
    'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss',
    '/s',
  ]);
  const startup = join(roaming, 'Microsoft', 'Windows', 'Start Menu', 'Programs', 'Startup');
  const inStartup = (await readdir(startup).catch(() => []))
    .map((name) => ({ name, plain: name.replace(/\.(?:cmd|vbs|lnk|bat)$/i, '') }))
    .filter(({ plain }) => serviceName.test(plain));
  const states = [
    ...(await readdir(home).catch(() => []))
      .filter((name) => stateFolder.test(name))
      .map((name) => join(home, name)),
    ...(environment.OPENCLAW_STATE_DIR ? [environment.OPENCLAW_STATE_DIR] : []),
    ...(environment.OPENCLAW_HOME ? [join(environment.OPENCLAW_HOME, '.openclaw')] : []),
  ];
  return [
    ...tasks.map((name) => ({ is: 'starts-at-login', by: 'task', name }) as const),
    ...inStartup.map(({ name }) => ({ is: 'starts-at-login', by: 'startup-folder', name }) as const),
    ...(await thatExist([...new Set(states)].sort())).map((path) => ({ is: 'state', path }) as const),
    ...(await thatExist(programPlaces(places))).map((path) => ({ is: 'program', path }) as const),
    ...(hasMakersDistro(lxss) ? [{ is: 'makers-distro', name: makersDistro } as const] : []),
  ];
}

async function thatExist(paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(paths.map(exists));
  return paths.filter((_, at) => there[at]);
}
