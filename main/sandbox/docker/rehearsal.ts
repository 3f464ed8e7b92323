/** Tries an OpenClaw out on a copy of the state, cut off from everything. */
import type { Log } from '../../doors.ts';
import { lastLines } from '../container/containers.ts';
import { rehearsalName } from '../container/names.ts';
import type { HomeSpec } from '../sandbox.ts';
import { type Ingredients, rehearsalArguments } from './arguments.ts';
import type { Docker } from './call.ts';
import { findContainer, removeContainer } from './containers.ts';
import { makeProblem } from './home.ts';
import { rehearsalWindow } from './names.ts';
import { makeWindow, removeVolume } from './volumes.ts';

const startTimeout = 300_000;
/** Enough to see why it ended. */
const lines = 60;

/** Starts it; an older one that somebody left behind makes room. */
export async function startRehearsal(
  docker: Docker,
  spec: HomeSpec,
  ingredients: Ingredients,
  signal: AbortSignal,
): Promise<void> {
  await removeContainer(docker, rehearsalName, signal);
  await makeWindow(docker, rehearsalWindow, 'rehearsal/data', [], signal);
  const args = rehearsalArguments(spec, ingredients);
  const { code, stderr } = await docker(args, { timeoutMs: startTimeout, signal });
  if (code !== 0) throw makeProblem(stderr, spec);
}

/** @returns the last lines it printed */
export async function endRehearsal(docker: Docker, signal: AbortSignal, log: Log): Promise<string> {
  const there = await findContainer(docker, rehearsalName, signal);
  const said = there ? await lastLines(docker, rehearsalName, lines, signal, log) : '';
  await removeContainer(docker, rehearsalName, signal);
  await removeVolume(docker, rehearsalWindow, signal);
  return said;
}
