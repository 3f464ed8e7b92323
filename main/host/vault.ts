/** Secrets in files that only this person can read. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Vault } from '../doors.ts';
import { readIfThere } from './files.ts';

/** The real {@link Vault}: one file for each secret, 0600 in a folder that is 0700. */
export function createVault(folder: string): Vault {
  return {
    async read(id) {
      const value = (await readIfThere(join(folder, id)))?.trim();
      return value ? value : null;
    },
    async write(id, value) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Also when the folder was there already.
      await chmod(folder, 0o700);
      await writeFileAtomic(join(folder, id), `${value}\n`, { mode: 0o600 });
    },
    async forget(id) {
      await rm(join(folder, id), { force: true });
    },
  };
}
