/** The home as a container: looking at it, making it, starting and stopping it. */
import { randomBytes } from 'node:crypto';
import type { Clock, HostComputer } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { type Cli, engineProblem, errorLine, mustSucceed } from '../container/call.ts';
import { folderProblem, mustBeOurs, portProblem, setAside } from '../container/home.ts';
import { homeName, passingName } from '../container/names.ts';
import type { HomeSpec, Report } from '../sandbox.ts';
import { createArguments, type Ingredients, specDigest } from './arguments.ts';
import { findContainer, removeContainer, stopContainer } from './containers.ts';
import { ordersOf, type PodmanContainer } from './inspect.ts';

const timeoutMs = 60_000;
/** Making the first home from an image maps a copy of it: 9 s on a quick disk, minutes on a slow one (ms). */
const createTimeout = 900_000;
/** Two ClawCoves making the home at once meet at most a few times. */
const createTries = 4;

/**
 * Makes the home as asked. It is first made under another name and takes the place of the
 * older one when it is whole: a failure leaves the older one as it was.
 */
export async function createHome(
  podman: Cli,
  spec: HomeSpec,
  ingredients: Ingredients,
  report: Report,
  clock: Clock,
): Promise<void> {
  if (!(await exists(spec.sharedFolder)))
    throw new ProblemError('shared-folder-gone', { path: spec.sharedFolder }, ['choose-folder']);
  const digest = specDigest(spec, ingredients);
  const asked = JSON.stringify(ordersOf(createArguments(homeName, spec, ingredients)));
  // The label alone can be copied: somebody may have made the home again in another way, labels and all.
  const isAsAsked = (there: PodmanContainer) =>
    there.specDigest === digest && JSON.stringify(there.orders) === asked;
  const { signal } = report;
  for (let attempt = 1; attempt <= createTries; attempt++) {
    const there = await findContainer(podman, homeName, signal);
    if (there?.isOurs && isAsAsked(there)) return stopContainer(podman, there, signal);
    if (there && !there.isOurs)
      await setAside(podman, there, report, clock, () => stopContainer(podman, there, signal));
    if (await replaceHome(podman, there?.isOurs ? there : null, spec, ingredients, report)) return;
    // Another ClawCove made one in the meantime: look again at what there is now.
  }
  throw new ProblemError('engine-failed', { detail: 'somebody else keeps making a home' }, ['try-again']);
}

/** @returns false when somebody else was quicker */
async function replaceHome(
  podman: Cli,
  old: PodmanContainer | null,
  spec: HomeSpec,
  ingredients: Ingredients,
  { signal, log }: Report,
): Promise<boolean> {
  const next = passingName('next', process.pid, randomBytes(6).toString('hex'));
  try {
    const made = await podman(createArguments(next, spec, ingredients), {
      timeoutMs: createTimeout,
      signal,
      onLine: log,
    });
    if (made.code !== 0) throw createProblem(made.stderr, spec);
    if (old) {
      await stopContainer(podman, old, signal);
      await removeContainer(podman, old.id, signal);
    }
    const named = await podman(['rename', '--', next, homeName], { timeoutMs, signal });
    if (named.code === 0) return true;
    await removeContainer(podman, next, signal);
    if (/already in use|no such container|no container with name/i.test(named.stderr)) return false;
    throw engineProblem(named.stderr);
  } catch (error) {
    await removeContainer(podman, next, new AbortController().signal);
    throw error;
  }
}

function createProblem(stderr: string, spec: HomeSpec): ProblemError {
  const line = errorLine(stderr);
  if (/image not known|no such image/i.test(line))
    return new ProblemError('image-gone', { version: spec.version }, ['try-again']);
  return folderProblem(line, spec.sharedFolder) ?? engineProblem(stderr);
}

/** Starts the home; a running one keeps running. */
export async function startHome(
  podman: Cli,
  signal: AbortSignal,
  portHolder: HostComputer['portHolder'],
): Promise<void> {
  const there = mustBeOurs(await findContainer(podman, homeName, signal));
  if (there.isPaused) await mustSucceed(podman(['unpause', '--', there.id], { timeoutMs, signal }));
  if (there.inspection.state === 'running') return;
  const { code, stderr } = await podman(['start', '--', there.id], { timeoutMs: 120_000, signal });
  if (code === 0) return;
  const [port] = there.inspection.ports;
  const folder = there.inspection.mounts.find(({ kind }) => kind === 'bind')?.source ?? '';
  throw (
    (await portProblem(stderr, port?.port, portHolder, signal)) ??
    folderProblem(stderr, folder) ??
    engineProblem(stderr)
  );
}

/** Stops the home, politely first; one that isn't there or isn't ours is left alone. */
export async function stopHome(podman: Cli, signal: AbortSignal): Promise<void> {
  const there = await findContainer(podman, homeName, signal);
  if (there?.isOurs) await stopContainer(podman, there, signal);
}
