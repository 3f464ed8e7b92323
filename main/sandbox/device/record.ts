/** What is known of the other computer; its being there says that its key was confirmed by the person. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { OtherComputer } from '../../contract.ts';

const ComputerRecord = z.object({
  /** Of what is written here; another one is somebody else's. */
  form: z.literal(1),
  /** Where it was last. */
  computer: OtherComputer,
  /** Of its own key: `SHA256:…`. */
  fingerprint: z.string(),
  /** Whether the person has said that it is there for nothing else. */
  isDedicated: z.boolean(),
  /** Gateway port, the same here and there; null: no home was made there. */
  port: z.number().nullable(),
});
export type ComputerRecord = z.infer<typeof ComputerRecord>;

/** Null: no key was confirmed. What can't be read is none: it is asked for again. */
export async function readRecord(file: string): Promise<ComputerRecord | null> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  try {
    return text === null ? null : ComputerRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function writeRecord(file: string, record: ComputerRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Everything that was written down of it, its key and ours. */
export async function forget(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
