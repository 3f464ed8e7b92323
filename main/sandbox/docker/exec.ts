/** Runs commands inside, Docker's way. */
import { randomBytes } from 'node:crypto';
import type { Exited } from '../container/call.ts';
import { type ExecWays, runPassing } from '../container/exec.ts';
import { passingName } from '../container/names.ts';
import type { ExecOptions, ExecResult, HomeSpec } from '../sandbox.ts';
import { type Ingredients, onceArguments } from './arguments.ts';
import type { Docker } from './call.ts';
import { findContainer, removeContainer, removeGivenUp } from './containers.ts';
import { raiseGuard, type Watchtower } from './guard.ts';
import { makeGuard, makeProblem } from './home.ts';
import { entry } from './names.ts';
import { type Visit, visit } from './visitor.ts';

const idle = () => new AbortController().signal;

const seemsDockers = ({ code, stdout, stderr }: Exited): boolean =>
  code !== 0 &&
  stdout === '' &&
  /^(?:Error|Cannot connect|error during connect|unexpected EOF)/m.test(stderr);

/** The engine ended in the middle: nobody knows. */
const isUnseen = ({ code, stderr }: Exited): boolean =>
  code !== 0 && /^(?:Cannot connect to the Docker|error during connect)/m.test(stderr);

/** Looked for until they are gone twice running: the command may only just be starting when the call is given up. */
const reaping = `gone=0
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=$(grep -lszF -- "$1" /proc/[0-9]*/environ | cut -d/ -f3)
  if [ -n "$found" ]; then kill -KILL $found; gone=0; else gone=$((gone + 1)); fi
  [ $gone -ge 2 ] && exit 0
  sleep 0.2
done`;

/** @param findVisit asked only when something has to be ended */
export function dockerExec(docker: Docker, findVisit: () => Promise<Visit | null>): ExecWays {
  return {
    cli: docker,
    withSecrets: entry.withSecrets,
    // From beside it: that needs nothing of the home, not even one free process in it.
    async reap(container, mark) {
      const [there, from] = [await findContainer(docker, container, idle()), await findVisit()];
      const argv = ['/bin/sh', '-c', reaping, 'reap', mark];
      if (there?.pid && from)
        await visit(docker, from, there.id, ['KILL', 'SYS_PTRACE', 'DAC_READ_SEARCH'], argv, idle());
    },
    seemsEngines: seemsDockers,
    isUnseen,
  };
}

/** Runs a command in a passing sandbox, and takes that away whatever happens, with its guard if it has one. */
export async function runOnce(
  tower: Watchtower,
  spec: HomeSpec,
  ingredients: Ingredients,
  argv: readonly string[],
  options: ExecOptions & { readonly network: boolean },
): Promise<ExecResult> {
  const { docker } = tower;
  const name = passingName('once', process.pid, randomBytes(6).toString('hex'));
  const guardName = `${name}-guard`;
  const { network, ...call } = options;
  const hasInput = options.input !== undefined;
  try {
    let guard: string | null = null;
    if (network) {
      guard = await makeGuard(docker, guardName, spec, ingredients, null, call.signal);
      const made = await findContainer(docker, guard, call.signal);
      if (!made) throw makeProblem('what was made is gone', spec);
      await raiseGuard(tower, made, call.signal);
    }
    const args = onceArguments(name, guard, spec, ingredients, argv, hasInput);
    return await runPassing(docker, args, call, () => removeGivenUp(docker, tower.clock, name));
  } finally {
    if (network) await removeContainer(docker, guardName, idle());
  }
}
