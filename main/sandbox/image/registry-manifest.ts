/** Asks an image source itself, where Podman doesn't tell: for manifests, and for the small blobs they name. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { HttpAnswer, Net } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { imageSourceProblem } from './image-source-problem.ts';
import { saneTag, type TagSource } from './tags.ts';

const timeoutMs = 10_000;
const TagList = z.object({ tags: z.array(z.string()).nullish() });
/** Kinds of manifest that tell sizes. Source: OCI image spec, Docker image manifest v2.2. */
const kinds = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/**
 * A manifest as the first source that answers has it, or empty when none does.
 * Source: OCI distribution spec, "Pulling manifests".
 *
 * @param reference tag or digest
 */
export async function fetchManifest(
  net: Net,
  sources: readonly TagSource[],
  reference: string,
  signal: AbortSignal,
): Promise<string> {
  for (const source of sources) {
    const answer = await askSource(net, source, `manifests/${reference}`, { Accept: kinds }, signal);
    if (answer.is === 'answered' && answer.status === 200) return answer.untrustedBody;
  }
  return '';
}

/**
 * A small blob by its digest, verified by it, or empty when no source has it. Public sources
 * send on to where the blobs really lie. Source: OCI distribution spec, "Pulling blobs".
 */
export async function fetchSmallBlob(
  net: Net,
  sources: readonly TagSource[],
  digest: string,
  signal: AbortSignal,
): Promise<string> {
  for (const source of sources) {
    let answer = await askSource(net, source, `blobs/${digest}`, {}, signal);
    const elsewhere = answer.is === 'answered' ? answer.untrustedLocation : undefined;
    // The token was for the source; where it sends us gets nothing from us.
    if (elsewhere && URL.parse(elsewhere)?.protocol === 'https:')
      answer = await net.get(elsewhere, { timeoutMs, signal });
    if (answer.is === 'answered' && answer.status === 200 && digestOf(answer.untrustedBody) === digest)
      return answer.untrustedBody;
  }
  return '';
}

/** How many tags are asked for at once: their names have to fit in what a door lets through. */
const tagsAtOnce = 400;
/** More than any project has. */
const mostTags = 20_000;

/**
 * The tags of an image, as far as they are sane. Source: OCI distribution spec, "Listing tags".
 *
 * @throws ProblemError when the source doesn't answer as one
 */
export async function fetchTags(net: Net, source: TagSource, signal: AbortSignal): Promise<string[]> {
  const found = new Set<string>();
  for (let last = ''; found.size < mostTags; ) {
    const what = `tags/list?n=${tagsAtOnce}${last === '' ? '' : `&last=${encodeURIComponent(last)}`}`;
    const page = tagsIn(await askSource(net, source, what, {}, signal));
    const before = found.size;
    for (const tag of page) found.add(tag);
    last = page.at(-1) ?? '';
    // One that knows no pages gives everything at once, again and again.
    if (page.length < tagsAtOnce || found.size === before) break;
  }
  return [...found].filter((tag) => saneTag.test(tag));
}

function tagsIn(answer: HttpAnswer): string[] {
  if (answer.is === 'failed') throw imageSourceProblem(answer.detail, '');
  if (answer.is !== 'answered') throw new ProblemError('source-silent', { version: '' }, ['try-again']);
  if (answer.status !== 200)
    throw imageSourceProblem(`status ${answer.status} (${statusWord(answer.status)})`, '');
  const list = TagList.safeParse(parseJson(answer.untrustedBody)).data;
  // A hotel's sign-in page, for example.
  if (!list) throw new ProblemError('somebody-in-between', { version: '' }, ['try-again']);
  return list.tags ?? [];
}

const statusWord = (status: number) => (status === 401 ? 'Unauthorized' : status === 403 ? 'Forbidden' : '');

/** One question; a source that wants everybody to fetch a token first is asked for one, as public ones give to all. */
async function askSource(
  net: Net,
  { name, insecure }: TagSource,
  what: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const slash = name.indexOf('/');
  const [host, path] = [name.slice(0, slash), name.slice(slash + 1)];
  const origin = `${insecure ? 'http' : 'https'}://${host}`;
  const ask = (more: Record<string, string> = {}) =>
    net.get(`${origin}/v2/${path}/${what}`, { headers: { ...headers, ...more }, timeoutMs, signal });
  const answer = await ask();
  if (answer.is !== 'answered' || answer.status !== 401) return answer;
  const token = tokenIn(
    await net.get(`${origin}/token?service=${host}&scope=repository:${path}:pull`, { timeoutMs, signal }),
  );
  return token === null ? answer : ask({ Authorization: `Bearer ${token}` });
}

function tokenIn(answer: HttpAnswer): string | null {
  if (answer.is !== 'answered' || answer.status !== 200) return null;
  return /"token"\s*:\s*"([\w.~+/=-]{1,8000})"/.exec(answer.untrustedBody)?.[1] ?? null;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
