/** Takes files out of a place and puts them back; no link is followed, see folder.ts. */
import { closeSync, fchmodSync, fsyncSync, futimesSync, mkdirSync, readSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ProblemCode } from '../../contract.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import type { SearchedPlace } from '../found.ts';
import { bytesFromName } from '../names.ts';
import {
  type Folders,
  type Handle,
  type OpenFolder,
  openWay,
  partsOf,
  stampOf,
  statsOf,
  using,
  within,
} from './folder.ts';
import { keptNameFor, numbered } from './kept-name.ts';

/** How much is in memory at a time. */
const pieceBytes = 1024 * 1024;
/** More files of the same name than this nobody has. */
const mostOfAName = 1_000;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';
/** Nothing there by that name, or a link. */
const isGone = (error: unknown) => /^(ENOENT|ELOOP|ENOTDIR)$/.test(codeOf(error));
const isFull = (error: unknown) => /^(ENOSPC|EDQUOT|EFBIG)$/.test(codeOf(error));
/** What file systems say that can't hold two names of a file, or not across each other. */
const cannotLink = (error: unknown) => /^(EXDEV|EPERM|EMLINK|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(codeOf(error));

/** For `catch`: throws the failure as it is told. */
const tell =
  (otherwise: ProblemCode) =>
  (error: unknown): never => {
    if (error instanceof Cancelled || error instanceof ProblemError) throw error;
    throw new ProblemError(isFull(error) ? 'no-room-on-disk' : otherwise);
  };

/** Null where what was asked for is gone. */
function orGone<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** A name in an open folder. */
interface Named {
  readonly folder: OpenFolder;
  readonly name: Buffer;
}

/** Does something with the first name that is free: `work` throws `EEXIST` at one that isn't. */
async function underFreeName(name: Buffer, work: (name: Buffer) => Promise<void>): Promise<Buffer> {
  for (let number = 1; number <= mostOfAName; number += 1) {
    const candidate = numbered(name, number);
    try {
      await work(candidate);
      return candidate;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error('too many files of one name');
}

/** Copies an open file into a new one, which is whole and on the disk, or not there at all. */
async function copy(file: Handle, folder: OpenFolder, name: Buffer, signal: AbortSignal): Promise<void> {
  await using(folder.create(name), async (made) => {
    try {
      const room = Buffer.allocUnsafe(pieceBytes);
      let done = 0;
      for (;;) {
        if (signal.aborted) throw new Cancelled();
        const count = readSync(file, room, 0, room.length, done);
        if (count === 0) break;
        for (let written = 0; written < count; )
          written += writeSync(made, room, written, count - written, done + written);
        done += count;
        await setImmediate();
      }
      const { atimeMs, mtimeMs } = statsOf(file);
      futimesSync(made, Number(atimeMs) / 1_000, Number(mtimeMs) / 1_000);
      fsyncSync(made);
      // Who may write in that folder could have put another one in its place.
      if (folder.look(name)?.ino !== statsOf(made).ino) throw new Error('a copy that was taken away');
    } catch (error) {
      removeIf(folder, name, made);
      throw error;
    }
  });
}

/** Removes a name where it is that file's. */
function removeIf(folder: OpenFolder, name: Buffer, file: Handle): void {
  if (folder.look(name)?.ino !== statsOf(file).ino) return;
  folder.remove(name);
}

/** Moves whatever has that name by now. */
function rename(from: Named, kept: Named): 'moved' | 'gone' | 'cannot' {
  // A name of our own first: a move would take another file’s place.
  closeSync(kept.folder.create(kept.name));
  try {
    from.folder.moveTo(from.name, kept.folder, kept.name);
    return 'moved';
  } catch (error) {
    kept.folder.remove(kept.name);
    if (isGone(error)) return 'gone';
    if (cannotLink(error)) return 'cannot';
    throw error;
  }
}

/** Puts a link, a pipe or the like back where it was, unless something else is there by now. */
function giveBack(kept: Named, from: Named): void {
  try {
    kept.folder.linkTo(kept.name, from.folder, from.name);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  kept.folder.remove(kept.name);
}

/** Copies a file that is open, and removes it. */
async function copyOut(file: Handle, from: Named, kept: Named, signal: AbortSignal): Promise<void> {
  const before = stampOf(statsOf(file));
  await copy(file, kept.folder, kept.name, signal);
  try {
    if (stampOf(statsOf(file)) !== before) throw new Error('a file that is being written');
    removeIf(from.folder, from.name, file);
  } catch (error) {
    kept.folder.remove(kept.name);
    throw error;
  }
}

/** Moves a file that is open; answers whether it was one to the end. */
async function moveOut(
  file: Handle,
  from: Named,
  kept: Named,
  folders: Folders,
  signal: AbortSignal,
): Promise<boolean> {
  const stats = statsOf(file);
  // A file that has another name, or is another account’s, would still be within reach.
  const isOurs = stats.nlink === 1n && folders.isOwn(stats);
  const moved = isOurs ? rename(from, kept) : 'cannot';
  if (moved === 'gone') return false;
  if (moved === 'cannot') {
    await copyOut(file, from, kept, signal);
    return true;
  }
  if (!kept.folder.look(kept.name)?.isFile()) {
    giveBack(kept, from);
    return false;
  }
  await using(kept.folder.openFile(kept.name), async (ours) => fchmodSync(ours, 0o600));
  return true;
}

const lastAndWay = (path: string) => {
  const parts = partsOf(bytesFromName(path));
  const name = parts.pop();
  if (!name) throw new Error('a path without a name');
  return { name, way: Buffer.concat(parts.flatMap((part) => [part, Buffer.from('/')])) };
};

/** See `PrivateData.take` in doors.ts. */
export async function takeFile(
  folders: Folders,
  from: SearchedPlace,
  untrustedPath: string,
  keptFolder: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { name, way } = lastAndWay(untrustedPath);
    const place = folders.openPlace(from.folder);
    const parent = orGone(() => openWay(place, way));
    if (parent === null) return null;
    return await within(parent, async (folder) => {
      const file = orGone(() => folder.openFile(name));
      if (file === null) return null;
      return using(file, async () => {
        if (!statsOf(file).isFile()) return null;
        return intoKept(file, { folder, name }, keptFolder, folders, signal);
      });
    });
  } catch (error) {
    return tell('cannot-keep-file')(error);
  }
}

async function intoKept(
  file: Handle,
  from: Named,
  keptFolder: string,
  folders: Folders,
  signal: AbortSignal,
): Promise<string | null> {
  mkdirSync(keptFolder, { recursive: true, mode: 0o700 });
  return within(folders.openOwn(keptFolder), async (kept) => {
    let isKept = false;
    const keptName = await underFreeName(keptNameFor(from.name), async (candidate) => {
      isKept = await moveOut(file, from, { folder: kept, name: candidate }, folders, signal);
    });
    kept.sync();
    return isKept ? keptName.toString() : null;
  });
}

/** Opens a folder in another; one that isn't there is made. */
function openOrMake(folder: OpenFolder, name: Buffer): OpenFolder {
  try {
    folder.makeFolder(name);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return folder.openFolder(name);
}

/** See `PrivateData.putBack` in doors.ts. */
export async function putFileBack(
  folders: Folders,
  keptFolder: string,
  keptName: string,
  to: SearchedPlace,
  untrustedPath: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { name, way } = lastAndWay(untrustedPath);
    const kept = lastAndWay(keptName);
    if (kept.way.length > 0) throw new Error('a name that is none');
    await within(folders.openOwn(keptFolder), (keptIn) =>
      using(keptIn.openFile(kept.name), async (file) => {
        if (!statsOf(file).isFile()) throw new Error('what was kept is no file');
        await within(openWay(folders.openPlace(to.folder), way, openOrMake), async (folder) => {
          await underFreeName(name, async (candidate) => {
            try {
              keptIn.linkTo(kept.name, folder, candidate);
            } catch (error) {
              if (!cannotLink(error)) throw error;
              await copy(file, folder, candidate, signal);
            }
          });
          folder.sync();
        });
        keptIn.remove(kept.name);
      }),
    );
  } catch (error) {
    tell('cannot-put-back')(error);
  }
}
