/** Runs commands inside: in a running container, or in a passing one around the state. */
import { ProblemError } from '../../problem.ts';
import { callVariable, newCallMark } from '../reap.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import { type Cli, type Exited, engineFailed, engineProblem, notStarted } from './call.ts';
import { agentUser } from './names.ts';

const defaultMaxBytes = 1024 * 1024;

/** What differs between engines where a command is run in a container. */
export interface ExecWays {
  readonly cli: Cli;
  withSecrets(command: readonly string[]): string[];
  /** Ends all processes in that container that belong to the call with this mark. */
  reap(container: string, mark: string): Promise<unknown>;
  /** Whether the engine seems to have failed itself: there is nothing to run a command in, or it has fallen. */
  seemsEngines(exited: Exited): boolean;
  /** Whether nobody knows how a command ended. */
  isUnseen(exited: Exited): boolean;
}

function resultOf(exited: Exited): ExecResult {
  return {
    exitCode: exited.code,
    untrustedOut: exited.stdout,
    untrustedErr: exited.stderr,
    truncated: exited.truncated,
  };
}

/**
 * Runs a command in a running container.
 *
 * @param isRunning asked when the engine seems to have failed: the command inside can print the same words
 *   and end with the same code. Throws what the engine's own failure is
 */
export async function execInside(
  ways: ExecWays,
  name: string,
  as: 'agent' | 'root' | 'as-made',
  argv: readonly string[],
  options: ExecOptions,
  isRunning: () => Promise<boolean>,
): Promise<ExecResult> {
  const mark = newCallMark();
  const args = [
    'exec',
    ...(as === 'as-made' ? [] : [`--user=${as === 'agent' ? agentUser : '0:0'}`]),
    `--env=${callVariable}=${mark}`,
    ...(options.input === undefined ? [] : ['--interactive']),
    '--',
    name,
    ...(as === 'root' ? argv : ways.withSecrets(argv)),
  ];
  const exited = await ways.cli(args, { maxBytes: defaultMaxBytes, ...options }).catch(async (error) => {
    // Ending the engine's `exec` leaves the command running inside (seen on Podman 4.3.1 and Docker 20.10).
    await ways.reap(name, mark);
    throw error;
  });
  if (ways.seemsEngines(exited) && !(await isRunning()))
    throw new ProblemError('home-not-running', {}, ['try-again']);
  if (ways.isUnseen(exited)) throw engineProblem(exited.stderr);
  return resultOf(exited);
}

/**
 * Runs a command in a passing container.
 *
 * @param args the engine's `run`, which takes the container away when the command ends
 * @param remove takes it away when the call was given up
 */
export async function runPassing(
  cli: Cli,
  args: readonly string[],
  options: ExecOptions,
  remove: () => Promise<unknown>,
): Promise<ExecResult> {
  try {
    const exited = await cli(args, { maxBytes: defaultMaxBytes, ...options });
    // What runs inside may end with the same, but not silently.
    const isEngines = exited.code === engineFailed || exited.code === notStarted;
    if (isEngines && exited.stdout === '' && /^(?:docker: )?Error/m.test(exited.stderr))
      throw engineProblem(exited.stderr);
    return resultOf(exited);
  } catch (error) {
    await remove();
    throw error;
  }
}
