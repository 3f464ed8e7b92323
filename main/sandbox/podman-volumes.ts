/** Volumes of any kind: finding, making and removing them. */
import * as z from 'zod';
import { ProblemError } from '../problem.ts';
import { engineProblem, type Podman } from './podman-call.ts';
import { homeLabel } from './podman-names.ts';

const timeoutMs = 60_000;

const Volume = z.tuple([
  z.object({
    Mountpoint: z.string().startsWith('/'),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
]);

/** A volume, or null when there is none of that name. */
export async function findVolume(podman: Podman, name: string, signal: AbortSignal) {
  const { code, stdout, stderr } = await podman(['volume', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) return Volume.parse(JSON.parse(stdout))[0];
  if (/no such volume/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Makes a volume, or finds it there; answers with its folder. */
export async function makeVolume(
  podman: Podman,
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
export async function removeVolume(podman: Podman, name: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await podman(['volume', 'rm', '--', name], { timeoutMs, signal });
  if (code !== 0 && !/no such volume/i.test(stderr)) throw engineProblem(stderr);
}
