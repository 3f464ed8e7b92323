/**
 * Images that ClawCove fetches itself, for engines that bring no way of their own: verified manifest, configuration and
 * layers of every version, in a folder of this computer.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import type { Net } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import type { OpenStream } from '../../host/stream.ts';
import { parseJson } from '../../parse-json.ts';
import { ProblemError } from '../../problem.ts';
import type { Described, FetchedImage, Report } from '../sandbox.ts';
import { answerProblem } from '../source-problem.ts';
import { blobFile, dropBlobs, fetchBlob, hasBlob } from './blobs.ts';
import { dateFrom, describeImage } from './describe-image.ts';
import { readManifest } from './download-size.ts';
import {
  type Blob,
  type ImageParts,
  type ImageSurroundings,
  imageParts,
  imageSurroundings,
  type Layer,
} from './image-parts.ts';
import { imageVersionLabel } from './names.ts';
import { askManifest, fetchTags } from './registry-manifest.ts';
import { saneTag, type TagSource } from './tags.ts';

const maxManifest = 1024 * 1024;
const maxConfig = 4 * 1024 * 1024;

const Labelled = z.object({
  created: z.string().nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const Note = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), version: z.string() });

export interface ImageStoreOptions {
  readonly folder: string;
  /** The image without tag, `registry/path`. */
  readonly name: string;
  /** Where it can be asked for, the first one first: mirrors before the source itself. */
  readonly sources: readonly TagSource[];
  readonly net: Net;
  readonly open: OpenStream;
  /** The kind of processor, in Go's words (`amd64`, `arm64`). */
  readonly arch: string;
}

/** An image that lies here whole, as what makes a home of it needs it. */
export interface StoredImage {
  readonly digest: string;
  /** Lowest first, each with the file that holds it. */
  readonly layers: readonly (Layer & { readonly file: string })[];
  readonly surroundings: ImageSurroundings;
}

export interface ImageStore {
  listVersions(signal: AbortSignal): Promise<string[]>;
  describeVersion(tag: string, signal: AbortSignal): Promise<Described>;
  find(version: string): Promise<FetchedImage | null>;
  date(reference: string): Promise<number | null>;
  fetch(version: string, report: Report): Promise<FetchedImage>;
  /** The image behind `name@sha256:…`; null when it isn't here whole. */
  open(reference: string): Promise<StoredImage | null>;
  /** Removes all but these versions; `null` removes everything. */
  drop(keep: readonly string[] | null): Promise<void>;
}

