/** The home as two containers, itself and its guard: making them, starting and stopping them. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { engineProblem, mustSucceed } from '../container/call.ts';
import { folderProblem, mustBeOurs, setAside } from '../container/home.ts';
import { homeName, passingName } from '../container/names.ts';
import type { HomeSpec, Report } from '../sandbox.ts';
import { createArguments, type Ingredients } from './arguments.ts';
import type { Docker } from './call.ts';
import { findContainer, removeContainer, stopContainer } from './containers.ts';
import { endGuard, guardArguments, makeNetwork, raiseGuard, type Watchtower } from './guard.ts';
import { type DockerContainer, withNetworkOf } from './inspect.ts';
import { guardName } from './names.ts';

const timeoutMs = 60_000;
const createTimeout = 300_000;
/** Two ClawCoves making the home at once meet at most a few times. */
const createTries = 4;
const idle = () => new AbortController().signal;

/** A home with whoever has its network; null: nobody is there any more. */
export interface Home {
  readonly home: DockerContainer;
  readonly guard: DockerContainer | null;
}

/** What has the home's name, whoever made it, in the normal form with its network's part. */
export async function findHome(docker: Docker, signal: AbortSignal): Promise<Home | null> {
  const home = await findContainer(docker, homeName, signal);
  if (!home) return null;
  if (home.networkOf === null) return { home, guard: null };
  const guard = await findContainer(docker, home.networkOf, signal);
  const inspection = withNetworkOf(home.inspection, guard?.inspection ?? null);
  return { home: { ...home, inspection }, guard };
}

/** Says what is wrong when something could not be made. */
export function makeProblem(stderr: string, spec: HomeSpec): ProblemError {
  if (/no such image|unable to find image/i.test(stderr))
    return new ProblemError('image-gone', { version: spec.version }, ['try-again']);
  return folderProblem(stderr, spec.sharedFolder) ?? engineProblem(stderr);
}

/** Makes a guard and answers with the engine's id of it. */
export async function makeGuard(
  docker: Docker,
  name: string,
  spec: HomeSpec,
  { seccomp }: Ingredients,
  port: number | null,
  signal: AbortSignal,
): Promise<string> {
  await makeNetwork(docker, signal);
  const args = guardArguments(name, spec.image, seccomp, spec.fence, port);
  const { code, stdout, stderr } = await docker(args, { timeoutMs: createTimeout, signal });
  if (code !== 0) throw makeProblem(stderr, spec);
  return stdout.trim();
}

/** @throws ProblemError `shared-folder-gone` */
export async function mustHaveFolder({ sharedFolder }: HomeSpec): Promise<void> {
  if (!(await exists(sharedFolder)))
    throw new ProblemError('shared-folder-gone', { path: sharedFolder }, ['choose-folder']);
}

/**
 * Makes the home as asked. It is made under other names and takes the place of the older one when it is
 * whole: a failure leaves the older one as it was. And only by what the engine then says of both it is told
 * whether they are the same: labels can be copied.
 */
export async function createHome(
  docker: Docker,
  spec: HomeSpec,
  ingredients: Ingredients,
  report: Report,
  clock: Clock,
  emptyCache: () => Promise<void>,
): Promise<void> {
  const { signal } = report;
  for (let attempt = 1; attempt <= createTries; attempt++) {
    const there = await findHome(docker, signal);
    if (there && !there.home.isOurs)
      await setAside(docker, there.home, report, clock, () => stopContainer(docker, there.home, signal));
    const old = there?.home.isOurs ? there : null;
    const next = passingName('next', process.pid, randomBytes(6).toString('hex'));
    try {
      const made = await makeBoth(docker, next, spec, ingredients, report);
      if (old && isSame(old, made)) {
        await stopHome(docker, signal);
        return;
      }
      if (await takePlace(docker, old, made, emptyCache, signal)) return;
      // Another ClawCove made one in the meantime: look again at what there is now.
    } finally {
      for (const name of [next, guardOf(next)]) await removeContainer(docker, name, idle());
    }
  }
  throw new ProblemError('engine-failed', { detail: 'somebody else keeps making a home' }, ['try-again']);
}

