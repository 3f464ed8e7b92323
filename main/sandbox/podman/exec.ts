/** Runs commands inside, Podman's way. */
import { randomBytes } from 'node:crypto';
import type { Cli, Exited } from '../container/call.ts';
import { type ExecWays, runPassing } from '../container/exec.ts';
import { passingName } from '../container/names.ts';
import { reaping, reapTimeout } from '../reap.ts';
import type { ExecOptions, ExecResult, HomeSpec } from '../sandbox.ts';
import { type Ingredients, onceArguments } from './arguments.ts';
import { entry } from './names.ts';

const idle = () => new AbortController().signal;

const seemsPodmans = ({ code, stdout, stderr }: Exited): boolean =>
  code !== 0 && stdout === '' && /^(?:Error: |time="[^"]*" level=error )/m.test(stderr);

/** Its keeper (conmon) was killed (seen on 4.3.1). */
const isUnseen = ({ code, stderr }: Exited): boolean =>
  code === 255 && /: internal libpod error$/m.test(stderr);

export function podmanExec(podman: Cli): ExecWays {
  return {
    cli: podman,
    withSecrets: entry.withSecrets,
    // As the owner of the home's user namespace.
    reap: (_, mark) => podman(['unshare', ...reaping(mark)], { timeoutMs: reapTimeout, signal: idle() }),
    seemsEngines: seemsPodmans,
    isUnseen,
  };
}

/** Runs a command in a passing sandbox, and takes that away whatever happens. */
export function runOnce(
  podman: Cli,
  spec: HomeSpec,
  ingredients: Ingredients,
  argv: readonly string[],
  options: ExecOptions & { readonly network: boolean },
): Promise<ExecResult> {
  const name = passingName('once', process.pid, randomBytes(6).toString('hex'));
  const { network, ...call } = options;
  const args = onceArguments(name, spec, ingredients, argv, {
    network,
    hasInput: options.input !== undefined,
  });
  return runPassing(podman, args, call, () =>
    podman(['rm', '--force', '--volumes', '--time=0', '--', name], {
      timeoutMs: 60_000,
      signal: idle(),
    }),
  );
}
