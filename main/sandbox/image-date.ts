/** When an image was made, as its source tells: from its manifest, or from the configuration that this names. */
import * as z from 'zod';
import type { Net } from '../doors.ts';
import { readManifest } from './download-size.ts';
import type { TagSource } from './podman-probe.ts';
import { fetchManifest, fetchSmallBlob } from './registry-manifest.ts';

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
const Config = z.object({ created: z.string().nullish(), config: z.object({ Labels: Words }).nullish() });
const Moment = z.iso.datetime({ offset: true });

/**
 * When the image of a version was made (ms since 1970), or null when nobody says.
 *
 * @param arch the engine's word for the processor
 */
export async function imageDate(
  net: Net,
  sources: readonly TagSource[],
  version: string,
  arch: string,
  signal: AbortSignal,
): Promise<number | null> {
  let text = await fetchManifest(net, sources, version, signal);
  const there = readManifest(text, '', arch);
  if (there.is === 'elsewhere') text = await fetchManifest(net, sources, there.digest, signal);
  const manifest = Manifest.safeParse(parseJson(text)).data;
  const annotated = momentOf(manifest?.annotations?.[createdKey]);
  if (annotated !== null || !manifest?.config) return annotated;
  return dateInConfig(await fetchSmallBlob(net, sources, manifest.config.digest, signal));
}

/** The date in an image's configuration: what its makers labelled it with before what their tool noted; pure. */
export function dateInConfig(untrusted: string): number | null {
  const config = Config.safeParse(parseJson(untrusted)).data;
  return dateFrom(config?.config?.Labels, config?.created);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
