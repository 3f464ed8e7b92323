import type { ProblemCode } from '../../contract.ts';
import { ProblemError } from '../../problem.ts';
import { diskFull } from '../container/call.ts';

/**
 * What went wrong between this computer and the image source, most telling first: with
 * mirrors configured, Podman reports every place's failure in one line. All wordings but
 * those of `source-refuses` for tokens were seen on Podman 4.3.1 against a real registry.
 */
const signs: readonly (readonly [RegExp, ProblemCode])[] = [
  [
    /digest did not match|layer verification failed|does not match expected|corrupt input|gzip: invalid/i,
    'download-damaged',
  ],
  [diskFull, 'no-room-on-disk'],
  [/manifest unknown|name unknown|repository name not known/i, 'version-not-offered'],
  [/toomanyrequests|too many requests|429/i, 'source-busy'],
  [
    /unauthorized|authentication required|(?<!permission )denied: |requested access to the resource is denied|40[13] \((?:Forbidden|Unauthorized)\)/i,
    'source-refuses',
  ],
  [/status(?: code)?(?: from registry)?:? 5\d\d|50\d \(/i, 'source-out-of-order'],
  // A hotel's sign-in page, or somebody who reads along in encrypted connections.
  [
    /invalid character '<'|x509|certificate|server gave HTTP response to HTTPS client/i,
    'somebody-in-between',
  ],
  [/no such host|network is unreachable|no route to host|failure in name resolution/i, 'no-internet'],
  [
    /connection refused|timeout|timed out|connection reset|unexpected EOF|broken pipe|dial tcp/i,
    'source-silent',
  ],
];

/**
 * Turns what the engine said about a failed download, or a failed question for versions, into
 * a problem; anything unknown stays the engine's own failure.
 *
 * @param detail the engine's error in one line
 */
export function imageSourceProblem(detail: string, version: string): ProblemError {
  const code = signs.find(([sign]) => sign.test(detail))?.[1];
  if (!code) return new ProblemError('engine-failed', { detail }, ['try-again', 'open-log']);
  return new ProblemError(code, { version }, ['try-again']);
}
