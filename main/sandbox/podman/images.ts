/** The images on this computer, and what the source offers. */
import * as z from 'zod';
import { type CallOptions, type Cli, engineProblem, mustSucceed } from '../container/call.ts';
import { dateFrom } from '../image/describe-image.ts';
import { imageVersionLabel } from '../image/names.ts';
import { saneTag } from '../image/tags.ts';
import type { FetchedImage } from '../sandbox.ts';
import { engineSourceProblem } from '../source-problem.ts';
import type { Engine } from './engine.ts';
import { tagSources } from './probe.ts';

const timeoutMs = 60_000;
/** Exit codes of `podman rmi`. Source: podman-rmi(1). */
const notKnown = 1;
const inUse = 2;
/** More tags than any project has; the rest is thrown away. */
const maxTags = 20_000;

const TagList = z.array(z.object({ Tags: z.array(z.string()).nullish() }));
const Labels = z.record(z.string(), z.string()).nullish();
const Image = z.object({
  Digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  RepoDigests: z.array(z.string()).nullish(),
  Size: z.number(),
  Labels,
});
const DatedImage = z.object({ Created: z.string().nullish(), Labels });
const ListedImage = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Labels,
});

/**
 * The tags of the image, from the first place that answers: this computer's mirrors before
 * the source itself.
 * @throws ProblemError when nobody answers
 */
export async function listTags(
  { podman, info }: Engine,
  name: string,
  signal: AbortSignal,
): Promise<string[]> {
  const failures: string[] = [];
  for (const source of tagSources(info, name)) {
    const args = ['search', '--list-tags', `--limit=${maxTags}`, '--format=json'];
    const tls = source.insecure ? ['--tls-verify=false'] : [];
    const result = await podman([...args, ...tls, '--', source.name], { timeoutMs, signal });
    if (result.code === 0) return tagsFrom(result.stdout);
    failures.push(result.stderr.replaceAll(/\s+/g, ' ').trim().slice(0, 300));
  }
  throw engineSourceProblem(failures.join('; '), '');
}

/** Tags out of what Podman printed; nothing sane in it is no tags. */
function tagsFrom(json: string): string[] {
  const parsed = TagList.safeParse(JSON.parse(json));
  return (parsed.data ?? []).flatMap(({ Tags }) => Tags ?? []).filter((tag) => saneTag.test(tag));
}

/** The image of a version, if it lies on this computer whole. */
export async function findImage(
  podman: Cli,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<FetchedImage | null> {
  if (!saneTag.test(version)) return null;
  const found = await inspectImage(podman, `${name}:${version}`, signal);
  if (found === null) return null;
  const image = z.tuple([Image]).parse(found)[0];
  // The tag could have been put on anything; the image itself says what it is.
  const says = image.Labels?.[imageVersionLabel];
  if (says !== undefined && says !== version) return null;
  return { reference: `${name}@${image.Digest}`, digest: image.Digest, version, sizeBytes: image.Size };
}

/** When an image that lies here was made (ms since 1970); null when it isn't here or doesn't say. */
export async function madeAt(podman: Cli, reference: string, signal: AbortSignal): Promise<number | null> {
  const found = await inspectImage(podman, reference, signal);
  if (found === null) return null;
  const [image] = z.tuple([DatedImage]).parse(found);
  return dateFrom(image.Labels, image.Created);
}

/** What Podman says about one image; null when it isn't here. */
async function inspectImage(podman: Cli, reference: string, signal: AbortSignal): Promise<unknown> {
  const args = ['image', 'inspect', '--format=json', '--', reference];
  const { code, stdout, stderr } = await podman(args, { timeoutMs, signal });
  if (code === 0) return JSON.parse(stdout);
  if (/image not known|no such image/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Removes images of this name, as far as nothing was made from them, apart from some versions. */
export async function dropImages(
  podman: Cli,
  name: string,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const options: CallOptions = { timeoutMs, signal };
  const { stdout } = await mustSucceed(podman(['images', '--all', '--format=json'], options));
  for (const image of z.array(ListedImage).parse(JSON.parse(stdout))) {
    const isOfName = (full: string) => full.startsWith(`${name}:`) || full.startsWith(`${name}@`);
    const names = image.Names ?? [];
    if (![...names, ...(image.RepoDigests ?? [])].some(isOfName)) continue;
    const isKept = (version: string) =>
      image.Labels?.[imageVersionLabel] === version || names.includes(`${name}:${version}`);
    if (keep.some(isKept)) continue;
    // By name, not by id: the same image may have other names that are not ours to take away.
    const targets = names.length > 0 ? names.filter(isOfName) : [image.Id];
    for (const target of targets) {
      const { code, stderr } = await podman(['rmi', '--', target], { ...options, timeoutMs: 120_000 });
      // Gone already, or still in use by the home or something of the person's own: then it stays.
      if (code !== 0 && code !== notKnown && code !== inUse) throw engineProblem(stderr);
    }
  }
}
