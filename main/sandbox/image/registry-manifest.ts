/** Asks an image source itself, where Podman doesn't tell: for manifests, and for the small blobs they name. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { HttpAnswer, Net } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import { ProblemError } from '../../problem.ts';
import { answerProblem } from '../source-problem.ts';
import { saneTag, type TagSource } from './tags.ts';

const timeoutMs = 10_000;
/** A door's answer is cut at 64 kB: so many of the longest names of tags fit. */
const pageSize = 450;
const mostPages = 45;
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
  const answer = (await askManifest(net, sources, reference, signal)).at(-1);
  return answer?.is === 'answered' && answer.status === 200 ? answer.untrustedBody : '';
}

/** What the sources answered when they were asked for a manifest, until one had it: that one is the last. */
export async function askManifest(
  net: Net,
  sources: readonly TagSource[],
  reference: string,
  signal: AbortSignal,
): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = [];
  for (const source of sources) {
    const answer = await askSource(net, source, `manifests/${reference}`, { Accept: kinds }, signal);
    answers.push(answer);
    if (answer.is === 'answered' && answer.status === 200) break;
  }
  return answers;
}

const TagList = z.object({ tags: z.array(z.string()).nullish() });

/**
 * The tags that the first source which answers offers, as far as they are sane; unordered. Source: OCI distribution
 * spec, "Listing Tags".
 *
 * @throws ProblemError when nobody answers, or somebody who is no source
 */
export async function fetchTags(
  net: Net,
  sources: readonly TagSource[],
  signal: AbortSignal,
): Promise<string[]> {
  let problem = new ProblemError('source-silent', { version: '' }, ['try-again']);
  for (const source of sources) {
    const found = new Set<string>();
    let last = '';
    for (let page = 0; page < mostPages; page++) {
      const more = last === '' ? '' : `&last=${encodeURIComponent(last)}`;
      const answer = await askSource(net, source, `tags/list?n=${pageSize}${more}`, {}, signal);
      const tags = tagsIn(answer);
      if (tags instanceof ProblemError) {
        problem = tags;
        break;
      }
      const before = found.size;
      for (const tag of tags) found.add(tag);
      last = tags.at(-1) ?? '';
      // One that knows no pages gives everything at once, again and again.
      if (tags.length < pageSize || found.size === before) return saneOnes(found);
    }
    if (found.size > 0) return saneOnes(found);
  }
  throw problem;
}

const saneOnes = (tags: Iterable<string>) => [...tags].filter((tag) => saneTag.test(tag));

function tagsIn(answer: HttpAnswer): string[] | ProblemError {
  const problem = answerProblem(answer, '');
  if (problem || answer.is !== 'answered')
    return problem ?? new ProblemError('source-silent', { version: '' });
  const list = TagList.safeParse(parseJson(answer.untrustedBody)).data;
  // A hotel's sign-in page, for example.
  return list ? (list.tags ?? []) : new ProblemError('somebody-in-between', { version: '' }, ['try-again']);
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

/** One question; a source that wants everybody to fetch a token first is asked for one, as public ones give to all. */
async function askSource(
  net: Net,
  source: TagSource,
  what: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const ask = (more: Record<string, string> = {}) =>
    net.get(sourceUrl(source, what), { headers: { ...headers, ...more }, timeoutMs, signal });
  const answer = await ask();
  if (answer.is !== 'answered' || answer.status !== 401) return answer;
  const token = await fetchToken(net, source, signal);
  return token === null ? answer : ask({ Authorization: `Bearer ${token}` });
}

/** Where and what a source is, by its name `host/path`. */
function placeOf({ name, insecure }: TagSource) {
  const slash = name.indexOf('/');
  const host = name.slice(0, slash);
  return { host, path: name.slice(slash + 1), origin: `${insecure ? 'http' : 'https'}://${host}` };
}

/** @param what `manifests/…`, `blobs/…` or `tags/list` */
export function sourceUrl(source: TagSource, what: string): string {
  const { origin, path } = placeOf(source);
  return `${origin}/v2/${path}/${what}`;
}

/** What public sources give to everybody who asks; null: this one doesn't. */
export async function fetchToken(net: Net, source: TagSource, signal: AbortSignal): Promise<string | null> {
  const { origin, host, path } = placeOf(source);
  return tokenIn(
    await net.get(`${origin}/token?service=${host}&scope=repository:${path}:pull`, { timeoutMs, signal }),
  );
}

function tokenIn(answer: HttpAnswer): string | null {
  if (answer.is !== 'answered' || answer.status !== 200) return null;
  return /"token"\s*:\s*"([\w.~+/=-]{1,8000})"/.exec(answer.untrustedBody)?.[1] ?? null;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
