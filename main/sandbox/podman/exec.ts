/** Runs commands inside: in the running home, or in a passing sandbox around its state. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { reap } from '../reap.ts';
import type { ExecOptions, ExecResult, HomeSpec } from '../sandbox.ts';
import type { Ingredients } from './arguments.ts';
import { onceArguments, passingName } from './arguments.ts';
import { type Exited, engineProblem, type Podman, podmanFailed } from './call.ts';
import { agentUser, withSecretsAsEnvironment } from './names.ts';

const defaultMaxBytes = 1024 * 1024;
/** Marks the processes of one call, so that they can be ended. */
const callVariable = 'CLAWCOVE_CALL';

function resultOf(exited: Exited): ExecResult {
  return {
    exitCode: exited.code,
    untrustedOut: exited.stdout,
    untrustedErr: exited.stderr,
    truncated: exited.truncated,
  };
}

/** Whether Podman seems to have failed itself: there is nothing to run a command in, or the engine has fallen. */
const seemsPodmans = ({ code, stdout, stderr }: Exited): boolean =>
  code !== 0 && stdout === '' && /^(?:Error: |time="[^"]*" level=error )/m.test(stderr);

/** Whether nobody knows how a command ended: its keeper (conmon) was killed (seen on 4.3.1). */
const isUnseen = ({ code, stderr }: Exited): boolean =>
  code === 255 && /: internal libpod error$/m.test(stderr);

/**
 * Runs a command in a running container.
 *
 * @param isRunning asked when Podman seems to have failed: the command inside can print the same words and
 *   end with the same code. Throws what the engine's own failure is
 */
export async function execInside(
  podman: Podman,
  name: string,
  as: 'agent' | 'root' | 'as-made',
  argv: readonly string[],
  options: ExecOptions,
  clock: Clock,
  isRunning: () => Promise<boolean>,
): Promise<ExecResult> {
  const mark = `${callVariable}=${randomBytes(12).toString('hex')}`;
  const args = [
    'exec',
    ...(as === 'as-made' ? [] : [`--user=${as === 'agent' ? agentUser : '0:0'}`]),
    `--env=${mark}`,
    ...(options.input === undefined ? [] : ['--interactive']),
    '--',
    name,
    ...(as === 'root' ? argv : withSecretsAsEnvironment(argv)),
  ];
  const exited = await podman(args, { maxBytes: defaultMaxBytes, ...options }).catch(async (error) => {
    // Ending `podman exec` leaves the command running inside (seen on 4.3.1).
    // From outside and as the owner of the home's user namespace: it needs nothing of the home's.
    const unshared = async (words: readonly string[]) => {
      const idle = new AbortController().signal;
      return (await podman(['unshare', ...words], { timeoutMs: 10_000, signal: idle })).code;
    };
    await reap(mark, unshared, clock);
    throw error;
  });
  if (seemsPodmans(exited) && !(await isRunning()))
    throw new ProblemError('home-not-running', {}, ['try-again']);
  if (isUnseen(exited)) throw engineProblem(exited.stderr);
  return resultOf(exited);
}

/** Runs a command in a passing sandbox, and takes that away whatever happens. */
export async function runOnce(
  podman: Podman,
  spec: HomeSpec,
  ingredients: Ingredients,
  argv: readonly string[],
  options: ExecOptions & { readonly network: boolean },
): Promise<ExecResult> {
  const name = passingName('once', process.pid, randomBytes(6).toString('hex'));
  const { network, ...call } = options;
  const hasInput = options.input !== undefined;
  try {
    const exited = await podman(onceArguments(name, spec, ingredients, argv, { network, hasInput }), {
      maxBytes: defaultMaxBytes,
      ...call,
    });
    // 126: the sandbox itself could not be started. What runs inside may end with the same, but not silently.
    const isPodmans = exited.code === podmanFailed || exited.code === 126;
    if (isPodmans && exited.stdout === '' && /^Error: /m.test(exited.stderr))
      throw engineProblem(exited.stderr);
    return resultOf(exited);
  } catch (error) {
    const idle = new AbortController().signal;
    await podman(['rm', '--force', '--volumes', '--time=0', '--', name], { timeoutMs: 60_000, signal: idle });
    throw error;
  }
}
