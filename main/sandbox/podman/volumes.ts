/** Volumes of any kind: finding, making and removing them. */
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { ProblemError } from '../../problem.ts';
import { type Cli, engineProblem, mustSucceed } from '../container/call.ts';
import { homeLabel } from '../container/names.ts';

const timeoutMs = 60_000;
/** A state of many gigabytes on a slow disk may take its time (ms). */
const removeTimeout = 600_000;

const Volume = z.tuple([
  z.object({
    Mountpoint: z.string().startsWith('/'),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
]);

/** A volume, or null when there is none of that name. */
export async function findVolume(podman: Cli, name: string, signal: AbortSignal) {
  const { code, stdout, stderr } = await podman(['volume', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) return Volume.parse(JSON.parse(stdout))[0];
  if (/no such volume/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Makes a volume, or finds it there; answers with its folder. */
export async function makeVolume(
  podman: Cli,
  name: string,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const flags = [`${homeLabel}=1`, ...labels].map((label) => `--label=${label}`);
  const { code, stderr } = await podman(['volume', 'create', ...flags, '--', name], { timeoutMs, signal });
  if (code !== 0 && !/already exists/i.test(stderr)) throw engineProblem(stderr);
  const volume = await findVolume(podman, name, signal);
  if (!volume) throw new ProblemError('state-gone', {}, ['try-again']);
  return volume.Mountpoint;
}

/** One that isn't there is fine. */
export async function removeVolume(podman: Cli, name: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await podman(['volume', 'rm', '--', name], { timeoutMs, signal });
  if (code !== 0 && !/no such volume/i.test(stderr)) throw engineProblem(stderr);
}

/**
 * Removes a volume, and what a removal that was cut off has left of it: Podman forgets a volume before it
 * deletes its files, and puts the next one of that name around them (seen on 4.3.1).
 *
 * @param beside folder of another volume: all lie beside each other
 */
export async function clearVolume(
  podman: Cli,
  name: string,
  beside: string,
  signal: AbortSignal,
): Promise<void> {
  await removeVolume(podman, name, signal);
  const left = join(dirname(dirname(beside)), name);
  await mustSucceed(podman(['unshare', 'rm', '-rf', '--', left], { timeoutMs: removeTimeout, signal }));
}

/** Makes a volume with nothing in it; see {@link clearVolume}. */
export async function makeEmptyVolume(podman: Cli, name: string, signal: AbortSignal): Promise<string> {
  await removeVolume(podman, name, signal);
  const folder = await makeVolume(podman, name, [], signal);
  const args = ['unshare', 'find', folder, '-mindepth', '1', '-delete'];
  await mustSucceed(podman(args, { timeoutMs: removeTimeout, signal }));
  return folder;
}
