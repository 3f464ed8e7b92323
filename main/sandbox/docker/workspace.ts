/** The agent's workspace for a person who can't look into the home from outside: a copy of their own, as of now. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Run } from '../../doors.ts';
import { engineProblem, mustHaveExited } from '../container/call.ts';
import { type Keeper, mustBeDone } from './keeper.ts';

const timeoutMs = 120_000;
/** More than this is not looked through. It is a bound of the archive, in bytes. */
const mostBytes = 2 * 1024 ** 3;

/**
 * Copies it; an older copy is replaced.
 *
 * @param place where the copy shall lie
 * @returns the same; what lies there, links too, is the agent's
 * @throws ProblemError when it is too much, or can't be read
 */
export async function showWorkspace(
  keeper: Keeper,
  run: Run,
  place: string,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const making = await mkdtemp(`${place}-`);
  const archive = join(making, 'archive.tar');
  const folder = join(making, 'workspace');
  try {
    await mkdir(folder, { mode: 0o700 });
    const script = `[ -d state/data/workspace ] || exec tar --create --file=- --files-from=/dev/null
      tar --create --mode=u+rwX,a-s --directory=state/data/workspace --file=- . | head -c ${mostBytes}`;
    // That a home at work changes files while they are read is no failure; an archive that was cut off is one below.
    await mustBeDone(keeper({ as: 'look', script, to: archive, timeoutMs, signal }));
    const args = [
      '--extract',
      '--no-same-owner',
      '--no-same-permissions',
      `--directory=${folder}`,
      `--file=${archive}`,
    ];
    const unpacked = mustHaveExited(await run({ file: 'tar', args, timeoutMs, signal }), 'tar');
    if (unpacked.code !== 0) throw engineProblem(unpacked.stderr);
    await rm(place, { recursive: true, force: true });
    await rename(folder, place);
    return place;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
