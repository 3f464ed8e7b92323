/**
 * The home's state, which outlives every home, and copies of it beside it and in archives. All are folders
 * of one volume, each with what it holds in `data` and whose it is in `made-by.json`: a copy is there, whole,
 * from the moment when its folder gets its name.
 */
import * as z from 'zod';
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { writeArchive } from '../container/archive.ts';
import { engineProblem } from '../container/call.ts';
import { diskFull } from '../disk-full.ts';
import type { MadeBy, Report, StateCopy } from '../sandbox.ts';
import type { Docker } from './call.ts';
import { type Keeper, mustBeDone } from './keeper.ts';
import { baseVolume } from './names.ts';
import { findVolume } from './volumes.ts';

/** 55 MB take half a second; a state of many gigabytes on a slow disk may take its time (ms). */
const copyTimeout = 3_600_000;

const Made = z.object({ image: z.string(), version: z.string() });

/** The beginning of every home. What it says is how users are counted, and who is asked for names. */
export const foundations = `umask 077 && mkdir -p secrets state cache &&
  for folder in state cache; do
    [ -d $folder/data ] || { mkdir $folder/new && chown 1000:1000 $folder/new && mv -T $folder/new $folder/data; }
  done`;

const isThere = async (docker: Docker, signal: AbortSignal) =>
  (await findVolume(docker, baseVolume, signal)) !== null;

const filled = (folder: string) =>
  `[ -n "$(find ${folder} -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null)" ]`;

/** Whether there is anything in the state's folder. */
export async function hasState(docker: Docker, keeper: Keeper | null, signal: AbortSignal): Promise<boolean> {
  if (!(await isThere(docker, signal))) return false;
  // No image lies here to look with; what is left of a home that was taken away is its state.
  if (!keeper) return true;
  const script = `${filled('state/data')} && echo filled || echo empty`;
  const { stdout } = await mustBeDone(keeper({ as: 'look', script, signal }));
  return stdout === 'filled\n';
}

/** To which OpenClaw a copy belongs; null when there is none. */
export async function findCopy(
  docker: Docker,
  keeper: Keeper,
  copy: StateCopy,
  signal: AbortSignal,
): Promise<MadeBy | null> {
  if (!(await isThere(docker, signal))) return null;
  const script = '[ ! -d "$1" ] || cat -- "$1/made-by.json"';
  const { stdout } = await mustBeDone(keeper({ as: 'look', script, args: [copy], signal }));
  return stdout === '' ? null : Made.parse(JSON.parse(stdout));
}

/** What was made takes the place of an older one: on the disk before a journal says so, a power cut may follow. */
const bringAbout = `printf %s "$2" > making/made-by.json && sync -f making &&
  rm -rf gone && { [ ! -e "$1" ] || mv -T -- "$1" gone; } && mv -T making "$1" && sync . && rm -rf gone`;

const copying = `rm -rf making && mkdir making &&
  cp --archive --reflink=auto -- state/data making/data && ${bringAbout}`;

/**
 * Copies the state as it is at one moment.
 *
 * @param hold runs the keeper while the home stands still; null: no home runs
 */
export async function copyState(
  docker: Docker,
  keeper: Keeper,
  copy: StateCopy,
  of: MadeBy,
  hold: ((work: { script: string; args: readonly string[] }) => Promise<void>) | null,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isThere(docker, signal))) throw new ProblemError('state-gone', {}, ['check-now']);
  const args = [copy, madeBy(of)];
  try {
    if (hold) await hold({ script: copying, args });
    else await mustBeDone(keeper({ as: 'change', script: copying, args, timeoutMs: copyTimeout, signal }));
  } catch (error) {
    await dropMaking(keeper);
    throw error;
  }
}

const madeBy = ({ image, version }: MadeBy) => JSON.stringify({ image, version });

async function dropMaking(keeper: Keeper): Promise<void> {
  const { signal } = new AbortController();
  await keeper({ as: 'change', script: 'rm -rf making', timeoutMs: copyTimeout, signal });
}

/**
 * Unpacks an archive; a broken one or a full disk leave no copy behind. GNU tar lays no link that leads
 * outside before everything else is in its place; and outside there is nothing but copies of the same state.
 */
