/** Folders for this person alone, as Windows keeps them: by lists of who may do what. */
import type { Log, Run } from '../../doors.ts';
import type { SystemDoors } from '../system-doors.ts';
import type { Programs } from './programs.ts';
import { whoAmI } from './who.ts';

const timeoutMs = 15_000;
/** Source: Microsoft, "Well-known SIDs": the system itself. */
const system = 'S-1-5-18';

/** The order for icacls, which takes numbers for names; pure. What the folder had from above no longer counts. */
export const ownOnlyOrder = (folder: string, sid: string): string[] => [
  folder,
  '/inheritance:r',
  '/grant:r',
  ...[sid, system].map((who) => `*${who}:(OI)(CI)F`),
];

/**
 * See SystemDoors. A person's own folders are theirs alone on any Windows that nobody has changed: where this can't be
 * made sure of, it is said in the log, and nothing waits for it.
 */
export function createOwnOnly(run: Run, programs: Programs, log: Log): SystemDoors['makePrivate'] {
  return async (folder) => {
    const { signal } = new AbortController();
    const person = await whoAmI(run, programs, signal);
    const order = person && {
      file: programs.icacls,
      args: ownOnlyOrder(folder, person.sid),
      timeoutMs,
      signal,
      encoding: 'latin1' as const,
    };
    const outcome = order && (await run(order));
    if (outcome?.is !== 'exited' || outcome.code !== 0) log.error(`could not make ${folder} private`);
  };
}
