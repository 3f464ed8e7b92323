/** Calls a container engine's own program, and turns what it says when it fails into problems a person can understand. */
import type { Command, Outcome } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { diskFull } from '../disk-full.ts';

export type Exited = Extract<Outcome, { is: 'exited' }>;
export type CallOptions = Pick<
  Command,
  'signal' | 'input' | 'timeoutMs' | 'maxBytes' | 'onLine' | 'environment'
>;

/** Runs the engine's program with arguments and answers with how it ended, whatever its exit code. */
export type Cli = (args: readonly string[], options: CallOptions) => Promise<Exited>;

/** Exit code of `run` for "I failed, not what you ran". Source: podman(1), docker-run(1). */
export const engineFailed = 125;
/** Exit code of `run` for "it could not be started". Source: podman-run(1), docker-run(1). */
export const notStarted = 126;

/** How the program ended; it can't have been started, or ended by something else, without a problem. */
export function mustHaveExited(outcome: Outcome, verb: string): Exited {
  switch (outcome.is) {
    case 'exited':
      return outcome;
    case 'not-found':
      throw new ProblemError('engine-gone', {}, ['check-now']);
    case 'timed-out':
      throw new ProblemError('engine-too-slow', { command: verb }, ['try-again', 'open-log']);
    case 'killed':
      throw new ProblemError('engine-failed', { detail: `${verb}: ${outcome.by}` }, [
        'try-again',
        'open-log',
      ]);
  }
}

/** The result of a call that has to succeed. */
export async function mustSucceed(call: Promise<Exited>): Promise<Exited> {
  const result = await call;
  if (result.code !== 0) throw engineProblem(result.stderr);
  return result;
}

/** How engines begin the line with what is wrong: `Error: …` (Podman), `docker: Error response from daemon: …`. */
const beginning = /^(?:docker: )?Error(?: response from daemon)?: /;
/** Docker's last word after every failure of its `run`. */
const advice = /^See 'docker |^Run 'docker /;

/**
 * What the engine said when it failed, in one line. Warnings come before it, and for some
 * commands the answer of somebody else (`OCI runtime error: …`) is part of it.
 */
export function errorLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !advice.test(line));
  const line = lines.findLast((entry) => beginning.test(entry)) ?? lines.at(-1) ?? '';
  return line.replace(beginning, '').slice(0, 300);
}

/** How runc and crun say that the fence could not be built (seen with 1.1.5 and 1.8.1). */
const noFence = /error (?:running|executing) hook/i;

/** Any failure of the engine; the few that every command may meet have sentences of their own. */
export function engineProblem(stderr: string): ProblemError {
  if (diskFull.test(stderr)) return new ProblemError('no-room-on-disk', {}, ['try-again']);
  if (noFence.test(stderr))
    return new ProblemError('fence-failed', { detail: errorLine(stderr) }, ['try-again', 'open-log']);
  return new ProblemError('engine-failed', { detail: errorLine(stderr) }, ['try-again', 'open-log']);
}

/** How engines say that a container is not there, or only half of one that is being removed (seen on Podman 5.4.2). */
export const noContainer =
  /no such (?:container|object)|no container with name|layer not known|container not known/i;
