/**
 * What went wrong between this computer and a source of images or systems, as a problem: in Node's words and HTTP's
 * where ClawCove asks itself, in the engine's where that does.
 */
import type { ProblemCode } from '../contract.ts';
import type { HttpAnswer } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import { diskFull } from './disk-full.ts';

const problem = (code: ProblemCode, version: string) => new ProblemError(code, { version }, ['try-again']);

/**
 * An answer that is no success.
 *
 * @param missing what it means that the source doesn't have it
 */
export function statusProblem(
  status: number,
  version: string,
  missing: ProblemCode = 'version-not-offered',
): ProblemError {
  if (status === 404 || status === 410) return problem(missing, version);
  if (status === 401 || status === 403 || status === 407) return problem('source-refuses', version);
  if (status === 429) return problem('source-busy', version);
  return problem(status >= 500 ? 'source-out-of-order' : 'somebody-in-between', version);
}

/** Node's words for what happens on the way. Source: errors(7), Node's "Common system errors", OpenSSL's verify codes. */
const signs: readonly (readonly [RegExp, ProblemCode])[] = [
  [/^(?:ENOSPC|EDQUOT|EFBIG)$/, 'no-room-on-disk'],
  [/^(?:ENOTFOUND|EAI_\w+|ENETUNREACH|EHOSTUNREACH|ENETDOWN)$/, 'no-internet'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(?:TLS|SSL)|^EPROTO$|HPE_/, 'somebody-in-between'],
  [/^(?:ECONN\w+|ETIMEDOUT|EPIPE|ERR_STREAM_\w+|UND_ERR_\w+)$/, 'source-silent'],
];

/** Any failure of a download, however deep its cause lies; what is unknown stays what it is. */
export function sourceProblem(error: unknown, version: string): unknown {
  if (error instanceof ProblemError) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const word = 'code' in cause ? String(cause.code) : '';
    const code = signs.find(([sign]) => sign.test(word))?.[1];
    if (code !== undefined) return problem(code, version);
  }
  return error;
}

/** An answer to a small question; null when it is a success. */
export function answerProblem(answer: HttpAnswer, version: string): ProblemError | null {
  switch (answer.is) {
    case 'answered':
      return answer.status === 200 ? null : statusProblem(answer.status, version);
    case 'refused':
    case 'timed-out':
      return problem('source-silent', version);
    case 'failed': {
      const found = sourceProblem(Object.assign(new Error(''), { code: answer.detail }), version);
      return found instanceof ProblemError ? found : problem('source-silent', version);
    }
  }
}

/**
 * What engines say, most telling first: with mirrors configured, Podman reports every place's failure in one
 * line. All wordings but those of `source-refuses` for tokens were seen on Podman 4.3.1 against a real registry.
 */
const engineSigns: readonly (readonly [RegExp, ProblemCode])[] = [
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
export function engineSourceProblem(detail: string, version: string): ProblemError {
  const code = engineSigns.find(([sign]) => sign.test(detail))?.[1];
  if (!code) return new ProblemError('engine-failed', { detail }, ['try-again', 'open-log']);
  return new ProblemError(code, { version }, ['try-again']);
}
