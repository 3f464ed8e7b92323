/** What is done inside once the system answers: its first start's end, its clock, its certificates, its room. */
import { open, rm } from 'node:fs/promises';
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { Guest } from '../distro/machine.ts';
import type { ExecResult } from '../sandbox.ts';
import type { Places } from './names.ts';
import { settledFile } from './seed.ts';

const timeoutMs = 120_000;

/** Words to root inside that have to succeed. */
export async function must(
  guest: Guest,
  argv: readonly string[],
  signal: AbortSignal,
  more: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<ExecResult> {
  const result = await guest.run(argv, { timeoutMs, signal, ...more });
  if (result.exitCode === 0) return result;
  const detail = `${argv[0]}: ${result.untrustedErr.trim().slice(0, 200)}`;
  throw new ProblemError('machine-failed', { detail }, ['try-again', 'open-log']);
}

/**
 * Waits for the first start to come to its end, and takes its instructions away from everywhere: the machine's
 * own key was in them.
 *
 * @param patience ms
 */
export async function settle(
  guest: Guest,
  places: Places,
  clock: Clock,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  const begun = clock.monotonic();
  while ((await guest.run(['test', '-e', settledFile], { timeoutMs, signal })).exitCode !== 0) {
    if (clock.monotonic() - begun > patience)
      throw new ProblemError('machine-no-answer', {}, ['try-again', 'open-log']);
    await clock.sleep(2_000, signal);
  }
  await wipe(places.seed);
  // What the kernel remembers of that disk, what cloud-init kept of it, and what it found out about the machine.
  const instances = '/var/lib/cloud/instances';
  await must(guest, ['find', instances, '-type', 'f', '-name', '*user-data*', '-delete'], signal);
  await must(guest, ['find', instances, '-type', 'f', '-name', '*cloud-config*', '-delete'], signal);
  await must(guest, ['find', instances, '-type', 'f', '-name', 'obj.pkl', '-delete'], signal);
  await must(guest, ['find', '/run/cloud-init', '-type', 'f', '-name', '*sensitive*', '-delete'], signal);
  await must(guest, ['blockdev', '--flushbufs', '/dev/disk/by-label/CIDATA'], signal);
  await Promise.all([places.seed, places.hostKey].map((file) => rm(file, { force: true })));
}

/** Nothing can be read from it any more, by the machine that has it open either. */
async function wipe(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!handle) return;
  try {
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const certificateFolder = '/usr/local/share/ca-certificates';

/** The computer's own extra certificates instead of those that were carried in before. */
export async function carryCertificates(
  guest: Guest,
  pem: string | null,
  signal: AbortSignal,
): Promise<void> {
  const all = pem?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  await must(guest, ['find', certificateFolder, '-name', 'clawcove-*.crt', '-delete'], signal);
  for (const [index, input] of all.entries())
    await must(guest, ['tee', `${certificateFolder}/clawcove-${index}.crt`], signal, { input: `${input}\n` });
  await must(guest, ['update-ca-certificates', '--fresh'], signal, { timeoutMs: 600_000 });
}

/** Lets the system have a disk that has grown; growpart ends with 1 when there is nothing to do. */
export async function takeRoom(guest: Guest, signal: AbortSignal): Promise<void> {
  const { untrustedOut } = await must(guest, ['findmnt', '-no', 'SOURCE', '/'], signal);
  const [, disk, part] = /^(\/dev\/[a-z]+)(\d+)$/.exec(untrustedOut.trim()) ?? [];
  if (disk === undefined || part === undefined) return;
  await guest.run(['growpart', disk, part], { timeoutMs, signal });
  await must(guest, ['resize2fs', `${disk}${part}`], signal, { timeoutMs: 600_000 });
}
