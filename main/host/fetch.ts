/** A `fetch` that goes the way of everything else that ClawCove asks for: by the same proxy, with the same trust. */
import { Readable } from 'node:stream';
import { ProblemError } from '../problem.ts';
import type { createDownload } from './download.ts';
import type { OpenStream } from './stream.ts';

/** So often a source may send us on: releases of GitHub's do it twice. */
const mostHops = 5;

/** Follows whoever sends it on, and to encrypted places only. */
export function createFetch(open: OpenStream): Parameters<typeof createDownload>[0] {
  return async (url, { signal }) => {
    let at = url;
    for (let hop = 0; hop <= mostHops; hop++) {
      const stream = await open(at, { signal });
      const { status, untrustedLocation, untrustedLength } = stream;
      if (untrustedLocation === null || status < 300 || status > 399) {
        const body = Readable.toWeb(Readable.from(stream.untrustedPieces)) as ReadableStream;
        const headers = untrustedLength === null ? {} : { 'content-length': String(untrustedLength) };
        return new Response(body, { status, headers });
      }
      stream.drop();
      const next = URL.parse(untrustedLocation, at);
      if (next?.protocol !== 'https:') break;
      at = next.href;
    }
    throw new ProblemError('somebody-in-between', {}, ['try-again']);
  };
}
