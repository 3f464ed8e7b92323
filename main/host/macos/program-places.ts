/** Where programs of OpenClaw's lie on a Mac. An app that the Finder started has none of them in its PATH. */
import { join } from 'node:path';
import type { ProgramPlaces } from '../host-openclaw/programs.ts';

const apps = ['OpenClaw.app', 'Clawdbot.app', 'Moltbot.app'];
const commands = ['openclaw', 'clawdbot', 'moltbot'];

/** Homebrew's and npm's Node, nvm, fnm, Volta, pnpm, bun, OpenClaw's own installers, its app. @param applications everybody's, `/Applications` */
export function macPlaces(home: string, applications: string): ProgramPlaces {
  const own = (...names: string[]) => names.map((name) => join(home, name));
  const modules = 'node_modules';
  return {
    packages: [
      '/opt/homebrew/lib/node_modules',
      '/usr/local/lib/node_modules',
      ...own(
        '.npm-global/lib/node_modules',
        '.volta/tools/image/packages/openclaw/lib/node_modules',
        'Library/pnpm/global/5/node_modules',
        '.bun/install/global/node_modules',
        '.openclaw/lib/node_modules',
        '.openclaw/tools/node/lib/node_modules',
      ),
      // What is checked out from its sources lies in the person's own folder.
      home,
    ],
    versioned: [
      [join(home, '.nvm/versions/node'), join('lib', modules)],
      [join(home, 'Library/Application Support/fnm/node-versions'), join('installation', 'lib', modules)],
      [join(home, '.local/share/fnm/node-versions'), join('installation', 'lib', modules)],
    ],
    traces: [
      ...[applications, join(home, 'Applications')].flatMap((folder) =>
        apps.map((name) => join(folder, name)),
      ),
      ...['.openclaw/bin', '.local/bin', 'Library/pnpm', '.bun/bin', '.volta/bin'].flatMap((folder) =>
        commands.map((name) => join(home, folder, name)),
      ),
    ],
  };
}
