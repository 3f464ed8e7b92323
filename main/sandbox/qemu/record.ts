/** What the machine on this computer was made as; its being there says that one was made. */
import { readFile, rm } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';

const Fence = z.object({
  refused: z.array(z.string()).readonly(),
  allowed: z.array(z.object({ address: z.string(), port: z.number() })).readonly(),
});

export const MachineRecord = z.object({
  /** Of what is written here; another one is somebody else's. */
  form: z.literal(1),
  instance: z.string(),
  spec: z.object({
    memoryBytes: z.number(),
    cpus: z.number(),
    diskBytes: z.number(),
    port: z.number(),
    sharedFolder: z.string(),
    fence: Fence,
    certificates: z.string().nullable(),
  }),
  /** On 127.0.0.1; chosen anew when somebody else has it. */
  sshPort: z.number(),
  /** The image under its disks, as it was verified; times in ms. */
  base: z.object({ sha512: z.string(), bytes: z.number(), changedAt: z.number() }),
  /** Whether it was told what its seed says. */
  isSettled: z.boolean(),
  /** The certificates that it has by now. */
  certificatesInside: z.string().nullable(),
  /** How large a disk its system has taken (bytes). */
  roomInside: z.number(),
});
export type MachineRecord = z.infer<typeof MachineRecord>;

/** `foreign`: a file that isn't ours to read. */
export type Recorded =
  | { readonly is: 'none' }
  | { readonly is: 'foreign' }
  | { readonly is: 'ours'; readonly record: MachineRecord };

export async function readRecord(file: string): Promise<Recorded> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { is: 'none' };
  try {
    return { is: 'ours', record: MachineRecord.parse(JSON.parse(text)) };
  } catch {
    return { is: 'foreign' };
  }
}

/** On disk before it resolves, power cut or not. */
export async function writeRecord(file: string, record: MachineRecord): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

export async function dropRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}
