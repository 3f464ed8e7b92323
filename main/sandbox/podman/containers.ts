/** Containers of any kind in Podman: finding, stopping and removing them, and clearing up after a crash. */
import * as z from 'zod';
import type { Clock } from '../../doors.ts';
import { isAlive } from '../../host/is-alive.ts';
import { type Cli, engineProblem, mustSucceed, noContainer } from '../container/call.ts';
import { isPassing, stopContainer as stopOne, stopTimeout } from '../container/containers.ts';
import { homeLabel } from '../container/names.ts';
import { stopSeconds } from '../every-home.ts';
import { type PodmanContainer, parseContainer } from './inspect.ts';

const timeoutMs = 60_000;
/** One line of `podman ps`; when it was made is in seconds. */
const Listed = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    State: z.string(),
    Created: z.number(),
    Pid: z.number().default(0),
  }),
);

/**
 * Whether it ended together with everything that looked after it: then Podman waits for its end for ever,
 * and will neither start nor stop it (seen on 4.3.1). It can only be removed.
 */
const isLost = (isStopping: boolean, pid: number): boolean => isStopping && !isAlive(pid);

/** A container by name, or null when there is none that anything can be done with. */
export async function findContainer(
  podman: Cli,
  name: string,
  signal: AbortSignal,
): Promise<PodmanContainer | null> {
  const { code, stdout, stderr } = await podman(['container', 'inspect', '--format=json', '--', name], {
    timeoutMs,
    signal,
  });
  if (code === 0) {
    const there = parseContainer(stdout);
    return isLost(there.isStopping, there.pid) ? null : there;
  }
  // Half of one whose removal was broken off can't be used for anything.
  if (noContainer.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Stops a container, politely first; one that rests already is fine. */
export function stopContainer(podman: Cli, there: PodmanContainer, signal: AbortSignal): Promise<void> {
  return stopOne(podman, (id) => findContainer(podman, id, signal), there, signal);
}

/** Removes a container with what is its own only (its cache); one that is gone already is fine. */
export async function removeContainer(podman: Cli, idOrName: string, signal: AbortSignal): Promise<void> {
  const args = ['rm', '--force', '--ignore', '--volumes', `--time=${stopSeconds}`, '--', idOrName];
  const { code } = await podman(args, { timeoutMs: stopTimeout, signal });
  // One that ends by itself just then is in no state to be killed (seen on 4.3.1): at rest it can be removed.
  if (code !== 0) await mustSucceed(podman(args, { timeoutMs: stopTimeout, signal }));
}

/** Takes away what a ClawCove that was killed left behind: half made, or half removed. */
export async function sweep(
  podman: Cli,
  signal: AbortSignal,
  clock: Clock,
  which: 'all' | 'abandoned',
): Promise<void> {
  const args = ['ps', '--all', '--format=json', `--filter=label=${homeLabel}=1`];
  const { stdout } = await mustSucceed(podman(args, { timeoutMs, signal }));
  for (const { Id, Names, State, Created, Pid } of Listed.parse(JSON.parse(stdout))) {
    const age = clock.now() - Created * 1000;
    const isOurs = Names.some((name) => isPassing(name, which, age));
    if (State === 'removing' || isLost(State === 'stopping', Pid) || isOurs)
      await removeContainer(podman, Id, signal);
  }
}
