/** Runs commands inside, Podman's way. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import type { Cli, Exited } from '../container/call.ts';
import { type ExecWays, runPassing } from '../container/exec.ts';
import { passingName } from '../container/names.ts';
import type { ExecOptions, ExecResult, HomeSpec } from '../sandbox.ts';
import { type Ingredients, onceArguments } from './arguments.ts';
import { entry } from './names.ts';

/** How often and how many times a given-up call's processes are looked for (ms). */
const reapEvery = 200;
const reapTimes = 10;

const seemsPodmans = ({ code, stdout, stderr }: Exited): boolean =>
  code !== 0 && stdout === '' && /^(?:Error: |time="[^"]*" level=error )/m.test(stderr);

/** Its keeper (conmon) was killed (seen on 4.3.1). */
const isUnseen = ({ code, stderr }: Exited): boolean =>
  code === 255 && /: internal libpod error$/m.test(stderr);

export function podmanExec(podman: Cli, clock: Clock): ExecWays {
  return {
    cli: podman,
    withSecrets: entry.withSecrets,
    reap: (_, mark) => reap(podman, mark, clock),
    seemsEngines: seemsPodmans,
    isUnseen,
  };
}

/**
 * From outside and as the owner of the home's user namespace: it needs nothing of the home, not even one
 * free process in it.
 */
async function reap(podman: Cli, mark: string, clock: Clock): Promise<void> {
  const script =
    'found=$(grep -lsxzF -- "$1" /proc/[0-9]*/environ | cut -d/ -f3); [ -n "$found" ] && kill -KILL $found';
  const idle = new AbortController().signal;
  // The command may only just be starting when the call is given up: looked for until it is gone twice running.
  for (let round = 0, gone = 0; round < reapTimes && gone < 2; round++) {
    const { code } = await podman(['unshare', 'sh', '-c', script, 'reap', mark], {
      timeoutMs: 10_000,
      signal: idle,
    });
    gone = code === 0 ? 0 : gone + 1;
    await clock.sleep(reapEvery, idle);
  }
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
      signal: new AbortController().signal,
    }),
  );
}
