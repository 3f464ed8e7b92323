/** Downloads: whole or not at all, taken up again where they were broken off, and verified while they come. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { type IncomingMessage, get as overHttp } from 'node:http';
import { get as overHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Cancelled, ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';
import { sourceProblem, statusProblem } from '../source-problem.ts';

/** Debian's own servers send people on to one nearby. */
const mostTurns = 5;
/** A source that says nothing for so long has gone (ms). */
const silence = 60_000;
/** Lists and signatures are a few kB (bytes). */
const mostText = 256 * 1024;

const again = ['try-again'] as const;

const statusProblemOf = (status: number) => statusProblem(status, '', 'source-out-of-order');

const isPage = ({ headers }: IncomingMessage) => /^text\/html\b/i.test(headers['content-type'] ?? '');

/** Asks, and goes where it is sent, but never from an encrypted place to one that isn't. */
async function ask(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  turns = 0,
): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const get = url.protocol === 'https:' ? overHttps : overHttp;
    const request = get(url, { headers, signal, agent: false, timeout: silence }, resolve);
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new ProblemError('source-silent', {}, again)));
  });
  const { location } = answer.headers;
  if (answer.statusCode === undefined || answer.statusCode < 300 || answer.statusCode > 399 || !location)
    return answer;
  answer.destroy();
  const next = new URL(location, url);
  if (
    turns === mostTurns ||
    !/^https?:$/.test(next.protocol) ||
    (url.protocol === 'https:' && next.protocol !== 'https:')
  )
    throw new ProblemError('somebody-in-between', {}, again);
  return ask(next, headers, signal, turns + 1);
}

/** Fetches something small. */
export async function fetchSmall(url: URL, signal: AbortSignal): Promise<Buffer> {
  try {
    const answer = await ask(url, {}, signal);
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw statusProblemOf(answer.statusCode ?? 0);
    }
    if (isPage(answer)) {
      answer.destroy();
      throw new ProblemError('somebody-in-between', {}, again);
    }
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size > mostText) throw new ProblemError('source-out-of-order', {}, again);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    throw sourceProblem(error, '');
  }
}

/** How long a file there is (bytes), without fetching it; null: its source doesn't say, or can't be asked. */
export async function sizeThere(url: URL, signal: AbortSignal): Promise<number | null> {
  const answer = await ask(url, {}, signal).catch(() => {
    if (signal.aborted) throw new Cancelled();
    return null;
  });
  answer?.destroy();
  const length = Number(answer?.headers['content-length'] ?? Number.NaN);
  return answer?.statusCode === 200 && !isPage(answer) && Number.isFinite(length) ? length : null;
}

/** What is there of a download that was broken off goes into the sum; answers with how much that is. */
async function takeUp(part: string, hash: Hash): Promise<number> {
  const size = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (size > 0) await pipeline(createReadStream(part), hash, { end: false });
  return size;
}

export interface Wanted {
  readonly url: URL;
  readonly sha512: string;
  /** What such a file begins with. */
  readonly magic: Buffer;
}

/**
 * Downloads a file to where it belongs: it is there whole and verified, or not at all. What came of it
 * before it was broken off stays beside it for the next time.
 *
 * @throws ProblemError `system-damaged` when it isn't what was promised, `somebody-in-between` when a page came in
 *   its place, or one about the source
 */
export async function fetchFile({ url, sha512, magic }: Wanted, file: string, report: Report): Promise<void> {
  const part = `${file}.part`;
  const { signal } = report;
  let hash = createHash('sha512');
  try {
    let done = await takeUp(part, hash);
    let answer = await ask(url, done > 0 ? { range: `bytes=${done}-` } : {}, signal);
    // The source can't go on in the middle, or has nothing after it.
    if (done > 0 && answer.statusCode !== 206) {
      hash = createHash('sha512');
      done = 0;
      if (answer.statusCode !== 200) {
        answer.destroy();
        answer = await ask(url, {}, signal);
      }
    }
    if (answer.statusCode !== 200 && answer.statusCode !== 206) {
      answer.destroy();
      throw statusProblemOf(answer.statusCode ?? 0);
    }
    if (isPage(answer)) {
      answer.destroy();
      throw new ProblemError('somebody-in-between', {}, again);
    }
    const length = Number(answer.headers['content-length'] ?? Number.NaN);
    const of = Number.isFinite(length) ? done + length : null;
    answer.setTimeout(silence, () => answer.destroy(new ProblemError('source-silent', {}, again)));
    let isFirst = done === 0;
    const watched = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        if (isFirst && !piece.subarray(0, magic.length).equals(magic.subarray(0, piece.length)))
          throw new ProblemError('somebody-in-between', {}, again);
        isFirst = false;
        hash.update(piece);
        done += piece.length;
        report.progress(done, of);
        yield piece;
      }
    };
    const out = createWriteStream(part, { flags: done > 0 ? 'a' : 'w', mode: 0o600, flush: true });
    await pipeline(answer, watched, out, { signal });
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    throw sourceProblem(error, '');
  }
  if (hash.digest('hex') !== sha512) {
    await rm(part, { force: true });
    throw new ProblemError('system-damaged', {}, ['try-again', 'open-log']);
  }
  await rename(part, file);
}