const guardOf = (name: string) => `${name}-guard`;

async function makeBoth(
  docker: Docker,
  name: string,
  spec: HomeSpec,
  ingredients: Ingredients,
  { signal, log }: Report,
): Promise<Home> {
  const guardId = await makeGuard(docker, guardOf(name), spec, ingredients, spec.port, signal);
  const args = createArguments(name, guardId, spec, ingredients);
  const { code, stderr } = await docker(args, { timeoutMs: createTimeout, signal, onLine: log });
  if (code !== 0) throw makeProblem(stderr, spec);
  const [home, guard] = await Promise.all([
    findContainer(docker, name, signal),
    findContainer(docker, guardId, signal),
  ]);
  if (!home || !guard) throw engineProblem('what was made is gone');
  return { home, guard };
}

const isSame = (one: Home, other: Home) =>
  one.home.orders === other.home.orders &&
  one.guard?.orders === other.guard?.orders &&
  one.guard?.name === guardName;

/** @returns false when somebody else was quicker */
async function takePlace(
  docker: Docker,
  old: Home | null,
  { home, guard }: Home,
  emptyCache: () => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  if (old) {
    await stopContainer(docker, old.home, signal);
    await removeContainer(docker, old.home.id, signal);
  }
  await emptyCache();
  const named = await docker(['rename', '--', home.id, homeName], { timeoutMs, signal });
  if (named.code !== 0) {
    if (/already in use|no such container/i.test(named.stderr)) return false;
    throw engineProblem(named.stderr);
  }
  // Whoever has the home has the right to its guard's name; one that has it by now is nobody's.
  await removeContainer(docker, guardName, signal);
  await mustSucceed(docker(['rename', '--', guard?.id ?? '', guardName], { timeoutMs, signal }));
  return true;
}

/** Starts the home; a running one keeps running, as long as it runs behind its fence. */
export async function startHome(tower: Watchtower, signal: AbortSignal): Promise<void> {
  const { docker } = tower;
  const there = await findHome(docker, signal);
  const home = mustBeOurs(there?.home ?? null);
  const guard = there?.guard;
  // Without its guard there is no network that it could be in: it has to be made anew.
  if (!guard?.isOurs) throw new ProblemError('home-not-there', {}, ['check-now']);
  if (home.isPaused) await mustSucceed(docker(['unpause', '--', home.id], { timeoutMs, signal }));
  if (isGuarded(home, guard)) return;
  await stopContainer(docker, home, signal);
  await endGuard(docker, guard.id);
  await raiseGuard(tower, guard, signal);
  const { code, stderr } = await docker(['start', '--', home.id], { timeoutMs: 120_000, signal });
  if (code === 0) return;
  await endGuard(docker, guard.id);
  const folder = home.inspection.mounts.find(({ kind }) => kind === 'bind')?.source ?? '';
  throw folderProblem(stderr, folder) ?? engineProblem(stderr);
}

/** Whether it runs in the network that its guard has now: one that the guard had before is a dead end. */
function isGuarded(home: DockerContainer, guard: DockerContainer): boolean {
  const [since, fencedSince] = [home.inspection.startedAt, guard.inspection.startedAt];
  return since !== null && fencedSince !== null && fencedSince <= since;
}

/** Stops the home, politely first, and its guard; one that isn't there or isn't ours is left alone. */
export async function stopHome(docker: Docker, signal: AbortSignal): Promise<void> {
  const there = await findHome(docker, signal);
  if (!there?.home.isOurs) return;
  await stopContainer(docker, there.home, signal);
  if (there.guard?.isOurs && there.guard.inspection.state === 'running')
    await endGuard(docker, there.guard.id);
}
