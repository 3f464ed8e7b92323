/** Runs commands inside, Docker's way. */
import { randomBytes } from 'node:crypto';
import type { Exited } from '../container/call.ts';
import { type ExecWays, runPassing } from '../container/exec.ts';
import { passingName } from '../container/names.ts';
import { reaping } from '../reap.ts';
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

/** @param findVisit asked only when something has to be ended */
export function dockerExec(docker: Docker, findVisit: () => Promise<Visit | null>): ExecWays {
  return {
    cli: docker,
    withSecrets: entry.withSecrets,
    async reap(container, mark) {
      const [there, from] = [await findContainer(docker, container, idle()), await findVisit()];
      if (there?.pid && from)
        await visit(docker, from, there.id, ['KILL', 'SYS_PTRACE', 'DAC_READ_SEARCH'], reaping(mark), idle());
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
