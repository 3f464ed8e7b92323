/** Fetches a large file from the internet. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Cancelled, ProblemError } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';
import { sourceProblem, statusProblem } from '../sandbox/source-problem.ts';

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
      if (!answer.ok || answer.body === null) throw statusProblem(answer.status, '', 'system-gone');
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

/** What has no word that is known comes from a source that broke off; what this computer refuses stays what it is. */
function told(error: unknown): unknown {
  const known = sourceProblem(error, '');
  if (known instanceof ProblemError) return known;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:EACCES|EPERM|EEXIST|EROFS)$/.test(code)) return error;
  return new ProblemError('source-silent', {}, ['try-again']);
}