export function createImageStore(options: ImageStoreOptions): ImageStore {
  const { folder, name, sources, net, arch } = options;
  const noteFile = (version: string) => join(folder, 'versions', `${version}.json`);
  const manifestFile = (digest: string) => join(folder, 'manifests', digest.slice('sha256:'.length));

  const partsOf = async (digest: string): Promise<ImageParts | null> => {
    const text = await readBounded(manifestFile(digest), maxManifest);
    return text === null || digestOf(text) !== digest ? null : imageParts(text);
  };
  const isWhole = async (parts: ImageParts) =>
    (await Promise.all([parts.config, ...parts.layers].map((blob) => hasBlob(folder, blob)))).every(Boolean);
  const configOf = async ({ config }: ImageParts) => {
    const text = await readBounded(blobFile(folder, config.digest), maxConfig);
    return text !== null && digestOf(text) === config.digest ? text : null;
  };
  const noteOf = async (version: string) => {
    const text = saneTag.test(version) ? await readBounded(noteFile(version)) : null;
    return text === null ? null : (Note.safeParse(parseJson(text)).data ?? null);
  };

  const find = async (version: string): Promise<FetchedImage | null> => {
    const note = await noteOf(version);
    const parts = note ? await partsOf(note.digest) : null;
    if (!note || !parts || !(await isWhole(parts))) return null;
    // The tag could have been put on anything; the image itself says what it is.
    const config = await configOf(parts);
    if (config === null || ![undefined, version].includes(labelsIn(config)?.[imageVersionLabel])) return null;
    const sizeBytes = [...uniqueBlobs(parts)].reduce((sum, { size }) => sum + size, 0);
    return { reference: `${name}@${note.digest}`, digest: note.digest, version, sizeBytes };
  };

  return {
    listVersions: (signal) => fetchTags(net, sources, signal),
    describeVersion: (tag, signal) => describeImage(net, sources, tag, arch, signal),
    find,
    async date(reference) {
      const parts = await partsOf(reference.slice(name.length + 1));
      const config = parts && reference.startsWith(`${name}@`) ? await configOf(parts) : null;
      if (config === null) return null;
      return dateFrom(labelsIn(config), Labelled.safeParse(parseJson(config)).data?.created);
    },
    async fetch(version, report) {
      if (!saneTag.test(version)) throw new ProblemError('version-not-offered', { version });
      const manifest = await findManifest(options, version, report.signal);
      const parts = imageParts(manifest);
      if (!parts) throw new ProblemError('somebody-in-between', { version });
      await fetchParts(parts, { ...options, version }, report);
      const digest = digestOf(manifest);
      await Promise.all(
        ['manifests', 'versions'].map((part) => mkdir(join(folder, part), { recursive: true, mode: 0o700 })),
      );
      await writeFileAtomic(manifestFile(digest), manifest, { mode: 0o600 });
      await writeFileAtomic(noteFile(version), JSON.stringify({ digest, version }), { mode: 0o600 });
      const image = await find(version);
      if (!image) throw new ProblemError('download-damaged', { version });
      return image;
    },
    async open(reference) {
      if (!reference.startsWith(`${name}@`)) return null;
      const digest = reference.slice(name.length + 1);
      const parts = Note.shape.digest.safeParse(digest).success ? await partsOf(digest) : null;
      const config = parts && (await isWhole(parts)) ? await configOf(parts) : null;
      if (!parts || config === null) return null;
      const layers = parts.layers.map((layer) => ({ ...layer, file: blobFile(folder, layer.digest) }));
      return { digest, layers, surroundings: imageSurroundings(config) };
    },
    async drop(keep) {
      if (keep === null) return rm(folder, { recursive: true, force: true });
      const blobs = new Set<string>();
      const manifests = new Set<string>();
      for (const version of keep) {
        const note = await noteOf(version);
        const parts = note ? await partsOf(note.digest) : null;
        if (!note || !parts) continue;
        manifests.add(note.digest.slice('sha256:'.length));
        for (const { digest } of uniqueBlobs(parts)) blobs.add(digest);
      }
      await removeOthers(join(folder, 'versions'), (file) =>
        keep.some((version) => file === `${version}.json`),
      );
      await removeOthers(join(folder, 'manifests'), (file) => manifests.has(file));
      await dropBlobs(folder, blobs);
    },
  };
}

/** Every blob of an image once: a layer that is used twice travels once. */
function uniqueBlobs({ config, layers }: ImageParts): Blob[] {
  return [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
}

/** The manifest of a version for this kind of processor. */
async function findManifest(
  { net, sources, arch }: ImageStoreOptions,
  version: string,
  signal: AbortSignal,
): Promise<string> {
  const ask = async (reference: string) => {
    const answers = await askManifest(net, sources, reference, signal);
    const good = answers.find((answer) => answerProblem(answer, version) === null);
    if (good?.is === 'answered') return good.untrustedBody;
    const [first] = answers;
    throw (first && answerProblem(first, version)) ?? new ProblemError('source-silent', { version });
  };
  const text = await ask(version);
  const there = readManifest(text, '', arch);
  if (there.is === 'for-others') throw new ProblemError('version-not-offered', { version });
  if (there.is !== 'elsewhere') return text;
  const own = await ask(there.digest);
  if (digestOf(own) !== there.digest) throw new ProblemError('download-damaged', { version });
  return own;
}

async function fetchParts(
  parts: ImageParts,
  { folder, sources, net, open, version }: ImageStoreOptions & { readonly version: string },
  report: Report,
): Promise<void> {
  const blobs = uniqueBlobs(parts);
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const blob of blobs) {
    report.log(`${blob.digest} ${blob.size}`);
    await fetchBlob(blob, {
      folder,
      sources,
      net,
      open,
      version,
      signal: report.signal,
      arrived: (bytes) => report.progress(before + bytes, total),
    });
    before += blob.size;
  }
  report.progress(total, total);
}

async function removeOthers(folder: string, isKept: (file: string) => boolean): Promise<void> {
  for (const file of await readdir(folder).catch(() => []))
    if (!isKept(file)) await rm(join(folder, file), { force: true });
}

const labelsIn = (config: string) => Labelled.safeParse(parseJson(config)).data?.config?.Labels ?? undefined;

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
