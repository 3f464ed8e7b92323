import type { Machine } from '../distro/machine.ts';
import { silentReport } from '../silent-report.ts';

/** Under a processor of software one start in a dozen ends in the kernel's panic (seen on QEMU 7.2): one more is tried. For tests. */
export async function startPatiently(machine: Machine): Promise<void> {
  await machine.start(silentReport()).catch(() => machine.start(silentReport()));
}
