/** The home's state, a volume that outlives every home, and copies of it beside it and in archives. */
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { writeArchive } from '../container/archive.ts';
import { type Cli, engineProblem, mustSucceed } from '../container/call.ts';
import { mustRest } from '../container/home.ts';
import { homeName, versionLabel } from '../container/names.ts';
import { diskFull } from '../disk-full.ts';
import type { MadeBy, Report, StateCopy } from '../sandbox.ts';
import { findContainer } from './containers.ts';
import { holdWhile, release } from './hold.ts';
import { copyVolumes, imageLabel, makingVolume, stateVolume } from './names.ts';
import { clearVolume, findVolume, makeEmptyVolume, makeVolume, removeVolume } from './volumes.ts';

const timeoutMs = 60_000;
/** 55 MB take half a second; a state of many gigabytes on a slow disk may take its time (ms). */
const copyTimeout = 3_600_000;

/** Whether there is anything in a volume's folder; false where the folder itself is away. */
async function isFilled(podman: Cli, folder: string, signal: AbortSignal): Promise<boolean> {
  // Its owner on this computer is a number that only exists in the engine's user namespace.
  const args = ['unshare', 'find', folder, '-mindepth', '1', '-maxdepth', '1', '-print', '-quit'];
  const { code, stdout, stderr } = await podman(args, { timeoutMs, signal, maxBytes: 10_000 });
  if (code !== 0 && !/No such file/i.test(stderr)) throw engineProblem(stderr);
  return stdout !== '';
}

/** Whether there is anything in the state's volume. */
export async function hasState(podman: Cli, signal: AbortSignal): Promise<boolean> {
  const volume = await findVolume(podman, stateVolume, signal);
  return volume !== null && isFilled(podman, volume.Mountpoint, signal);
}

/** To which OpenClaw a copy belongs; null when there is none. A copy is whole as soon as there is anything in it. */
export async function findCopy(podman: Cli, copy: StateCopy, signal: AbortSignal): Promise<MadeBy | null> {
  const volume = await findVolume(podman, copyVolumes[copy], signal);
  if (!volume || !(await isFilled(podman, volume.Mountpoint, signal))) return null;
  return { image: volume.Labels?.[imageLabel] ?? '', version: volume.Labels?.[versionLabel] ?? '' };
}

/** Copies the state as it is at one moment; a running home is held still for that. */
export async function copyState(podman: Cli, copy: StateCopy, of: MadeBy, { signal }: Report): Promise<void> {
  const state = await findVolume(podman, stateVolume, signal);
  if (!state) throw new ProblemError('state-gone', {}, ['check-now']);
  await bringAbout(podman, copy, of, signal, async (folder) => {
    const home = await findContainer(podman, homeName, signal);
    const isRunning = home?.isOurs === true && home.inspection.state === 'running';
    const words = ['cp', '--archive', '--reflink=auto', '--', `${state.Mountpoint}/.`, folder];
    if (isRunning) await holdWhile(podman, home.pid, words);
    else await mustSucceed(podman(['unshare', ...words], { timeoutMs: copyTimeout, signal }));
    // A power cut must not leave names of files without what is in them.
    await mustSucceed(podman(['unshare', 'sync', '-f', folder], { timeoutMs: copyTimeout, signal }));
  });
}

/**
 * Unpacks an archive; a broken one or a full disk leave no copy behind.
 *
 * With tar, not with `podman volume import`: an archive may have come from anywhere, and Podman
 * writes through a link that the archive itself brings along, into the person's own folders (seen
 * with 4.3.1). GNU tar lays no link that leads outside before everything else is in its place.
 */
export async function loadCopy(
  podman: Cli,
  copy: StateCopy,
  file: string,
  of: MadeBy,
  { signal }: Report,
): Promise<void> {
  await bringAbout(podman, copy, of, signal, async (folder) => {
    const words = ['tar', '--extract', '--numeric-owner', '--same-owner', '--preserve-permissions'];
    const { code, stderr } = await podman(['unshare', ...words, `--directory=${folder}`, `--file=${file}`], {
      timeoutMs: copyTimeout,
      signal,
    });
    // OpenClaw wants its state for itself; an archive doesn't bring its own folder's mode along.
    if (code === 0)
      return void (await mustSucceed(podman(['unshare', 'chmod', '700', folder], { timeoutMs, signal })));
    throw diskFull.test(stderr)
      ? engineProblem(stderr)
      : new ProblemError('archive-damaged', {}, ['open-log']);
  });
}

