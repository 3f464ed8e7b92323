/**
 * The home's secrets on this computer, for this person's eyes only: they are set before there is a machine, and
 * outlive every one.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { readBounded } from '../../host/files.ts';
import type { SecretId } from '../sandbox.ts';

const Kept = z.object({ id: z.string(), value: z.string() });
/** A secret and the name of this very setting of it: another one after every change. */
export type KeptSecret = z.infer<typeof Kept>;

export async function keepSecret(
  folder: string,
  id: SecretId['id'],
  value: string,
  makePrivate?: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await makePrivate?.(folder);
  const kept: KeptSecret = { id: randomBytes(12).toString('hex'), value };
  await writeFileAtomic(join(folder, `${id}.json`), JSON.stringify(kept), { mode: 0o600 });
}

/** Null when there is none. */
export async function readSecret(folder: string, id: SecretId['id']): Promise<KeptSecret | null> {
  const text = await readBounded(join(folder, `${id}.json`));
  if (text === null) return null;
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function dropSecrets(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
