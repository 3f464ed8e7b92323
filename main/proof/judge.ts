/** What became of an attempt, from what was seen outside and said inside; pure. */
import type { Attempted, StopperCode, Witness } from '../contract.ts';
import type { MarkedProcess } from '../sandbox/sandbox.ts';
import type { Watch } from './attempts.ts';

/** Everything that came of one attempt. */
export interface Trace {
  /** What the inside printed; null: nothing could be run there. */
  readonly untrustedOut: string | null;
  /** What was seen from outside; null: that was not looked at, or could not be. */
  readonly processes: readonly MarkedProcess[] | null;
  /** What ClawCove's own listeners heard; null: none of them has to do with it. */
  readonly untrustedHeard: readonly string[] | null;
}

/** More of what the inside prints is never read (characters). */
const maxOut = 16 * 1024;

/** What the inside says, by a mark that only this attempt knows. */
type Word =
  | { readonly is: 'through' | 'cannot' }
  | { readonly is: 'stopped'; readonly errno: number }
  | { readonly is: 'read'; readonly words: string };

/** What a line says; null when it isn't a line of ours. */
function wordIn(line: string, mark: string): Word | null {
  if (!line.startsWith(`${mark} `)) return null;
  const said = line.slice(mark.length + 1);
  if (said === 'through' || said === 'cannot') return { is: said };
  const [, errno] = /^stopped (\d{1,4})$/.exec(said) ?? [];
  if (errno) return { is: 'stopped', errno: Number(errno) };
  const [, hex] = /^read ((?:[0-9a-f]{2}){1,64})$/.exec(said) ?? [];
  return hex ? { is: 'read', words: Buffer.from(hex, 'hex').toString('latin1') } : null;
}

/**
 * What an error number of Linux's, which is what homes run on whatever this computer is, says of who
 * stopped it. Source: asm-generic/errno-base.h and errno.h.
 */
const stoppers: readonly (readonly [StopperCode, readonly number[]])[] = [
  // EPERM, EACCES
  ['refused', [1, 13]],
  // EROFS
  ['read-only', [30]],
  // ENOSYS
  ['not-known', [38]],
  // ENOENT, ESRCH, ENXIO, ENODEV, ENOTDIR
  ['not-there', [2, 3, 6, 19, 20]],
  // EAGAIN, ENOMEM
  ['limit', [11, 12]],
  // ENETUNREACH, ECONNRESET, ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH
  ['unreachable', [101, 104, 110, 111, 113]],
];

/** Whether a process is more than the agent may be. */
const isPowerful = ({ uid, effectiveCapabilities }: MarkedProcess): boolean =>
  uid === 0 || effectiveCapabilities !== 0n;

/**
 * Decides. What was seen from outside counts first; then the worst that the inside says: who lives there
 * may have been taken over, and could end the attempt or speak in its place.
 *
 * @param mark what only this attempt knows
 * @param bait the words of a file that must not be read
 */
export function judge(mark: string, bait: string, watch: Watch, trace: Trace): Attempted {
  const { untrustedOut, processes, untrustedHeard } = trace;
  const through = (witness: Witness): Attempted => ({ is: 'got-through', witness });
  if (untrustedHeard?.some((words) => words.includes(mark))) return through('outside');
  if (processes?.some(isPowerful)) return through('outside');
  if (untrustedOut === null) return { is: 'could-not-try', why: 'no-way-in' };
  const said = untrustedOut
    .slice(0, maxOut)
    .split('\n')
    .map((line) => wordIn(line, mark))
    .filter((word) => word !== null);
  // Nobody can know these words who has not read them.
  if (said.some((word) => word.is === 'read' && word.words === bait)) return through('outside');
  const witness = watch === 'nothing' || (watch === 'processes' && processes === null) ? 'inside' : 'outside';
  if (said.some(({ is }) => is === 'through'))
    // Somebody opened, but none of ours: it wasn't this computer.
    return watch === 'listeners' ? { is: 'stopped', by: 'unreachable', witness } : through('inside');
  const refusal = said.find((word) => word.is === 'stopped');
  if (!refusal)
    return { is: 'could-not-try', why: said.some(({ is }) => is === 'cannot') ? 'no-tool' : 'no-answer' };
  const [by] = stoppers.find(([, numbers]) => numbers.includes(refusal.errno)) ?? [];
  return by ? { is: 'stopped', by, witness } : { is: 'could-not-try', why: 'no-answer' };
}
