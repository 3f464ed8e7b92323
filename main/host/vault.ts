/** Secrets in files that only this person can read. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Vault } from '../doors.ts';
import { readIfThere } from './files.ts';
import type { SystemDoors } from './system-doors.ts';

/**
 * The real {@link Vault}: one file for each secret.
 *
 * @param makePrivate see SystemDoors
 */
export function createVault(folder: string, makePrivate: SystemDoors['makePrivate']): Vault {
  return {
    async read(id) {
      const value = (await readIfThere(join(folder, id)))?.trim();
      return value ? value : null;
    },
    async write(id, value) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Also when the folder was there already.
      await makePrivate(folder);
      await writeFileAtomic(join(folder, id), `${value}\n`, { mode: 0o600 });
    },
    async forget(id) {
      await rm(join(folder, id), { force: true });
    },
  };
}
