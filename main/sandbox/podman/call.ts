/** Calls Podman. */
import type { Run } from '../../doors.ts';
import { type Cli, mustHaveExited } from '../container/call.ts';

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
export function createPodman(run: Run, globals: readonly string[]): Cli {
  return async (args, options) => {
    const words = ['podman', ...globals, ...args];
    const outcome = await run(
      options.input === undefined
        ? { file: 'podman', args: words.slice(1), ...options }
        : { file: '/bin/sh', args: [...throughPipe, ...words], ...options },
    );
    return mustHaveExited(outcome, args[0] ?? '');
  };
}
