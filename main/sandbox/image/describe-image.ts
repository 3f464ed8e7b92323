/** What is said about an image without fetching it: in its manifest, and in the configuration that this names. */
import * as z from 'zod';
import type { Net } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import type { Described } from '../sandbox.ts';
import { readManifest } from './download-size.ts';
import { imageVersionLabel } from './names.ts';
import { fetchManifest, fetchSmallBlob } from './registry-manifest.ts';
import type { TagSource } from './tags.ts';

/** Source: OCI image spec, annotations. */
const createdKey = 'org.opencontainers.image.created';
/** A door's answer is cut at 64 kB; a larger configuration could not be read whole. */
const largestConfig = 64 * 1024;
/** Some tools write 1970 or 1980 for "not said"; OpenClaw is younger than this (ms since 1970). */
const earliest = Date.UTC(2024, 0, 1);

const Words = z.record(z.string(), z.string()).nullish();
const Manifest = z.object({
  annotations: Words,
  config: z
    .object({
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      size: z.number().max(largestConfig),
    })
    .nullish()
    .catch(null),
});
const Config = z.object({
  architecture: z.string().max(50).nullish().catch(null),
  created: z.string().nullish(),
  config: z.object({ Labels: Words }).nullish(),
});
/** A tag can't be longer. Source: OCI distribution spec. */
const Tag = z.string().max(128);
const Moment = z.iso.datetime({ offset: true });

/**
 * What the sources say about a tag.
 *
 * @param arch the engine's word for the processor
 */
export async function describeImage(
  net: Net,
  sources: readonly TagSource[],
  tag: string,
  arch: string,
  signal: AbortSignal,
): Promise<Described> {
  let text = await fetchManifest(net, sources, tag, signal);
  const there = readManifest(text, '', arch);
  if (there.is === 'elsewhere') text = await fetchManifest(net, sources, there.digest, signal);
  const size = there.is === 'elsewhere' ? readManifest(text, '', arch) : there;
  if (there.is === 'for-others') return { createdAt: null, version: null, processor: 'others' };
  const manifest = Manifest.safeParse(parseJson(text)).data;
  const blob = manifest?.config ? await fetchSmallBlob(net, sources, manifest.config.digest, signal) : '';
  return {
    ...wordsOf(manifest?.annotations, blob, arch),
    ...(size.is === 'size' && { downloadBytes: size.bytes }),
  };
}

/** What an image says about itself; pure. */
export function wordsOf(
  annotations: z.infer<typeof Words>,
  untrustedConfig: string,
  arch: string,
): Described {
  const config = Config.safeParse(parseJson(untrustedConfig)).data;
  const labels = config?.config?.Labels;
  const { architecture } = config ?? {};
  return {
    createdAt: momentOf(annotations?.[createdKey]) ?? dateFrom(labels, config?.created),
    // The label first: by it the image is judged once it is here.
    version: Tag.safeParse(labels?.[imageVersionLabel] ?? annotations?.[imageVersionLabel]).data ?? null,
    processor: !architecture ? 'unknown' : architecture === arch ? 'this-one' : 'others',
  };
}

/** What an image's makers labelled it with before what their tool noted (ms since 1970); null: neither; pure. */
export function dateFrom(labels: z.infer<typeof Words>, noted: string | null | undefined): number | null {
  return momentOf(labels?.[createdKey]) ?? momentOf(noted);
}

function momentOf(untrusted: string | null | undefined): number | null {
  const text = Moment.safeParse(untrusted).data;
  const moment = text === undefined ? Number.NaN : Date.parse(text);
  return moment >= earliest ? moment : null;
}
