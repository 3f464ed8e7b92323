import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { orNothing } from '../is-there.ts';

/** Settings are some kilobytes; more than this is not read (bytes). */
const mostText = 2 * 1024 * 1024;

/** A link that is swapped in is not followed, nor is a pipe waited for; Windows knows neither word. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that lies there itself: what a link leads to is not its own. The caller closes it.
 * Answers null where there is no such file.
 *
 * @throws when that can't be told
 */
export async function openOwn(path: string) {
  const before = await orNothing(lstat(path, { bigint: true }));
  if (!before?.isFile()) return null;
  const file = await orNothing(open(path, flags));
  if (file === null) return null;
  try {
    const { ino, dev } = await file.stat({ bigint: true });
    if (ino === before.ino && dev === before.dev) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

/**
 * A text file that lies there itself; null where there is none, or one that is too long.
 *
 * @throws when it is there and can't be read
 */
export async function ownText(path: string, mostBytes = mostText): Promise<string | null> {
  const file = await openOwn(path);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    return size > mostBytes ? null : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
