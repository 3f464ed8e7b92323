/** The images on this computer. */
import * as z from 'zod';
import { type CallOptions, engineProblem, mustSucceed } from '../container/call.ts';
import { Labels, Strings } from '../container/inspection.ts';
import { dateFrom } from '../image/describe-image.ts';
import { imageVersionLabel } from '../image/names.ts';
import { saneTag } from '../image/tags.ts';
import type { FetchedImage } from '../sandbox.ts';
import type { Docker } from './call.ts';

const timeoutMs = 60_000;

const Image = z.tuple([
  z.object({
    RepoTags: Strings,
    RepoDigests: Strings,
    Created: z.string().nullish(),
    Size: z.number(),
    Config: z.object({ Labels }).nullish(),
  }),
]);

async function inspectImage(docker: Docker, reference: string, signal: AbortSignal) {
  const args = ['image', 'inspect', '--', reference];
  const { code, stdout, stderr } = await docker(args, { timeoutMs, signal });
  if (code === 0) return Image.parse(JSON.parse(stdout))[0];
  if (/no such (?:image|object)/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** The image of a version, if it lies on this computer whole. */
export async function findImage(
  docker: Docker,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<FetchedImage | null> {
  if (!saneTag.test(version)) return null;
  const image = await inspectImage(docker, `${name}:${version}`, signal);
  const reference = image?.RepoDigests?.find((full) => full.startsWith(`${name}@sha256:`));
  if (!image || !reference) return null;
  // The tag could have been put on anything; the image itself says what it is.
  const says = image.Config?.Labels?.[imageVersionLabel];
  if (says !== undefined && says !== version) return null;
  return { reference, digest: reference.slice(name.length + 1), version, sizeBytes: image.Size };
}

/** When an image that lies here was made (ms since 1970); null when it isn't here or doesn't say. */
export async function madeAt(docker: Docker, reference: string, signal: AbortSignal): Promise<number | null> {
  const image = await inspectImage(docker, reference, signal);
  return image && dateFrom(image.Config?.Labels, image.Created);
}

/** Ids of all images of a name. */
async function imagesOf(docker: Docker, name: string, signal: AbortSignal): Promise<string[]> {
  const args = ['images', '--no-trunc', `--filter=reference=${name}`, '--format={{.ID}}'];
  const { stdout } = await mustSucceed(docker(args, { timeoutMs, signal }));
  return [...new Set(stdout.split('\n').filter(Boolean))];
}

/** Some image of that name, whose programs will do for looking after what homes leave; null: none lies here. */
export async function anyImage(docker: Docker, name: string, signal: AbortSignal): Promise<string | null> {
  return (await imagesOf(docker, name, signal))[0] ?? null;
}

/** Removes images of this name, as far as nothing was made from them, apart from some versions. */
export async function dropImages(
  docker: Docker,
  name: string,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const options: CallOptions = { timeoutMs: 300_000, signal };
  for (const id of await imagesOf(docker, name, signal)) {
    const image = await inspectImage(docker, id, signal);
    if (!image) continue;
    const tags = (image.RepoTags ?? []).filter((full) => full.startsWith(`${name}:`));
    const version = image.Config?.Labels?.[imageVersionLabel];
    if (keep.some((kept) => kept === version || tags.includes(`${name}:${kept}`))) continue;
    // By name, not by id: the same image may have other names that are not ours to take away.
    const digests = (image.RepoDigests ?? []).filter((full) => full.startsWith(`${name}@`));
    for (const target of [...tags, ...digests]) {
      const { code, stderr } = await docker(['rmi', '--', target], options);
      // Gone already, or still in use by the home or something of the person's own: then it stays.
      if (code !== 0 && !/no such image|conflict|being used|in use/i.test(stderr))
        throw engineProblem(stderr);
    }
  }
}
