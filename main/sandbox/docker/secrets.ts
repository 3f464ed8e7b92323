/**
 * What a home is given as files that only the agent reads: secrets, and certificates. It travels over
 * standard input into a folder of its own, and the window to it comes about when it is whole; so whoever has
 * a window has all of it, and a changed secret is another window.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import type { Docker } from './call.ts';
import { type Keeper, mustBeDone } from './keeper.ts';
import { digestLabel, type Given, secretLabel, valueFile } from './names.ts';
import { findVolume, makeBase, makeWindow, removeVolume, volumesWith } from './volumes.ts';

const folderOf = (window: string) => `secrets/${window}`;
const prefix = (id: Given) => `clawcove-${id}-`;

const write = `umask 077 && mkdir -p secrets && mkdir "$1" && cat > "$1/${valueFile}" &&
  chmod 400 "$1/${valueFile}" && chmod 500 "$1" && chown -R 1000:1000 "$1" && sync -f "$1"`;

/** The window to what is current; null when there is none. */
export async function givenWindow(docker: Docker, id: Given, signal: AbortSignal): Promise<string | null> {
  // Their names begin with when they were made.
  return (await volumesWith(docker, `${secretLabel}=${id}`, signal)).at(-1) ?? null;
}

/** What a home is given is this from now on; a home that has the older one keeps it until it is made anew. */
export async function give(
  docker: Docker,
  keeper: Keeper,
  id: Given,
  value: string,
  clock: Clock,
  signal: AbortSignal,
  labels: readonly string[] = [],
): Promise<void> {
  await makeBase(docker, signal);
  const window = `${prefix(id)}${String(clock.now()).padStart(14, '0')}-${randomBytes(4).toString('hex')}`;
  await mustBeDone(keeper({ as: 'change', script: write, args: [folderOf(window)], input: value, signal }));
  await makeWindow(docker, window, folderOf(window), [`${secretLabel}=${id}`, ...labels], signal);
  await dropOlder(docker, keeper, signal);
}

/** Gives certificates unless the same ones are given already. */
export async function giveCertificates(
  docker: Docker,
  keeper: Keeper,
  pem: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const digest = createHash('sha256').update(pem).digest('hex');
  const window = await givenWindow(docker, 'certificates', signal);
  const there = window === null ? null : await findVolume(docker, window, signal);
  if (there?.Labels?.[digestLabel] === digest) return;
  await give(docker, keeper, 'certificates', pem, clock, signal, [`${digestLabel}=${digest}`]);
}

/** Takes away what is no longer current, as far as no home has it, and what no window leads to. */
export async function dropOlder(docker: Docker, keeper: Keeper, signal: AbortSignal): Promise<void> {
  const kept: string[] = [];
  let dropped = 0;
  for (const id of ['gateway', 'model-key', 'certificates'] as const) {
    const windows = await volumesWith(docker, `${secretLabel}=${id}`, signal);
    for (const window of windows.slice(0, -1))
      if (await removeVolume(docker, window, signal)) dropped += 1;
      else kept.push(window);
    kept.push(...windows.slice(-1));
  }
  if (dropped === 0) return;
  const script = `cd secrets 2>/dev/null || exit 0
    for folder in *; do
      case " $* " in *" $folder "*) ;; *) rm -rf -- "$folder" ;; esac
    done`;
  await mustBeDone(keeper({ as: 'change', script, args: kept, signal }));
}

/** Takes everything away that homes were given. */
export async function dropGiven(docker: Docker, signal: AbortSignal): Promise<void> {
  for (const window of await volumesWith(docker, secretLabel, signal))
    await removeVolume(docker, window, signal);
}

/** By which secret a volume of a home's is known; null: it is none. */
export function givenBy(volume: string): Given | null {
  return (
    (['gateway', 'model-key', 'certificates'] as const).find((id) => volume.startsWith(prefix(id))) ?? null
  );
}
