/** Containers of any kind: finding, stopping and removing them, and clearing up after a crash. */
import * as z from 'zod';
import type { Clock, Log } from '../../doors.ts';
import { isAlive } from '../../host/is-alive.ts';
import { stopSeconds } from './arguments.ts';
import { engineProblem, errorLine, mustSucceed, type Podman } from './call.ts';
import { type PodmanContainer, parseContainer } from './inspect.ts';
import { homeLabel, homeName } from './names.ts';

const timeoutMs = 60_000;
const stopTimeout = (stopSeconds + 40) * 1000;
/** The last words of a home, in bytes. */
const maxLog = 256 * 1024;
/**
 * A home under construction that is this old (ms) belongs to nobody any more, even if a process
 * with its maker's number lives: numbers are given again.
 */
const abandonedAfter = 1_800_000;

const passing = new RegExp(`^${homeName}-(?:next|once)-(?<maker>\\d+)-`);
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
  podman: Podman,
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
  // The last two: its removal was broken off half way (seen on 5.4.2 after a kill). Nothing of it can be used.
  if (/no such container|no container with name|layer not known|container not known/i.test(stderr))
    return null;
  throw engineProblem(stderr);
}

/** Stops a container, politely first; one that rests already is fine. */
export async function stopContainer(
  podman: Podman,
  there: PodmanContainer,
  signal: AbortSignal,
): Promise<void> {
  if (there.inspection.state !== 'running') return;
  if (there.isPaused) await mustSucceed(podman(['unpause', '--', there.id], { timeoutMs, signal }));
  const args = ['stop', `--time=${stopSeconds}`, '--', there.id];
  const { code, stderr } = await podman(args, { timeoutMs: stopTimeout, signal });
  if (code === 0) return;
  // What counts is that it rests: without its keeper (conmon) Podman 5.4 stops it and reports a failure.
  const after = await findContainer(podman, there.id, signal);
  if (after?.inspection.state === 'running') throw engineProblem(stderr);
}

/** Removes a container with what is its own only (its cache); one that is gone already is fine. */
export async function removeContainer(podman: Podman, idOrName: string, signal: AbortSignal): Promise<void> {
  const args = ['rm', '--force', '--ignore', '--volumes', `--time=${stopSeconds}`, '--', idOrName];
  const { code } = await podman(args, { timeoutMs: stopTimeout, signal });
  // One that ends by itself just then is in no state to be killed (seen on 4.3.1): at rest it can be removed.
  if (code !== 0) await mustSucceed(podman(args, { timeoutMs: stopTimeout, signal }));
}

/** Whether whoever made a passing sandbox can't take it away any more. */
function isAbandoned(name: string, ageMs: number): boolean {
  const maker = passing.exec(name)?.groups?.maker;
  return maker !== undefined && (ageMs > abandonedAfter || !isAlive(Number(maker)));
}

/** Takes away what a ClawCove that was killed left behind: half made, or half removed. */
export async function sweep(
  podman: Podman,
  signal: AbortSignal,
  clock: Clock,
  which: 'all' | 'abandoned',
): Promise<void> {
  const args = ['ps', '--all', '--format=json', `--filter=label=${homeLabel}=1`];
  const { stdout } = await mustSucceed(podman(args, { timeoutMs, signal }));
  for (const { Id, Names, State, Created, Pid } of Listed.parse(JSON.parse(stdout))) {
    const age = clock.now() - Created * 1000;
    const isOurs = Names.some((name) => (which === 'all' ? passing.test(name) : isAbandoned(name, age)));
    if (State === 'removing' || isLost(State === 'stopping', Pid) || isOurs)
      await removeContainer(podman, Id, signal);
  }
}

/** The last lines a container printed, both streams in the order they came; bounded. */
export async function lastLines(
  podman: Podman,
  name: string,
  lines: number,
  signal: AbortSignal,
  log: Log,
): Promise<string> {
  const found: string[] = [];
  let size = 0;
  const { code, stderr } = await podman(['logs', `--tail=${lines}`, '--', name], {
    timeoutMs,
    signal,
    maxBytes: maxLog,
    onLine(line) {
      size += line.length;
      if (size <= maxLog) found.push(line);
    },
  });
  if (code !== 0) {
    log.info(`no log of ${name}: ${errorLine(stderr)}`);
    return '';
  }
  return found.join('\n');
}
