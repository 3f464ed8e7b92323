/** Fetches a large file from the internet. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Cancelled, ProblemError } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';

/** A source that says nothing for so long is gone (ms). */
const silence = 60_000;

/** What fetches an address: Node's own `fetch`, or Electron's, which follows the system's proxy. */
type Fetch = (
  url: string,
  init: { readonly signal: AbortSignal; readonly redirect: 'follow' },
) => Promise<Response>;

/**
 * Makes a function that fetches an address into a file, which is new; one that fails leaves what it has there.
 * What comes is somebody else's: whoever uses it verifies it first.
 *
 * @throws ProblemError that says why not (of the returned function)
 */
export function createDownload(fetch: Fetch, patience = silence) {
  return async (url: string, file: string, report: Pick<Report, 'signal' | 'progress'>): Promise<void> => {
    const late = new AbortController();
    let timer = setTimeout(() => late.abort(), patience);
    const awake = () => {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), patience);
    };
    try {
      const signal = AbortSignal.any([report.signal, late.signal]);
      const answer = await fetch(url, { signal, redirect: 'follow' });
      if (!answer.ok || answer.body === null) throw answerProblem(answer.status);
      const length = Number(answer.headers.get('content-length') ?? Number.NaN);
      const of = Number.isSafeInteger(length) && length > 0 ? length : null;
      const handle = await open(file, 'wx', 0o600);
      try {
        let done = 0;
        for await (const piece of Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream)) {
          awake();
          await handle.writeFile(piece as Uint8Array);
          done += (piece as Uint8Array).length;
          report.progress(done, of);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (report.signal.aborted) throw new Cancelled();
      throw told(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function answerProblem(status: number): ProblemError {
  if (status === 429) return new ProblemError('source-busy', {}, ['try-again']);
  return new ProblemError(status < 500 ? 'source-refuses' : 'source-out-of-order', {}, ['try-again']);
}

/** The system's own word for a failure lies some causes deep. */
function told(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (/^(?:ENOSPC|EDQUOT|EFBIG)$/.test(code)) return new ProblemError('no-room-on-disk', {}, ['try-again']);
    if (/^(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH)$/.test(code))
      return new ProblemError('no-internet', {}, ['try-again']);
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code))
      return new ProblemError('somebody-in-between', {}, ['try-again']);
    if (/^(?:EACCES|EPERM|EEXIST|EROFS)$/.test(code)) return error;
  }
  return new ProblemError('source-silent', {}, ['try-again']);
}
