/**
 * Folders and what lies in them, by handle: from an open folder on, no link leads anywhere else, whoever
 * puts one there and when. Linux: `/proc/self/fd/N/name` is looked up in the folder that is open as N.
 */
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readdirSync } from 'node:fs';

/** A folder or file that is open, by its number; the numbers are the whole process's, threads share them. */
export type Handle = number;

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
const asFolder = O_RDONLY | O_DIRECTORY | O_NONBLOCK;

/** Where something lies in an open folder, as a path. */
export const within = (folder: Handle, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`/proc/self/fd/${folder}/`), name]);

/** @throws the system's error, `ELOOP` or `ENOTDIR` when it is a link */
export const openFolderIn = (folder: Handle, name: Buffer): Handle =>
  openSync(within(folder, name), asFolder | O_NOFOLLOW);

/** @throws the system's error, `ELOOP` when it is a link. It need not be an ordinary file. */
export const openFileIn = (folder: Handle, name: Buffer): Handle =>
  // Not waiting: a pipe that nobody writes to would be waited for without end.
  openSync(within(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

/** What lies there; a link itself, not what it leads to. null: nothing. */
export function look(folder: Handle, name: Buffer): BigIntStats | null {
  try {
    return lstatSync(within(folder, name), { bigint: true });
  } catch {
    return null;
  }
}

/** The names in a folder, in the order of their bytes. */
export const namesIn = (folder: Handle): Buffer[] =>
  readdirSync(`/proc/self/fd/${folder}`, { encoding: 'buffer' }).sort(Buffer.compare);

/** A running home's own files, as this computer sees them; what lies behind is the agent's. */
const insideHome = /^(\/proc\/\d+\/root)\/(.+)$/;

/**
 * Opens a place's folder. The person's own may be a link. Inside the running home even the way to it
 * could have been laid by the agent, and a link there would lead to this computer's own files.
 *
 * @throws the system's error
 */
export function openPlace(folder: string): Handle {
  const home = insideHome.exec(folder);
  if (!home) return openSync(folder, asFolder);
  const [, root = '', path = ''] = home;
  return openWay(openSync(root, asFolder), Buffer.from(path));
}

/** Opens a folder some way down from another, which is closed. */
export function openWay(from: Handle, path: Buffer, enter = openFolderIn): Handle {
  let at = from;
  for (const name of partsOf(path)) {
    try {
      const next = enter(at, name);
      closeSync(at);
      at = next;
    } catch (error) {
      closeSync(at);
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

/** Does something with what was opened, and closes it. */
export async function using<T>(handle: Handle, work: (handle: Handle) => Promise<T>): Promise<T> {
  try {
    return await work(handle);
  } finally {
    closeSync(handle);
  }
}

export const statsOf = (handle: Handle): BigIntStats => fstatSync(handle, { bigint: true });