/** Makes a copy in a volume of its own; only when it is whole it takes the place of an older one. */
async function bringAbout(
  podman: Cli,
  copy: StateCopy,
  of: MadeBy,
  signal: AbortSignal,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const idle = new AbortController().signal;
  const name = copyVolumes[copy];
  try {
    const making = await makeEmptyVolume(podman, makingVolume, signal);
    await fill(making);
    await clearVolume(podman, name, making, signal);
    const folder = await makeVolume(podman, name, labelsOf(of), signal);
    // On the disk before the journal says so: a power cut may follow.
    const script = 'mv -T -- "$1" "$2" && sync -- "$2/.."';
    await mustSucceed(
      podman(['unshare', 'sh', '-c', script, 'bring', making, folder], { timeoutMs, signal: idle }),
    );
  } finally {
    await removeVolume(podman, makingVolume, idle);
  }
}

const labelsOf = ({ image, version }: MadeBy) => [`${imageLabel}=${image}`, `${versionLabel}=${version}`];

/**
 * A copy becomes the state, and what was the state becomes the copy `aside`. Two renames, each
 * whole or not at all, and {@link mendExchange} undoes the first where the second never came.
 */
export async function exchangeState(
  podman: Cli,
  copy: 'before' | 'incoming',
  was: MadeBy,
  signal: AbortSignal,
): Promise<void> {
  mustRest(await findContainer(podman, homeName, signal));
  await mendExchange(podman, signal);
  const idle = new AbortController().signal;
  const made = await findCopy(podman, copy, signal);
  const came = await findVolume(podman, copyVolumes[copy], signal);
  if (!made || !came) {
    if (await findCopy(podman, 'aside', signal)) return;
    throw new ProblemError('state-gone', {}, ['check-now']);
  }
  await clearVolume(podman, copyVolumes.aside, came.Mountpoint, signal);
  const aside = await makeVolume(podman, copyVolumes.aside, labelsOf(was), signal);
  const state = await makeVolume(podman, stateVolume, [], signal);
  const script = 'mv -T -- "$1" "$3" && mv -T -- "$2" "$1" && sync -- "$1/.."';
  const folders = [state, came.Mountpoint, aside];
  await mustSucceed(
    podman(['unshare', 'sh', '-c', script, 'exchange', ...folders], { timeoutMs, signal: idle }),
  );
  await removeVolume(podman, copyVolumes[copy], idle);
}

/** Takes an exchange back that was broken off between its two renames. */
async function mendExchange(podman: Cli, signal: AbortSignal): Promise<void> {
  const aside = await findVolume(podman, copyVolumes.aside, signal);
  const state = await findVolume(podman, stateVolume, signal);
  if (!aside || !state || !(await isFilled(podman, aside.Mountpoint, signal))) return;
  if (await isFilled(podman, state.Mountpoint, signal)) return;
  const args = ['unshare', 'mv', '-T', '--', aside.Mountpoint, state.Mountpoint];
  await mustSucceed(podman(args, { timeoutMs, signal }));
}

/** How long the files of a copy say that they are (bytes): what is not there of them takes room in an archive, too. */
export async function sizeOfCopy(podman: Cli, copy: StateCopy, signal: AbortSignal): Promise<number> {
  const volume = await findVolume(podman, copyVolumes[copy], signal);
  if (!volume) throw new ProblemError('state-gone', {}, ['check-now']);
  const words = ['du', '--summarize', '--apparent-size', '--block-size=1', '--', volume.Mountpoint];
  const call = podman(['unshare', ...words], { timeoutMs: copyTimeout, signal, maxBytes: 10_000 });
  const { stdout } = await mustSucceed(call);
  const [digits] = /^\d+(?=\s)/.exec(stdout) ?? [];
  if (digits === undefined) throw engineProblem(`du: ${stdout}`);
  return Number(digits);
}

/** Writes a copy to one archive, for this person's eyes only; an older one is replaced at the end. */
export async function saveCopy(
  podman: Cli,
  copy: StateCopy,
  file: string,
  report: Report,
  clock: Clock,
): Promise<void> {
  const { signal } = report;
  if (!(await findCopy(podman, copy, signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  // Podman writes into a file that is there already and leaves its mode alone.
  await writeArchive(file, report, clock, async (part) => {
    const args = ['volume', 'export', `--output=${part}`, '--', copyVolumes[copy]];
    await mustSucceed(podman(args, { timeoutMs: copyTimeout, signal }));
  });
}

/** What must not outlive the work it was made for goes; what was held still goes on. */
export async function tidyState(podman: Cli, signal: AbortSignal): Promise<void> {
  const home = await findContainer(podman, homeName, signal);
  if (home?.isOurs && home.pid > 0) await release(podman, home.pid);
  await mendExchange(podman, signal);
  for (const copy of ['incoming', 'outgoing', 'rehearsal'] as const)
    await removeVolume(podman, copyVolumes[copy], signal);
  await removeVolume(podman, makingVolume, signal);
}
