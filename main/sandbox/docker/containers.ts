/** Containers of any kind in Docker: finding, stopping and removing them, and clearing up after a crash. */
import * as z from 'zod';
import type { Clock } from '../../doors.ts';
import { engineProblem, mustSucceed, noContainer } from '../container/call.ts';
import { isPassing, stopContainer as stopOne, stopTimeout } from '../container/containers.ts';
import { homeLabel } from '../container/names.ts';
import type { Docker } from './call.ts';
import { type DockerContainer, parseContainer } from './inspect.ts';

const timeoutMs = 60_000;

/** One line of `docker ps`. */
const Listed = z.object({ ID: z.string(), Names: z.string(), State: z.string(), CreatedAt: z.string() });

/** A container by id or name, or null when there is none. */
export async function findContainer(
  docker: Docker,
  name: string,
  signal: AbortSignal,
): Promise<DockerContainer | null> {
  const { code, stdout, stderr } = await docker(['container', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) {
    const there = parseContainer(stdout);
    // An id is also found by its beginning.
    return there.name === name || there.id === name ? there : null;
  }
  if (noContainer.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Stops a container, politely first; one that rests already is fine. */
export function stopContainer(docker: Docker, there: DockerContainer, signal: AbortSignal): Promise<void> {
  return stopOne(docker, (id) => findContainer(docker, id, signal), there, signal);
}

/** Removes a container with what is its own only; one that is gone already is fine. */
export async function removeContainer(docker: Docker, idOrName: string, signal: AbortSignal): Promise<void> {
  const args = ['rm', '--force', '--volumes', '--', idOrName];
  const { code, stderr } = await docker(args, { timeoutMs: stopTimeout, signal });
  if (code === 0 || noContainer.test(stderr) || /already in progress/i.test(stderr)) return;
  await mustSucceed(docker(args, { timeoutMs: stopTimeout, signal }));
}

/** How often, and how many times, what a given-up call may still make is looked for (ms). */
const regretEvery = 500;
const regretTimes = 4;

/**
 * Removes what a call was to make that was given up: the engine may have heard of it and only just be making it,
 * although whoever asked is gone (seen on 20.10).
 */
export async function removeGivenUp(docker: Docker, clock: Clock, name: string): Promise<void> {
  const idle = new AbortController().signal;
  for (let round = 0; round < regretTimes; round++) {
    await removeContainer(docker, name, idle);
    await clock.sleep(regretEvery, idle);
  }
}

/** Takes away what a ClawCove that was killed left behind: half made, or half removed. */
export async function sweep(
  docker: Docker,
  signal: AbortSignal,
  clock: Clock,
  which: 'all' | 'abandoned',
): Promise<void> {
  const args = ['ps', '--all', '--no-trunc', `--filter=label=${homeLabel}=1`, '--format={{json .}}'];
  const { stdout } = await mustSucceed(docker(args, { timeoutMs, signal }));
  for (const line of stdout.split('\n').filter(Boolean)) {
    const { ID, Names, State, CreatedAt } = Listed.parse(JSON.parse(line));
    // "2026-11-22 12:53:00 +0000 UTC": its last word is nothing that a date knows.
    const age = clock.now() - Date.parse(CreatedAt.replace(/ [A-Z]+$/, ''));
    if (State === 'dead' || Names.split(',').some((name) => isPassing(name, which, age)))
      await removeContainer(docker, ID, signal);
  }
}
