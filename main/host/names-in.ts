import { readdir } from 'node:fs/promises';

/** The names in a folder; none where there is no such folder, null where it can't be read. */
export async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null;
  }
}
