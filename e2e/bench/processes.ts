/** What processes cost, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/PID/stat; 100 on every Linux that Electron runs on. */
const ticksPerSecond = 100;

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Fields of /proc/PID/stat behind the program's name, which may hold anything. Source: proc(5). */
function stat(pid: number): string[] {
  const text = read(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A process and everything it started. Throws Error where it is gone: nothing of it could be measured. */
export function family(root: number): number[] {
  if (read(root, 'stat') === '') throw new Error(`Process ${root} is gone.`);
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), Number(stat(Number(name))[1]));
  }
  const members = [root];
  for (const member of members) {
    for (const [pid, parent] of parents) if (parent === member) members.push(pid);
  }
  return members;
}

/**
 * Processor seconds that a family used so far, its ended and waited-for children included:
 * what a look starts and ends counts as well.
 */
export function processorSeconds(root: number): number {
  const ticks = family(root).map((pid) => {
    const [user, system, childUser, childSystem] = stat(pid).slice(11, 15).map(Number);
    return (user ?? 0) + (system ?? 0) + (childUser ?? 0) + (childSystem ?? 0);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

/** Memory of a family in bytes, shared pages counted by share (PSS), so that nothing counts twice. */
export function memoryBytes(root: number): number {
  const kilobytes = family(root).map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}
