/**
 * Folders by path, where the system gives Node no way to name what lies in an open one (Windows, macOS). What was
 * opened is looked at before and after every step: a link that somebody puts in a folder's place is seen. Whoever puts
 * it there and takes it away again in between would win a step; what is done here never deletes anything for that.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Folders, OpenFolder } from '../private-data/search/folder.ts';

/** Not every system has each of these. */
const flag = (name: 'O_NOFOLLOW' | 'O_NONBLOCK' | 'O_NOCTTY'): number => constants[name] ?? 0;
// A pipe that nobody writes to would be waited for without end.
const asItIs = flag('O_NOFOLLOW') | flag('O_NONBLOCK') | flag('O_NOCTTY');

const failure = (code: string) => Object.assign(new Error(code), { code });
const isSame = (one: BigIntStats, other: BigIntStats) => one.ino === other.ino && one.dev === other.dev;
const statsAt = (path: string) => lstatSync(path, { bigint: true });

/** An open folder that says where it is. */
interface PathFolder extends OpenFolder {
  at(name: Buffer): string;
  mustBeThere(): void;
}

function folderAt(path: string): PathFolder {
  const first = statsAt(path);
  if (!first.isDirectory()) throw failure(first.isSymbolicLink() ? 'ELOOP' : 'ENOTDIR');
  const mustBeThere = () => {
    if (!isSame(statsAt(path), first)) throw failure('ELOOP');
  };
  /** Does one step in the folder that was opened, and no other. */
  const here = <T>(step: () => T): T => {
    mustBeThere();
    const result = step();
    mustBeThere();
    return result;
  };
  const at = (name: Buffer) => {
    const text = name.toString('utf8');
    // On Windows more than one character parts a path.
    if (text !== '..' && !/[\\/:]/.test(text)) return join(path, text);
    throw failure('EINVAL');
  };
  // All folders here are made here.
  const elsewhere = (other: OpenFolder) => other as PathFolder;
  const both = (other: OpenFolder, step: () => void) =>
    here(() => {
      elsewhere(other).mustBeThere();
      step();
      elsewhere(other).mustBeThere();
    });
  return {
    at,
    mustBeThere,
    names: () =>
      here(() =>
        readdirSync(path)
          .map((name) => Buffer.from(name))
          .sort(Buffer.compare),
      ),
    look(name) {
      try {
        return here(() => statsAt(at(name)));
      } catch {
        return null;
      }
    },
    openFolder: (name) => here(() => folderAt(at(name))),
    openFile: (name) =>
      here(() => {
        const seen = statsAt(at(name));
        if (seen.isSymbolicLink()) throw failure('ELOOP');
        const handle = openSync(at(name), constants.O_RDONLY | asItIs);
        if (isSame(fstatSync(handle, { bigint: true }), seen)) return handle;
        closeSync(handle);
        throw failure('ELOOP');
      }),
    create: (name) => {
      const { O_CREAT, O_EXCL, O_WRONLY } = constants;
      return here(() => openSync(at(name), O_CREAT | O_EXCL | O_WRONLY | flag('O_NOFOLLOW'), 0o600));
    },
    makeFolder: (name) => here(() => mkdirSync(at(name), 0o755)),
    remove: (name) => here(() => unlinkSync(at(name))),
    moveTo: (name, other, as) => both(other, () => renameSync(at(name), elsewhere(other).at(as))),
    linkTo: (name, other, as) => both(other, () => linkSync(at(name), elsewhere(other).at(as))),
    sync() {
      try {
        const handle = openSync(path, constants.O_RDONLY);
        fsyncSync(handle);
        closeSync(handle);
      } catch {
        // Windows opens no folder for this, and writes its names down by itself.
      }
    },
    close() {},
  };
}

export const foldersByPath: Folders = {
  openPlace: (folder) => folderAt(realpathSync.native(folder)),
  openOwn: folderAt,
  // Windows has no such numbers: what lies in a person's own folder counts as theirs.
  isOwn: ({ uid }) => process.getuid === undefined || Number(uid) === process.getuid(),
};
