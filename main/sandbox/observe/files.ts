/** Where a look at a home's processes reads from: this computer's own /proc, or what somebody brought who was there. */
import { lstat, readdir, readlink } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';

export interface Stat {
  readonly kind: 'file' | 'folder' | 'link' | 'socket' | 'other';
  readonly mode: number;
}

/** Paths begin with `/proc/`. */
export interface Files {
  /** The beginning of a file; null when it can't be read. */
  read(path: string): Promise<string | null>;
  /** @throws when it can't be read */
  link(path: string): Promise<string>;
  /** @throws when it can't be read */
  list(path: string): Promise<string[]>;
  /** What is at a path, links not followed; null when nothing is, or it can't be told. */
  stat(path: string): Promise<Stat | null>;
}

/** This computer's own. */
export const ownFiles: Files = {
  read: (path) => readBounded(path),
  link: (path) => readlink(path),
  list: (path) => readdir(path),
  async stat(path) {
    const found = await lstat(path).catch(() => null);
    if (!found) return null;
    const kind = found.isFile()
      ? 'file'
      : found.isDirectory()
        ? 'folder'
        : found.isSymbolicLink()
          ? 'link'
          : found.isSocket()
            ? 'socket'
            : 'other';
    return { kind, mode: found.mode };
  },
};
