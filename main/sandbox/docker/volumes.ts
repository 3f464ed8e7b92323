/** Volumes of ours, and windows into the one that holds everything. */
import * as z from 'zod';
import { ProblemError } from '../../problem.ts';
import { engineProblem, mustSucceed } from '../container/call.ts';
import { Labels } from '../container/inspection.ts';
import { homeLabel } from '../container/names.ts';
import type { Docker } from './call.ts';
import { baseVolume } from './names.ts';

const timeoutMs = 60_000;
const removeTimeout = 600_000;

const Volume = z.tuple([z.object({ Mountpoint: z.string().startsWith('/'), Labels })]);

/** A volume, or null when there is none of that name. */
export async function findVolume(docker: Docker, name: string, signal: AbortSignal) {
  const { code, stdout, stderr } = await docker(['volume', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) return Volume.parse(JSON.parse(stdout))[0];
  if (/no such volume/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Makes the volume that holds everything, or finds it there. */
export async function makeBase(docker: Docker, signal: AbortSignal): Promise<void> {
  const args = ['volume', 'create', `--label=${homeLabel}=1`, '--', baseVolume];
  await mustSucceed(docker(args, { timeoutMs, signal }));
}

/**
 * Makes a volume that looks into a folder of the one that holds everything, or finds it there; the folder has
 * to be there only when something is started with it.
 *
 * @param folder path in that volume
 */
export async function makeWindow(
  docker: Docker,
  name: string,
  folder: string,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const base = await findVolume(docker, baseVolume, signal);
  if (!base) throw new ProblemError('state-gone', {}, ['try-again']);
  const options = ['type=none', 'o=bind', `device=${base.Mountpoint}/${folder}`];
  const args = [
    ...[`${homeLabel}=1`, ...labels].map((label) => `--label=${label}`),
    '--driver=local',
    ...options.map((option) => `--opt=${option}`),
  ];
  await mustSucceed(docker(['volume', 'create', ...args, '--', name], { timeoutMs, signal }));
}

/** @returns false when something is still made with it; one that isn't there is fine */
export async function removeVolume(docker: Docker, name: string, signal: AbortSignal): Promise<boolean> {
  const { code, stderr } = await docker(['volume', 'rm', '--', name], { timeoutMs: removeTimeout, signal });
  if (code === 0 || /no such volume/i.test(stderr)) return true;
  if (/volume is in use/i.test(stderr)) return false;
  throw engineProblem(stderr);
}

/** Names of volumes with a label, in the order of their names. */
export async function volumesWith(docker: Docker, label: string, signal: AbortSignal): Promise<string[]> {
  const args = ['volume', 'ls', `--filter=label=${label}`, '--format={{.Name}}'];
  const { stdout } = await mustSucceed(docker(args, { timeoutMs, signal }));
  return stdout.split('\n').filter(Boolean).sort();
}
