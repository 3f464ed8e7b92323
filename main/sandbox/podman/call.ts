/** Calls Podman, and turns what it says when it fails into problems a person can understand. */
import type { Command, Outcome, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

export type Exited = Extract<Outcome, { is: 'exited' }>;
export type CallOptions = Pick<
  Command,
  'signal' | 'input' | 'timeoutMs' | 'maxBytes' | 'onLine' | 'environment'
>;

/** Runs Podman with arguments and answers with how it ended, whatever its exit code. */
export type Podman = (args: readonly string[], options: CallOptions) => Promise<Exited>;

/** Podman's own exit code for "I failed, not what you ran". Source: podman(1). */
export const podmanFailed = 125;

/**
 * Hands standard input on through a real pipe, which is all that `podman secret create -` takes
 * (4.3): what Node gives a child is a socket. Constant: the command comes as arguments.
 */
const throughPipe = ['-c', 'cat | exec "$@"', 'clawcove'] as const;

/**
 * Podman with the same arguments before every command.
 *
 * @param globals options of Podman itself, e.g. `--runtime=runc`
 * @throws ProblemError when Podman isn't there, hangs, or dies (of the returned function)
 */
export function createPodman(run: Run, globals: readonly string[]): Podman {
  return async (args, options) => {
    const words = ['podman', ...globals, ...args];
    const outcome = await run(
      options.input === undefined
        ? { file: 'podman', args: words.slice(1), ...options }
        : { file: '/bin/sh', args: [...throughPipe, ...words], ...options },
    );
    switch (outcome.is) {
      case 'exited':
        return outcome;
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
export async function mustSucceed(call: Promise<Exited>): Promise<Exited> {
  const result = await call;
  if (result.code !== 0) throw engineProblem(result.stderr);
  return result;
}

/**
 * What Podman said when it failed, in one line. Warnings come before it, and for some
 * commands the answer of somebody else (`OCI runtime error: …`) is part of it.
 */
export function errorLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((entry) => entry.startsWith('Error:')) ?? lines.at(-1) ?? '';
  return line.replace(/^Error: /, '').slice(0, 300);
}

/** How Podman, and what it runs, say that there is no room. */
export const diskFull = /no space left on device|disk quota exceeded/i;

/** How runc and crun say that the fence could not be built (seen with 1.1.5 and 1.8.1). */
const noFence = /error (?:running|executing) hook/i;

/** Any failure of the engine; the few that every command may meet have sentences of their own. */
export function engineProblem(stderr: string): ProblemError {
  if (diskFull.test(stderr)) return new ProblemError('no-room-on-disk', {}, ['try-again']);
  if (noFence.test(stderr))
    return new ProblemError('fence-failed', { detail: errorLine(stderr) }, ['try-again', 'open-log']);
  return new ProblemError('engine-failed', { detail: errorLine(stderr) }, ['try-again', 'open-log']);
}
