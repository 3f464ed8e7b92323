/** The filter of system calls where an engine's program can read it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { stricterProfile } from '../seccomp.ts';
import type { Filter } from './hardening.ts';

/** Where it lies in ClawCove's own folder. */
export const filterFile = (dataFolder: string): string => join(dataFolder, 'system-calls.json');

/**
 * Writes the stricter filter, which engines read when they make a home and keep with it.
 *
 * @param profile the engine's own; null: nobody knows it, and it stays
 * @param arch the processor, by Go's word
 */
export async function writeFilter(profile: string | null, arch: string, dataFolder: string): Promise<Filter> {
  const contents = profile === null ? null : stricterProfile(profile, arch);
  if (contents === null) return null;
  const file = filterFile(dataFolder);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, contents, { mode: 0o644 });
  return { file, contents };
}
