import { lstat } from 'node:fs/promises';

/** Whether an error says that there is nothing at a path, and not that nobody could look. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/**
 * Whether anything is at a path, links not followed.
 *
 * @throws when that can't be told
 */
export const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error) => {
      if (isGone(error)) return false;
      throw error;
    },
  );

/** What there is, or null where there is nothing; any other failure stays one. */
export const orNothing = <T>(look: Promise<T>): Promise<T | null> =>
  look.catch((error) => {
    if (isGone(error)) return null;
    throw error;
  });
