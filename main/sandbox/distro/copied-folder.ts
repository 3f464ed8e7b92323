/**
 * A folder of the system inside for a person who can't look into the machine from outside: a copy of their own, as of
 * now. What comes out is the guest's: of its archive only ordinary files are laid here, under names that lead nowhere.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesInTar } from '../../private-data/read/tar.ts';
import type { Guest } from './machine.ts';
import { mustSucceed } from './system.ts';

/** More than this is not looked through. It is a bound of the archive, in bytes. */
const mostBytes = 2 * 1024 ** 3;
/** Names of folders and files are that long at most (bytes), on every system. */
const longestName = 150;
/** So many files whose names become the same nobody has. */
const mostNamesakes = 1_000;

/** Files that change while they are read are no failure; an archive that was cut off is seen where it is read. Constant. */
const script = `[ -d "$1" ] || exec tar --create --file=- --files-from=/dev/null
tar --create --mode=u+rwX,a-s --directory="$1" --file=- . | head -c "$2"`;

/** The command whose output is the archive. */
export const archiveOf = (pathInside: string): string[] => [
  '/bin/sh',
  '-c',
  script,
  'archive',
  pathInside,
  String(mostBytes),
];

/** A name as any system takes it; pure. What one of them has another use for is replaced. */
export function tameName(untrusted: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  const plain = untrusted.replace(/[\x00-\x1f\x7f<>:"/\\|?*]/g, '_').replace(/[. ]+$/, '_');
  const own = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(plain) ? `_${plain}` : plain;
  if (Buffer.byteLength(own) <= longestName) return own;
  const mark = createHash('sha256').update(untrusted).digest('hex').slice(0, 16);
  // Its end stays: there stands what kind of file it is.
  return `${mark}${[...own].slice(-30).join('')}`;
}

/** Where a file of the archive is to lie, as names below each other; pure. Null: nowhere. */
export function tamePath(untrusted: string): string[] | null {
  const parts = untrusted.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? null : parts.map(tameName);
}

async function openNew(folder: string, name: string) {
  for (let number = 1; number <= mostNamesakes; number++) {
    const candidate = number === 1 ? name : `(${number}) ${name}`;
    const file = await open(join(folder, candidate), 'wx', 0o600).catch((error) => {
      if (error.code !== 'EEXIST' && error.code !== 'EISDIR') throw error;
      return null;
    });
    if (file) return file;
  }
  throw new Error('too many files of one name');
}

async function unpack(archive: string, folder: string): Promise<void> {
  for await (const { path, content } of filesInTar(piecesOf(archive))) {
    const names = tamePath(path);
    const name = names?.pop();
    if (!names || name === undefined) continue;
    const parent = join(folder, ...names);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    const file = await openNew(parent, name);
    try {
      for await (const piece of content.pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
  }
}

async function* piecesOf(file: string): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(file)) yield piece as Buffer;
}

/**
 * Copies it; an older copy is replaced.
 *
 * @param place where the copy shall lie
 * @returns the same
 * @throws ProblemError, or Unreadable where it is too much
 */
export async function copyFolder(
  guest: Guest,
  pathInside: string,
  place: string,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const making = await mkdtemp(`${place}-`);
  const archive = join(making, 'archive.tar');
  const folder = join(making, 'copy');
  try {
    await mkdir(folder, { mode: 0o700 });
    await mustSucceed(guest.receive(archiveOf(pathInside), archive, { signal, progress() {}, log() {} }));
    await unpack(archive, folder);
    await rm(place, { recursive: true, force: true });
    await rename(folder, place);
    return place;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
