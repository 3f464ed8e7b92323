/** QEMU's process on this computer: whether the one that runs is ours, and what it was given. */
import { readdir, readFile } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';
import { controlSocket } from './arguments.ts';
import { type Places, qemuProgram } from './names.ts';

/** The kernel counts in hundredths of a second for everybody who asks. Source: proc(5), sysconf(_SC_CLK_TCK). */
const ticksPerSecond = 100;

export interface Running {
  readonly pid: number;
  /** Ms since 1970. */
  readonly startedAt: number | null;
  /** What it was started with, program first. */
  readonly argv: readonly string[];
}

/** Seconds after boot (in ticks) at which a process began: the 22nd field; names may hold blanks and brackets. Pure. */
export function startTicks(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[19]);
  return fields.length > 19 && Number.isInteger(ticks) ? ticks : null;
}

/** When the kernel began (ms since 1970), from /proc/stat. Pure. */
export function bootTime(stat: string): number | null {
  const [, seconds] = /^btime (\d+)$/m.exec(stat) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** The process of that number, if it is our QEMU by now as well. */
async function lookAt(pid: number, places: Places): Promise<Running | null> {
  const argv = ((await readBounded(`/proc/${pid}/cmdline`)) ?? '').split('\0').slice(0, -1);
  // What starts it has all the same words, after others.
  if (argv[0] !== qemuProgram || !argv.includes(controlSocket(places))) return null;
  const [stat, system] = await Promise.all([
    readBounded(`/proc/${pid}/stat`),
    readFile('/proc/stat', 'utf8'),
  ]);
  const [ticks, boot] = [startTicks(stat ?? ''), bootTime(system)];
  const startedAt = ticks === null || boot === null ? null : boot + (ticks / ticksPerSecond) * 1000;
  return { pid, argv, startedAt };
}

/**
 * Our QEMU, if it runs: found by what it was given. A number that was written down may be anybody's after a
 * crash, and in the jail QEMU doesn't know the number it has on this computer.
 */
export async function findRunning(places: Places): Promise<Running | null> {
  for (const name of await readdir('/proc')) {
    const found = /^\d+$/.test(name) ? await lookAt(Number(name), places) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Whether it still runs. */
export async function runsOn({ pid }: Running, places: Places): Promise<boolean> {
  return (await lookAt(pid, places)) !== null;
}
