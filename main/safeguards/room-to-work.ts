import type { Evidence, Finding } from '../contract.ts';
import { neededVersions } from '../update/journal.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

const GiB = 1024 ** 3;
/** An image of about 1 GiB, unpacked and once more while it is replaced, and room for the state. */
const diskToSetUp = 6 * GiB;
/** Below this OpenClaw's database soon refuses to write, while it still calls itself healthy. */
const diskToRun = 1 * GiB;
/** OpenClaw crash-loops with 1 GiB; the rest of the computer needs some, too. */
const memoryNeeded = 3 * GiB;
/** No computer that can run this app has an honest clock before this. */
const earliestHonestTime = Date.UTC(2026, 0, 1);

/** What was measured, in bytes and ms since 1970. */
export interface Room {
  readonly freeDisk: number;
  readonly memory: number;
  readonly now: number;
  readonly isMovedIn: boolean;
}

/** Whether that is room enough; pure. */
export function judgeRoom({ freeDisk, memory, now, isMovedIn }: Room, evidence: Evidence[]): Finding {
  const needed = isMovedIn ? diskToRun : diskToSetUp;
  if (freeDisk < needed)
    return broken('attention', 'disk-short', evidence, { freeBytes: freeDisk, neededBytes: needed });
  if (memory < memoryNeeded)
    return broken('attention', 'memory-short', evidence, { bytes: memory, neededBytes: memoryNeeded });
  if (now < earliestHonestTime) return broken('attention', 'clock-wrong', evidence, { time: now });
  return ok(evidence);
}

/** There is disk, memory and an honest clock to work with. */
export const roomToWork: Safeguard = {
  id: 'room-to-work',
  guide: [],
  needs: [],
  patience: 60_000,
  async check({ computer, clock, store }, signal) {
    const [freeDisk, { memoryBytes: memory }] = await Promise.all([
      computer.freeDisk(computer.dataFolder),
      computer.look(signal),
    ]);
    const now = clock.now();
    const isMovedIn = store.receipts().sandbox !== null;
    return judgeRoom({ freeDisk, memory, now, isMovedIn }, [
      saw(now, 'free-disk', { bytes: freeDisk }),
      saw(now, 'memory', { bytes: memory }),
    ]);
  },
  async fix({ sandbox, store }, job) {
    job.step('freeing-space');
    // Without an engine there are no images that could be spared.
    if ((await sandbox.probe(job.signal)).is !== 'ready') return;
    await sandbox.dropSpareImages(neededVersions(store), job.signal);
  },
};
