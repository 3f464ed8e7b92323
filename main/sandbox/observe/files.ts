/** Where a look at a home's processes reads from: this computer itself, or what somebody gathered who was there. */
import { lstat, readdir, readlink } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';

/** What is at a path, links not followed. */
export interface Stat {
  readonly is: 'file' | 'folder' | 'link' | 'socket' | 'other';
  readonly mode: number;
}

/** Everything answers null where it can't be read: an empty folder is an empty list, and nothing else is. */
export interface Files {
  /** The beginning of a file. */
  read(path: string): Promise<string | null>;
  link(path: string): Promise<string | null>;
  list(path: string): Promise<readonly string[] | null>;
  stat(path: string): Promise<Stat | null>;
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null);

/** Those of this computer. */
export const ownFiles: Files = {
  read: (path) => readBounded(path),
  link: (path) => orNull(readlink(path)),
  list: (path) => orNull(readdir(path)),
  async stat(path) {
    const stat = await orNull(lstat(path));
    if (!stat) return null;
    const { mode } = stat;
    if (stat.isFile()) return { is: 'file', mode };
    if (stat.isDirectory()) return { is: 'folder', mode };
    if (stat.isSymbolicLink()) return { is: 'link', mode };
    return { is: stat.isSocket() ? 'socket' : 'other', mode };
  },
};
