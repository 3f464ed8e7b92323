/** Where programs of OpenClaw's lie on Windows. Source: install.ps1 of openclaw 2026.9.6, its companion openclaw-windows-node, and the package managers' own documents. */
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import type { FoundProgram } from '../../moving-in/found.ts';
import type { ProgramPlaces } from '../host-openclaw/programs.ts';
import { unanswered } from '../host-openclaw/unreadable.ts';
import type { Programs } from './programs.ts';
import { parseRegistry } from './registry.ts';

const timeoutMs = 15_000;

/** The person's folders, as Windows' environment names them. */
export interface PersonPlaces {
  readonly home: string;
  /** `%APPDATA%` and `%LOCALAPPDATA%`. */
  readonly roaming: string;
  readonly local: string;
  /** `%ProgramFiles%` */
  readonly shared: string;
}

/** npm, nvm, fnm, Volta, pnpm, bun, Scoop, OpenClaw's own installers and their companion. */
export function windowsPlaces({ home, roaming, local, shared }: PersonPlaces): ProgramPlaces {
  const modules = 'node_modules';
  return {
    packages: [
      join(roaming, 'npm', modules),
      join(shared, 'nodejs', modules),
      join(local, 'Volta', 'tools', 'image', 'packages', 'openclaw', modules),
      join(local, 'pnpm', 'global', '5', modules),
      join(home, '.bun', 'install', 'global', modules),
      join(home, 'scoop', 'persist', 'nodejs', 'bin', modules),
      join(home, '.openclaw', 'lib', modules),
      join(home, '.openclaw', modules),
      // What is checked out from its sources lies in the person's own folder.
      home,
    ],
    versioned: [
      [join(roaming, 'nvm'), modules],
      [join(local, 'nvm'), modules],
      [join(roaming, 'fnm', 'node-versions'), join('installation', modules)],
      [join(local, 'OpenClaw', 'deps', 'portable-node'), modules],
    ],
    traces: [
      join(home, '.local', 'bin', 'openclaw.cmd'),
      join(home, '.openclaw', 'bin', 'openclaw.cmd'),
      join(local, 'pnpm', 'openclaw.cmd'),
      join(home, '.bun', 'bin', 'openclaw.exe'),
      join(local, 'OpenClaw', 'deps'),
      join(roaming, 'OpenClawTray'),
      join(local, 'OpenClawTray'),
    ],
  };
}

const versionKey = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion';
/** The distribution of its makers' companion. */
const makersDistro = 'OpenClawGateway';

/** Whether the registry names it; pure. */
export function hasMakersDistro(lxss: string): boolean {
  return [...parseRegistry(lxss).values()].some((values) => values.get('DistributionName') === makersDistro);
}

/**
 * The home that its makers' own companion made in WSL: never touched, only told of. Its files are not looked at either: that
 * alone would start it.
 *
 * @throws Unseen where the registry can't be read
 */
export async function findMakersHome(
  run: Run,
  { reg }: Programs,
  signal: AbortSignal,
): Promise<FoundProgram[]> {
  const query = async (...args: string[]) => {
    const answer = await run({ file: reg, args: ['query', ...args], timeoutMs, signal, encoding: 'latin1' });
    if (answer.is !== 'exited' || answer.code !== 0 || answer.truncated) throw unanswered('reg');
    return answer.stdout;
  };
  // What is not there is refused in the same words as what may not be read: so its parent is asked first.
  const names = [...parseRegistry(await query(versionKey)).keys()];
  if (names.length === 0) throw unanswered('reg');
  if (!names.some((name) => name.endsWith('\\CurrentVersion\\Lxss'))) return [];
  const isThere = hasMakersDistro(await query(`${versionKey}\\Lxss`, '/s'));
  return isThere ? [{ folder: `\\\\wsl.localhost\\${makersDistro}`, version: null }] : [];
}
