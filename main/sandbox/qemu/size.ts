/** How large a machine is made on this computer; pure. */
import type { MachineSpec } from '../distro/machine.ts';

const GiB = 1024 ** 3;
/** OpenClaw with a skill or two, and the system around it; below, its start takes minutes. */
const leastMemory = 2 * GiB;
/** More is never used. */
const mostMemory = 4 * GiB;
/** What the person's own programs keep at the least. */
const memoryLeft = 2 * GiB;
/** Two versions of OpenClaw, its state with three copies, the system and its updates. */
const leastDisk = 12 * GiB;
/** Only what is written takes room here. */
const usualDisk = 32 * GiB;
const diskLeft = 5 * GiB;

/** Null: there is no room for one here. Free disk where it will lie; all in bytes. */
export function sizeFor(computer: {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly freeDisk: number;
}): Pick<MachineSpec, 'memoryBytes' | 'cpus' | 'diskBytes'> | null {
  const memory = Math.min(mostMemory, Math.max(leastMemory, computer.memoryBytes / 2));
  const disk = Math.min(usualDisk, computer.freeDisk - diskLeft);
  if (computer.memoryBytes - memory < memoryLeft || disk < leastDisk) return null;
  return {
    // Whole MiB, as QEMU counts, and whole GiB.
    memoryBytes: Math.floor(memory / 1024 ** 2) * 1024 ** 2,
    cpus: Math.max(1, Math.min(4, Math.floor(computer.cpus / 2))),
    diskBytes: Math.floor(disk / GiB) * GiB,
  };
}
