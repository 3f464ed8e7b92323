/** Tries an OpenClaw out on a copy of the state, cut off from everything. */
import type { Log } from '../../doors.ts';
import { type Cli, engineProblem } from '../container/call.ts';
import { lastLines } from '../container/containers.ts';
import { execInside } from '../container/exec.ts';
import { rehearsalName } from '../container/names.ts';
import type { ExecOptions, ExecResult, HomeSpec } from '../sandbox.ts';
import { type Ingredients, rehearsalArguments } from './arguments.ts';
import { findContainer, removeContainer } from './containers.ts';
import { podmanExec } from './exec.ts';
import { copyVolumes } from './names.ts';
import { removeVolume } from './volumes.ts';

/** The first use of an image maps a copy of it: 9 s on a quick disk, minutes on a slow one (ms). */
const startTimeout = 900_000;
/** Enough to see why it ended. */
const lines = 60;

/** Starts it; an older one that somebody left behind makes room. */
export async function startRehearsal(
  podman: Cli,
  spec: HomeSpec,
  ingredients: Ingredients,
  signal: AbortSignal,
): Promise<void> {
  await removeContainer(podman, rehearsalName, signal);
  const args = rehearsalArguments(spec, ingredients);
  const { code, stderr } = await podman(args, { timeoutMs: startTimeout, signal });
  if (code !== 0) throw engineProblem(stderr);
}

export function inRehearsal(podman: Cli, argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
  return execInside(podmanExec(podman), rehearsalName, 'agent', argv, options, async () => {
    const there = await findContainer(podman, rehearsalName, options.signal);
    return there?.inspection.state === 'running';
  });
}

/** @returns the last lines it printed */
export async function endRehearsal(podman: Cli, signal: AbortSignal, log: Log): Promise<string> {
  const there = await findContainer(podman, rehearsalName, signal);
  const said = there ? await lastLines(podman, rehearsalName, lines, signal, log) : '';
  await removeContainer(podman, rehearsalName, signal);
  await removeVolume(podman, copyVolumes.rehearsal, signal);
  return said;
}
