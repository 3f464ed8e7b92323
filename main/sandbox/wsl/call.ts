/** Calls wsl.exe, and turns what it says when it fails into problems a person can understand. */
import type { Command, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { decodeLatin1 } from './decode.ts';
import { failureIn, failureLine, wslFailed } from './failure.ts';

export type WslOptions = Pick<
  Command,
  'signal' | 'input' | 'inputFile' | 'outputFile' | 'timeoutMs' | 'maxBytes'
>;

/** How wsl.exe ended. */
export interface WslAnswer {
  readonly code: number;
  /** Both streams, each byte a character: see {@link WslAnswer.text}. */
  readonly out: string;
  readonly err: string;
  readonly truncated: boolean;
  /** What wsl.exe itself said: its failures come on either stream. */
  readonly text: string;
}

/** Runs wsl.exe with arguments and answers with how it ended, whatever its exit code. */
export type Wsl = (args: readonly string[], options: WslOptions) => Promise<WslAnswer>;

/** UTF-8 where it knows it, and no advertisements among what was asked for. Source: microsoft/WSL, WslClient.cpp. */
const environment = { WSL_UTF8: '1', WSL_DISABLE_WARNINGS: '1' } as const;

/**
 * The one wsl.exe that Windows itself brings, by its full path: another one that lies in PATH first is not ours to start.
 * It gets no standard input of ours (it waits for a key where it is only a stub), and every call ends by itself.
 *
 * @param file full path of wsl.exe
 * @throws ProblemError when it isn't there, hangs, or dies (of the returned function)
 */
export function createWsl(run: Run, file: string): Wsl {
  return async (args, options) => {
    const outcome = await run({ file, args, ...options, environment, encoding: 'latin1' });
    switch (outcome.is) {
      case 'exited': {
        const { code, stdout: out, stderr: err, truncated } = outcome;
        return { code, out, err, truncated, text: `${decodeLatin1(out)}\n${decodeLatin1(err)}` };
      }
      case 'not-found':
        throw new ProblemError('engine-gone', {}, ['check-now']);
      case 'timed-out':
        throw new ProblemError('engine-too-slow', { command: args[0] ?? '' }, ['try-again', 'open-log']);
      case 'killed':
        throw new ProblemError('engine-failed', { detail: `${args[0]}: ${outcome.by}` }, [
          'try-again',
          'open-log',
        ]);
    }
  };
}

/** The result of a call that has to succeed. */
export async function mustSucceed(call: Promise<WslAnswer>): Promise<WslAnswer> {
  const answer = await call;
  if (answer.code !== 0) throw wslProblem(answer.text);
  return answer;
}

/** Whether it was wsl.exe that failed, and not what it was to run. */
export function isOwnFailure({ code }: WslAnswer): boolean {
  return code === wslFailed;
}

/** Any failure of wsl.exe's; what every command may meet has sentences of its own. */
export function wslProblem(text: string): ProblemError {
  switch (failureIn(text)) {
    case 'disk-full':
      return new ProblemError('no-room-on-disk', {}, ['try-again']);
    case 'no-virtual-machines':
      return new ProblemError('engine-not-ready', {}, ['check-now']);
    case 'policy':
    case 'guard':
      return new ProblemError('engine-blocked', {}, ['check-now']);
    case 'mixed-rights':
      return new ProblemError('is-administrator', {}, ['check-now']);
    default:
      return new ProblemError('engine-failed', { detail: failureLine(text) }, ['try-again', 'open-log']);
  }
}
