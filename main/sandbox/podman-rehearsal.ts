/** Tries an OpenClaw out on a copy of the state, cut off from everything. */
import type { Clock, Log } from '../doors.ts';
import { type Ingredients, rehearsalArguments } from './podman-arguments.ts';
import { engineProblem, type Podman } from './podman-call.ts';
import { findContainer, lastLines, removeContainer } from './podman-containers.ts';
import { execInside } from './podman-exec.ts';
import { cacheFolder, compiledVolume, copyVolumes, imageLabel, rehearsalName } from './podman-names.ts';
import { findVolume, makeVolume, removeVolume } from './podman-volumes.ts';
import type { ExecOptions, ExecResult, HomeSpec } from './sandbox.ts';

/** The first use of an image maps a copy of it: 9 s on a quick disk, minutes on a slow one (ms). */
const startTimeout = 900_000;
const timeoutMs = 60_000;
/** Enough to see why it ended. */
const lines = 60;

/** Starts it; an older one that somebody left behind makes room. */
export async function startRehearsal(
  podman: Podman,
  spec: HomeSpec,
  ingredients: Ingredients,
  signal: AbortSignal,
): Promise<void> {
  await removeContainer(podman, rehearsalName, signal);
  await removeVolume(podman, compiledVolume, signal);
  await makeVolume(podman, compiledVolume, [`${imageLabel}=${spec.image}`], signal);
  const args = rehearsalArguments(spec, ingredients);
  const { code, stderr } = await podman(args, { timeoutMs: startTimeout, signal });
  if (code !== 0) throw engineProblem(stderr);
}

export function inRehearsal(
  podman: Podman,
  argv: readonly string[],
  options: ExecOptions,
  clock: Clock,
): Promise<ExecResult> {
  return execInside(podman, rehearsalName, 'agent', argv, options, clock, async () => {
    const there = await findContainer(podman, rehearsalName, options.signal);
    return there?.inspection.state === 'running';
  });
}

/**
 * Ends it politely, for only then does Node write down what it has compiled.
 *
 * @returns the last lines it printed
 */
export async function endRehearsal(
  podman: Podman,
  keepsCompiled: boolean,
  signal: AbortSignal,
  log: Log,
): Promise<string> {
  const there = await findContainer(podman, rehearsalName, signal);
  const said = there ? await lastLines(podman, rehearsalName, lines, signal, log) : '';
  await removeContainer(podman, rehearsalName, signal);
  await removeVolume(podman, copyVolumes.rehearsal, signal);
  if (!keepsCompiled) await removeVolume(podman, compiledVolume, signal);
  return said;
}

/**
 * Gives a home that has never run what the rehearsal of the same image has compiled, so that it starts as
 * after a restart instead of compiling everything anew. It was written by that image, around a copy of the same state and as the same user, who
 * may write there in the home as well: the home need trust nobody whom it doesn't trust already. Without
 * it the home only takes longer, so a failure is none.
 */
export async function handCompiledOver(
  podman: Podman,
  home: string,
  image: string,
  signal: AbortSignal,
): Promise<void> {
  const compiled = await findVolume(podman, compiledVolume, signal);
  if (!compiled) return;
  const there = compiled.Labels?.[imageLabel] === image ? await findContainer(podman, home, signal) : null;
  const cache = there?.inspection.mounts.find(({ target }) => target === cacheFolder);
  const own = cache ? await findVolume(podman, cache.source, signal) : null;
  // The home's own is empty until its first start; one rename is whole or not at all.
  const move = (to: string) =>
    podman(['unshare', 'mv', '-T', '--', compiled.Mountpoint, to], { timeoutMs, signal });
  if (own) await move(own.Mountpoint);
  await removeVolume(podman, compiledVolume, signal);
}
