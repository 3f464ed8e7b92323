/** How long threads have worked. What other programs take of the processor is no fault of the file that is read. */
import { readFileSync, readlinkSync } from 'node:fs';

/** As Linux counts for programs, whatever its own ticks are. Source: USER_HZ in time(7). */
const msPerTick = 10;

/** The calling thread, as the whole process knows it. */
export const thisThread = (): string => readlinkSync('/proc/thread-self').split('/').at(-1) ?? '';

/** How long a thread of this process has worked (ms); it is gone: null. Source: proc_pid_stat(5). */
export function cpuTimeOf(thread: string): number | null {
  try {
    const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // Its name may hold anything, blanks and brackets too; state is the first word behind.
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(words[11]) + Number(words[12])) * msPerTick;
  } catch {
    return null;
  }
}
