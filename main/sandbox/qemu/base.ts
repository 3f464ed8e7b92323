/** Debian's image, from which every machine is made: where it comes from, and that it is what Debian published. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, constants, copyFile, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';
import { fetchFile, fetchSmall } from './fetch.ts';
import type { Places } from './names.ts';
import type { MachineRecord } from './record.ts';
import { type Signer, verifySignature } from './signature.ts';
import { digestOf } from './sums.ts';

/** A download source for images; a setting. */
export interface BaseSource {
  /** Ends with a slash; the list and the image lie in it. */
  readonly folder: string;
  readonly image: string;
  /** Null where the makers sign nothing there: then the list is as good as the encrypted connection to them. */
  readonly signer: Signer | null;
}

/**
 * Debian's own: `generic`, whose kernel knows the shared folder's file system; `genericcloud` does not. Debian
 * signs the lists of its installers, and none beside these images.
 */
export const debianSource: BaseSource = {
  folder: 'https://cloud.debian.org/images/cloud/bookworm/latest/',
  image: 'debian-12-generic-amd64.qcow2',
  signer: null,
};

const qcow2Magic = Buffer.from([0x51, 0x46, 0x49, 0xfb]);

export type Base = MachineRecord['base'];

async function sumOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/** @throws ProblemError `system-unsigned` when nothing vouches for the list, or one about the source */
async function wantedDigest(
  run: Run,
  { folder, image, signer }: BaseSource,
  scratch: string,
  signal: AbortSignal,
): Promise<string> {
  if (signer === null && !folder.startsWith('https:'))
    throw new ProblemError('system-unsigned', {}, ['open-log']);
  const list = await fetchSmall(new URL('SHA512SUMS', folder), signal);
  if (signer !== null) {
    const signature = await fetchSmall(new URL(signer.file, folder), signal);
    await verifySignature(run, list, signature, signer, scratch, signal);
  }
  const digest = digestOf(list.toString('utf8'), image);
  if (digest === null) throw new ProblemError('source-out-of-order', {}, ['try-again']);
  return digest;
}

/**
 * Sees to it that the image is there; one that is there already and whole is what it was.
 *
 * @param known what it was when it was last verified; its disks stand on that one and no other
 */
export async function ensureBase(
  run: Run,
  source: BaseSource,
  file: string,
  known: Base | null,
  report: Report,
): Promise<Base> {
  if (known !== null && (await isWhole(file, known, report.signal))) return asItIs(file, known.sha512);
  const sha512 = await wantedDigest(run, source, file, report.signal);
  if (known !== null && known.sha512 !== sha512)
    throw new ProblemError('machine-disk-damaged', { detail: 'base' }, ['open-log']);
  // Left by a ClawCove that was killed before it had made the machine.
  const isThere = known === null && (await exists(file)) && (await sumOf(file, report.signal)) === sha512;
  if (!isThere)
    await fetchFile({ url: new URL(source.image, source.folder), sha512, magic: qcow2Magic }, file, report);
  // Not even by mistake.
  await chmod(file, 0o400);
  return asItIs(file, sha512);
}

/** A second one beside it, where the file system can without taking room for it; quiet when it is there. */
export async function keepSpare({ base, spareBase }: Places): Promise<void> {
  if (await exists(spareBase)) return;
  await copyWhole(base, spareBase);
}

async function copyWhole(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  await rm(part, { force: true });
  await copyFile(from, part, constants.COPYFILE_FICLONE);
  await chmod(part, 0o400);
  await rename(part, to);
}

/**
 * Brings the image back that a machine's disks stand on: from the one beside it, or from where it came from.
 *
 * @returns null when nobody has it any more
 * @throws ProblemError about the source, when that can't be asked
 */
export async function mendBase(
  run: Run,
  source: BaseSource,
  { base, spareBase }: Places,
  known: Base,
  report: Report,
): Promise<Base | null> {
  if (await isWhole(spareBase, known, report.signal)) {
    await copyWhole(spareBase, base);
    return asItIs(base, known.sha512);
  }
  const offered = await wantedDigest(run, source, base, report.signal);
  return offered === known.sha512 ? ensureBase(run, source, base, known, report) : null;
}

async function asItIs(file: string, sha512: string): Promise<Base> {
  const { size, mtimeMs } = await stat(file);
  return { sha512, bytes: size, changedAt: mtimeMs };
}

/** Whether it looks as it did when it was verified: a look, not a proof. */
export async function seemsWhole(file: string, { bytes, changedAt }: Base): Promise<boolean> {
  return stat(file).then(
    ({ size, mtimeMs }) => size === bytes && mtimeMs === changedAt,
    () => false,
  );
}

/** Whether every byte of it is what it was: reads it through. */
export async function isWhole(file: string, { bytes, sha512 }: Base, signal: AbortSignal): Promise<boolean> {
  const there = await stat(file).catch(() => null);
  return there !== null && there.size === bytes && (await sumOf(file, signal)) === sha512;
}
