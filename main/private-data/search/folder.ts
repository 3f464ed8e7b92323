/** Folders and what lies in them, as the search and the moves ask for it; how that is done differs from system to system. */
import { type BigIntStats, closeSync, fstatSync } from 'node:fs';

/** A file that is open, by its number; the numbers are the whole process's, threads share them. */
export type Handle = number;

/**
 * An open folder. No verb of it follows a link, and none leads anywhere else, whoever puts a link there and when;
 * all throw the system's error.
 */
export interface OpenFolder {
  /** What lies in it, in the order of the names' bytes. */
  names(): Buffer[];
  /** What lies there; a link itself, not what it leads to. null: nothing. */
  look(name: Buffer): BigIntStats | null;
  /** `ELOOP` or `ENOTDIR` when it is a link. */
  openFolder(name: Buffer): OpenFolder;
  /** `ELOOP` when it is a link. It need not be an ordinary file. */
  openFile(name: Buffer): Handle;
  /** A new file for this person's eyes only; nobody's file or link is written through. */
  create(name: Buffer): Handle;
  makeFolder(name: Buffer): void;
  remove(name: Buffer): void;
  /** Takes the place of what has that name there. */
  moveTo(name: Buffer, other: OpenFolder, as: Buffer): void;
  /** Another name for the same file; `EEXIST` where there is one. */
  linkTo(name: Buffer, other: OpenFolder, as: Buffer): void;
  /** Makes sure that the disk knows its names, where the system lets it be asked for. */
  sync(): void;
  close(): void;
}

/** The folders of one system. */
export interface Folders {
  /**
   * A place's folder. The person's own may be a link. Inside the running home even the way to it could have been laid
   * by the agent, and a link there would lead to this computer's own files.
   */
  openPlace(folder: string): OpenFolder;
  /** A folder of the person's that is no link itself. */
  openOwn(folder: string): OpenFolder;
  /** Whether a file is this person's, and not another account's. */
  isOwn(stats: BigIntStats): boolean;
}

/** Opens a folder some way down from another, which is closed. */
export function openWay(
  from: OpenFolder,
  path: Buffer,
  enter = (folder: OpenFolder, name: Buffer) => folder.openFolder(name),
): OpenFolder {
  let at = from;
  for (const name of partsOf(path)) {
    try {
      const next = enter(at, name);
      at.close();
      at = next;
    } catch (error) {
      at.close();
      throw error;
    }
  }
  return at;
}

/**
 * The names along a path.
 *
 * @throws Error when one of them leads elsewhere
 */
export function partsOf(path: Buffer): Buffer[] {
  const parts = path.toString('latin1').split('/').filter(Boolean);
  if (parts.some((part) => part === '.' || part === '..')) throw new Error('a path that leads elsewhere');
  return parts.map((part) => Buffer.from(part, 'latin1'));
}

/** What tells a file, as it is, from any other and from itself as it was. */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;

/** Does something with a file that was opened, and closes it. */
export async function using<T>(handle: Handle, work: (handle: Handle) => Promise<T>): Promise<T> {
  try {
    return await work(handle);
  } finally {
    closeSync(handle);
  }
}

/** The same for a folder. */
export async function within<T>(folder: OpenFolder, work: (folder: OpenFolder) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } finally {
    folder.close();
  }
}

export const statsOf = (handle: Handle): BigIntStats => fstatSync(handle, { bigint: true });
