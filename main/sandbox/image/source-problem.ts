/** What went wrong between this computer and an image source that ClawCove asks itself, as a problem. */
import type { ProblemCode } from '../../contract.ts';
import type { HttpAnswer } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

const problem = (code: ProblemCode, version: string) => new ProblemError(code, { version }, ['try-again']);

/** An answer that is no success. */
export function statusProblem(status: number, version: string): ProblemError {
  if (status === 404) return problem('version-not-offered', version);
  if (status === 401 || status === 403) return problem('source-refuses', version);
  if (status === 429) return problem('source-busy', version);
  return problem(status >= 500 ? 'source-out-of-order' : 'somebody-in-between', version);
}

/** Node's words for what happens on the way. Source: errors(7), Node's "Common system errors", OpenSSL's verify codes. */
const signs: readonly (readonly [RegExp, ProblemCode])[] = [
  [/^(?:ENOSPC|EDQUOT)$/, 'no-room-on-disk'],
  [/^(?:ENOTFOUND|EAI_\w+|ENETUNREACH|EHOSTUNREACH|ENETDOWN)$/, 'no-internet'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(?:TLS|SSL)|^EPROTO$|HPE_/, 'somebody-in-between'],
  [/^(?:ECONN\w+|ETIMEDOUT|EPIPE|ERR_STREAM_\w+)$/, 'source-silent'],
];

/** Any failure of a download; what is unknown stays what it is. */
export function sourceProblem(error: unknown, version: string): unknown {
  if (error instanceof ProblemError) return error;
  const word = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code = signs.find(([sign]) => sign.test(word))?.[1];
  return code === undefined ? error : problem(code, version);
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
