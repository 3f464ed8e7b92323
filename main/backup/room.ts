import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';

const MiB = 1024 ** 2;
/** What backups leave free for everything else on this computer (bytes). */
const spareBytes = 512 * MiB;

/** How many bytes backups may still take where a folder lies; less than nothing where it is short already. */
export async function roomIn({ computer }: Pick<Doors, 'computer'>, folder: string): Promise<number> {
  return (await computer.freeDisk(folder)) - spareBytes;
}

/**
 * Turns away what would not fit where a folder lies, before any of it is written.
 *
 * @throws ProblemError `no-room-on-disk`
 */
export async function mustFit(doors: Doors, folder: string, bytes: number): Promise<void> {
  if (bytes > (await roomIn(doors, folder))) throw new ProblemError('no-room-on-disk');
}
