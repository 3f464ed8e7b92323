/** A file that nobody but the person may read, laid for a while. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Bait } from '../doors.ts';

/** The real {@link Bait}: 0600, always of the same name, so that one that was left is found again. */
export function createBait(folder: string): Bait {
  const file = join(folder, 'bait');
  return {
    async lay(words) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Also when the folder was there already.
      await chmod(folder, 0o700);
      await writeFileAtomic(file, words, { mode: 0o600 });
      return file;
    },
    takeAway: () => rm(file, { force: true }),
  };
}
