import { win32 } from 'node:path';
import type { FileWays } from '../host-openclaw/file-ways.ts';

const slashes = (path: string) => path.replaceAll('\\', '/');

/**
 * What a link says in a home, which is a Linux; pure. Junctions, by which package managers point at what lies beside them,
 * name the whole way: within the folder that goes into the home they go on leading there. Others lead nowhere.
 */
export function targetInside(target: string, link: string, top: string): string {
  const plain = target.replace(/^\\\\\?\\(?=[A-Za-z]:)/, '').replace(/(?<=[^:])[\\/]+$/, '');
  if (!win32.isAbsolute(plain)) return slashes(plain);
  const within = win32.relative(top, plain);
  if (within.startsWith('..') || win32.isAbsolute(within)) return slashes(plain);
  return slashes(win32.relative(win32.dirname(link), plain)) || '.';
}

export const windowsFiles: FileWays = {
  ignoresCase: true,
  // It has one word for whatever it refuses.
  hidesFolders: false,
  // It knows nothing of the kind.
  modeOf: (stats) => (stats.isDirectory() ? 0o700 : 0o600),
  nameInside: (name) => name,
  targetInside,
};
