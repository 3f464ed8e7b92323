/** Verified pieces of images in a folder of ours, each under its own digest. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Net } from '../../doors.ts';
import type { OpenStream, Stream } from '../../host/stream.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import { sourceProblem, statusProblem } from '../source-problem.ts';
import type { Blob } from './image-parts.ts';
import { fetchToken, sourceUrl } from './registry-manifest.ts';
import type { TagSource } from './tags.ts';

const hexOf = (digest: string) => digest.slice('sha256:'.length);
export const blobFile = (folder: string, digest: string): string => join(folder, 'blobs', hexOf(digest));
const partFile = (folder: string, digest: string): string => `${blobFile(folder, digest)}.part`;

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  );

/** Whether a blob lies here whole. It was verified before it got its name. */
export async function hasBlob(folder: string, { digest, size }: Blob): Promise<boolean> {
  return (await sizeOf(blobFile(folder, digest))) === size;
}

export interface BlobFetch {
  readonly folder: string;
  readonly sources: readonly TagSource[];
  readonly net: Net;
  readonly open: OpenStream;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called with how much of this blob is here (bytes). */
  readonly arrived: (bytes: number) => void;
}

/**
 * Fetches a blob, from where an earlier try ended, and verifies it while it comes.
 *
 * @throws ProblemError, each kind of failure with its own code; what came stays for the next try unless it is wrong
 */
export async function fetchBlob(blob: Blob, fetch: BlobFetch): Promise<void> {
  const { folder, sources, version, signal } = fetch;
  if (await hasBlob(folder, blob)) return fetch.arrived(blob.size);
  await mkdir(join(folder, 'blobs'), { recursive: true, mode: 0o700 });
  let last: unknown = null;
  for (const source of sources) {
    try {
      return await fetchFrom(source, blob, fetch);
    } catch (error) {
      if (signal.aborted) throw new Cancelled();
      last = sourceProblem(error, version);
      // The disk is no better with another source.
      if (last instanceof ProblemError && last.problem.code === 'no-room-on-disk') break;
    }
  }
  throw last;
}

async function fetchFrom(source: TagSource, blob: Blob, fetch: BlobFetch): Promise<void> {
  const { folder, signal, version } = fetch;
  const part = partFile(folder, blob.digest);
  const there = (await sizeOf(part)) ?? 0;
  // One that is as long as it may be was not right, or nobody had the time to say so: once more from the beginning.
  const begun = there < blob.size ? there : 0;
  const stream = await openBlob(source, blob, begun, fetch);
  try {
    if (stream.status !== 200 && stream.status !== 206) throw statusProblem(stream.status, version);
    // A source that can't go on in the middle starts at the beginning.
    const digest = await write(part, stream.status === 206 ? begun : 0, blob, stream, fetch);
    if (signal.aborted) throw new Cancelled();
    if (digest === null) throw new ProblemError('source-silent', { version });
    if (digest !== blob.digest) {
      await rm(part, { force: true });
      throw new ProblemError('download-damaged', { version });
    }
  } finally {
    stream.drop();
  }
  await rename(part, blobFile(folder, blob.digest));
}

async function openBlob(
  source: TagSource,
  { digest }: Blob,
  begun: number,
  { net, open: openStream, signal }: BlobFetch,
): Promise<Stream> {
  const range: Record<string, string> = begun > 0 ? { Range: `bytes=${begun}-` } : {};
  const ask = (url: string, more: Record<string, string> = {}) =>
    openStream(url, { headers: { ...range, ...more }, signal });
  let answer = await ask(sourceUrl(source, `blobs/${digest}`));
  if (answer.status === 401) {
    const token = await fetchToken(net, source, signal);
    if (token === null) return answer;
    answer.drop();
    answer = await ask(sourceUrl(source, `blobs/${digest}`), { Authorization: `Bearer ${token}` });
  }
  const { untrustedLocation, status } = answer;
  if (untrustedLocation === null || status < 300 || status > 399) return answer;
  answer.drop();
  // The token was for the source; where it sends us gets nothing from us.
  const elsewhere = URL.parse(untrustedLocation);
  if (elsewhere?.protocol !== 'https:') throw new ProblemError('somebody-in-between', {});
  return ask(elsewhere.href);
}

/**
 * Writes what comes behind the first bytes of a file.
 *
 * @returns the digest of the whole, or null when it is still too short
 */
async function write(
  part: string,
  from: number,
  { size }: Blob,
  { untrustedPieces }: Stream,
  { arrived }: BlobFetch,
): Promise<string | null> {
  const file = await open(part, 'a', 0o600);
  try {
    await file.truncate(from);
    const hash = createHash('sha256');
    if (from > 0) for await (const piece of createReadStream(part)) hash.update(piece);
    let at = from;
    for await (const piece of untrustedPieces) {
      // More than was promised would only fill the disk.
      if (at + piece.length > size) return hash.update(piece).digest('hex');
      hash.update(piece);
      await file.write(piece);
      at += piece.length;
      arrived(at);
    }
    await file.sync();
    return at < size ? null : `sha256:${hash.digest('hex')}`;
  } finally {
    await file.close();
  }
}

/** Removes every blob but some, and what was begun. */
export async function dropBlobs(folder: string, keep: ReadonlySet<string>): Promise<void> {
  const names = await readdir(join(folder, 'blobs')).catch(() => []);
  for (const name of names)
    if (!keep.has(`sha256:${name}`)) await rm(join(folder, 'blobs', name), { force: true });
}