export async function loadCopy(
  keeper: Keeper,
  copy: StateCopy,
  file: string,
  of: MadeBy,
  { signal }: Report,
): Promise<void> {
  const unpack = `rm -rf making && mkdir -p making/data &&
    tar --extract --numeric-owner --same-owner --preserve-permissions --directory=making/data --file=- || exit 3
    chown 1000:1000 making/data && chmod 700 making/data && ${bringAbout}`;
  try {
    const work = { as: 'change', script: unpack, args: [copy, madeBy(of)], from: file } as const;
    const { code, stderr } = await keeper({ ...work, timeoutMs: copyTimeout, signal });
    if (code === 0) return;
    throw code === 3 && !diskFull.test(stderr)
      ? new ProblemError('archive-damaged', {}, ['open-log'])
      : engineProblem(stderr);
  } catch (error) {
    await dropMaking(keeper);
    throw error;
  }
}

/** Takes an exchange back that was broken off before the copy became the state, and ends one that was broken off after. */
const mend = `if [ -d exchanging ]; then
    if [ ! -d exchanging/data ]; then rm -rf exchanging
    elif [ -d state/data ]; then rm -rf aside && mv -T exchanging aside
    else mv -T exchanging/data state/data && rm -rf exchanging
    fi
  fi
  for copy in before incoming; do [ ! -d "$copy" ] || [ -d "$copy/data" ] || rm -rf "$copy"; done`;

const exchange = `${mend}
  [ -d "$1/data" ] || { [ -d aside ] && exit 0; exit 4; }
  rm -rf exchanging && mkdir exchanging && printf %s "$2" > exchanging/made-by.json &&
  mv -T state/data exchanging/data && mv -T "$1/data" state/data && sync . &&
  rm -rf aside && mv -T exchanging aside && sync . && rm -rf "$1"`;

/** A copy becomes the state, and what was the state becomes the copy `aside`: renames, each whole or not at all. */
export async function exchangeState(
  docker: Docker,
  keeper: Keeper,
  copy: 'before' | 'incoming',
  was: MadeBy,
  signal: AbortSignal,
): Promise<void> {
  const isGone = !(await isThere(docker, signal));
  const { code, stderr } = isGone
    ? { code: 4, stderr: '' }
    : await keeper({ as: 'change', script: exchange, args: [copy, madeBy(was)], signal });
  if (code === 4) throw new ProblemError('state-gone', {}, ['check-now']);
  if (code !== 0) throw engineProblem(stderr);
}

/** How long the files of a copy say that they are (bytes): what is not there of them takes room in an archive, too. */
export async function sizeOfCopy(keeper: Keeper, copy: StateCopy, signal: AbortSignal): Promise<number> {
  const script = '[ -d "$1" ] || exit 4; du --summarize --apparent-size --block-size=1 -- "$1/data"';
  const { code, stdout, stderr } = await keeper({
    as: 'look',
    script,
    args: [copy],
    timeoutMs: copyTimeout,
    signal,
  });
  if (code === 4) throw new ProblemError('state-gone', {}, ['check-now']);
  const [digits] = /^\d+(?=\s)/.exec(stdout) ?? [];
  if (code !== 0 || digits === undefined) throw engineProblem(stderr || `du: ${stdout}`);
  return Number(digits);
}

/** Writes a copy to one archive, for this person's eyes only; an older one is replaced at the end. */
export async function saveCopy(
  docker: Docker,
  keeper: Keeper,
  copy: StateCopy,
  file: string,
  report: Report,
  clock: Clock,
): Promise<void> {
  const { signal } = report;
  if (!(await findCopy(docker, keeper, copy, signal)))
    throw new ProblemError('state-gone', {}, ['check-now']);
  const script = 'tar --create --numeric-owner --directory="$1/data" --file=- .';
  await writeArchive(file, report, clock, async (to) => {
    const work = { as: 'look', script, args: [copy], to, timeoutMs: copyTimeout, signal } as const;
    await mustBeDone(keeper(work));
  });
}

export async function dropCopy(
  docker: Docker,
  keeper: Keeper,
  copy: StateCopy,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isThere(docker, signal))) return;
  const script = 'rm -rf gone && { [ ! -e "$1" ] || mv -T -- "$1" gone; } && rm -rf gone';
  const work = { as: 'change', script, args: [copy], timeoutMs: copyTimeout, signal } as const;
  await mustBeDone(keeper(work));
}

/**
 * Takes away what must not outlive the work it was made for.
 *
 * @param which `passing`: what a killed ClawCove left; `copies`: everything but the state itself
 */
export async function tidyState(
  docker: Docker,
  keeper: Keeper,
  which: 'passing' | 'copies',
  signal: AbortSignal,
): Promise<void> {
  if (!(await isThere(docker, signal))) return;
  const passing = 'making gone incoming outgoing rehearsal';
  const script = `${mend}; rm -rf ${passing}${which === 'copies' ? ' before aside cache secrets' : ''}`;
  await mustBeDone(keeper({ as: 'change', script, timeoutMs: copyTimeout, signal }));
}
