/** The home's state: a volume that outlives every home, and its way into an archive and back. */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import { engineProblem, isDiskFull, mustSucceed, type Podman } from './podman-call.ts';
import { mustRest } from './podman-home.ts';
import { homeLabel, incomingVolume, outgoingVolume, stateVolume } from './podman-names.ts';
import type { Report } from './sandbox.ts';

const timeoutMs = 60_000;
/** 55 MB take half a second; a state of many gigabytes on a slow disk may take its time (ms). */
const copyTimeout = 3_600_000;
const lookEvery = 500;

const Volume = z.tuple([z.object({ Mountpoint: z.string().startsWith('/') })]);

async function mountpoint(podman: Podman, name: string, signal: AbortSignal): Promise<string | null> {
  const { code, stdout, stderr } = await podman(['volume', 'inspect', '--', name], { timeoutMs, signal });
  if (code === 0) return Volume.parse(JSON.parse(stdout))[0].Mountpoint;
  if (/no such volume/i.test(stderr)) return null;
  throw engineProblem(stderr);
}

/** Whether there is anything in the state's volume. */
export async function hasState(podman: Podman, signal: AbortSignal): Promise<boolean> {
  const folder = await mountpoint(podman, stateVolume, signal);
  if (folder === null) return false;
  // Its owner on this computer is a number that only exists in the engine's user namespace.
  const args = ['unshare', 'find', folder, '-mindepth', '1', '-maxdepth', '1', '-print', '-quit'];
  const { stdout } = await mustSucceed(podman(args, { timeoutMs, signal, maxBytes: 10_000 }));
  return stdout !== '';
}

/** Writes the whole state to one archive, for this person's eyes only; an older one is replaced at the end. */
export async function saveState(podman: Podman, file: string, report: Report, clock: Clock): Promise<void> {
  const { signal } = report;
  await mustRest(podman, signal);
  if ((await mountpoint(podman, stateVolume, signal)) === null)
    throw new ProblemError('state-gone', {}, ['check-now']);
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await rm(part, { force: true });
  // Podman writes into a file that is there already and leaves its mode alone: keys may be in it.
  await (await open(part, 'wx', 0o600)).close();
  const done = new AbortController();
  const watching = watchFile(part, report, clock, done.signal);
  try {
    await mustSucceed(
      podman(['volume', 'export', `--output=${part}`, '--', stateVolume], { timeoutMs: copyTimeout, signal }),
    );
    const written = await open(part, 'r+');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    done.abort();
    await watching;
  }
}

async function watchFile(file: string, report: Report, clock: Clock, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    const size = await stat(file).then(
      (found) => found.size,
      () => null,
    );
    if (size !== null) report.progress(size, null);
    await clock.sleep(lookEvery, done).catch(() => {});
  }
}

/**
 * Puts the state back as it was saved. The archive is unpacked beside the state first, so a
 * broken one, a full disk or a cancelled restore leave the state as it is; only then they
 * change places, within milliseconds.
 */
export async function restoreState(podman: Podman, file: string, report: Report): Promise<void> {
  const { signal } = report;
  await mustRest(podman, signal);
  await ensureVolume(podman, stateVolume, signal);
  try {
    for (const volume of [incomingVolume, outgoingVolume]) {
      await removeVolume(podman, volume, signal);
      await ensureVolume(podman, volume, signal);
    }
    const imported = await podman(['volume', 'import', '--', incomingVolume, file], {
      timeoutMs: copyTimeout,
      signal,
    });
    if (imported.code !== 0) throw importProblem(imported.stderr);
    await exchange(podman);
  } finally {
    const idle = new AbortController().signal;
    for (const volume of [incomingVolume, outgoingVolume]) await removeVolume(podman, volume, idle);
  }
}

function importProblem(stderr: string): ProblemError {
  if (isDiskFull(stderr)) return engineProblem(stderr);
  return new ProblemError('archive-damaged', {}, ['open-log']);
}

/** The state goes out, what was unpacked comes in. Not to be cancelled half way. */
async function exchange(podman: Podman): Promise<void> {
  const signal = new AbortController().signal;
  const volumes = [stateVolume, incomingVolume, outgoingVolume];
  const folders = await Promise.all(volumes.map((name) => mountpoint(podman, name, signal)));
  if (folders.some((folder) => folder === null)) throw new ProblemError('state-gone', {}, ['try-again']);
  const script = `set -e
find "$1" -mindepth 1 -maxdepth 1 -exec mv -t "$3" -- {} +
find "$2" -mindepth 1 -maxdepth 1 -exec mv -t "$1" -- {} +`;
  const paths = folders.filter((folder) => folder !== null);
  await mustSucceed(podman(['unshare', 'sh', '-c', script, 'exchange', ...paths], { timeoutMs, signal }));
}

async function ensureVolume(podman: Podman, name: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await podman(['volume', 'create', `--label=${homeLabel}=1`, '--', name], {
    timeoutMs,
    signal,
  });
  if (code !== 0 && !/already exists/i.test(stderr)) throw engineProblem(stderr);
}

/** One that isn't there is fine. */
export async function removeVolume(podman: Podman, name: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await podman(['volume', 'rm', '--', name], { timeoutMs, signal });
  if (code !== 0 && !/no such volume/i.test(stderr)) throw engineProblem(stderr);
}
