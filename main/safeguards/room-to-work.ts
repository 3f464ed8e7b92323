import type { Evidence, Finding } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { mendMachine } from '../openclaw/mend-machine.ts';
import { ProblemError } from '../problem.ts';
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

/** A clock of the home's own that is further off than this (ms) is set soon, see work/keep-clock.ts; one that stays so is a fault. */
const mostOff = 60_000;

/** What is known of a home's own machine; of a home that shares this computer's there is nothing to know. */
export interface OwnMachine {
  /** Whether it is held still until this computer's disk has room for what it was about to write. */
  readonly isHeldStill: boolean;
  /** By how much its clock is ahead (ms); null: it has none of its own, or can't be asked. */
  readonly clockAhead: number | null;
}

/** What was measured, in bytes and ms since 1970. */
export interface Room {
  readonly freeDisk: number;
  readonly memory: number;
  readonly now: number;
  readonly isMovedIn: boolean;
  readonly own: OwnMachine;
}

/** Whether that is room enough; pure. */
export function judgeRoom({ freeDisk, memory, now, isMovedIn, own }: Room, evidence: Evidence[]): Finding {
  const needed = isMovedIn ? diskToRun : diskToSetUp;
  if (freeDisk < needed)
    return broken('attention', 'disk-short', evidence, { freeBytes: freeDisk, neededBytes: needed });
  if (own.isHeldStill) return broken('attention', 'home-held-still', evidence);
  if (memory < memoryNeeded)
    return broken('attention', 'memory-short', evidence, { bytes: memory, neededBytes: memoryNeeded });
  if (now < earliestHonestTime) return broken('attention', 'clock-wrong', evidence, { time: now });
  if (own.clockAhead !== null && Math.abs(own.clockAhead) > mostOff)
    return broken('attention', 'home-clock-off', evidence, { off: Math.abs(own.clockAhead) / 1000 });
  return ok(evidence);
}

const nothing: OwnMachine = { isHeldStill: false, clockAhead: null };

/** What an engine that can't be asked keeps to itself is its own row's to say, and no reason not to measure the rest. */
async function lookAtOwnMachine({ sandbox }: Doors, signal: AbortSignal): Promise<OwnMachine> {
  try {
    const there = await sandbox.inspect(signal);
    const isHeldStill = there.is === 'present' && there.fault?.why === 'host-disk-full';
    return { isHeldStill, clockAhead: await sandbox.clockAhead(signal) };
  } catch (error) {
    if (error instanceof ProblemError) return nothing;
    throw error;
  }
}

/** There is disk, memory and an honest clock to work with. */
export const roomToWork: Safeguard = {
  id: 'room-to-work',
  guide: [],
  needs: [],
  patience: 60_000,
  async check(doors, signal) {
    const { computer, clock, store } = doors;
    const isMovedIn = store.receipts().sandbox !== null;
    const [freeDisk, { memoryBytes: memory }, own] = await Promise.all([
      computer.freeDisk(computer.dataFolder),
      computer.look(signal),
      isMovedIn ? lookAtOwnMachine(doors, signal) : nothing,
    ]);
    const now = clock.now();
    return judgeRoom({ freeDisk, memory, now, isMovedIn, own }, [
      saw(now, 'free-disk', { bytes: freeDisk }),
      saw(now, 'memory', { bytes: memory }),
      ...(own.isHeldStill ? [saw(now, 'home-held-still')] : []),
      ...(own.clockAhead === null
        ? []
        : [saw(now, 'home-clock', { off: Math.round(Math.abs(own.clockAhead) / 1000) })]),
    ]);
  },
  async fix(doors, job) {
    const { sandbox, store } = doors;
    job.step('freeing-space');
    // Without an engine there are no images that could be spared.
    if ((await sandbox.probe(job.signal)).is !== 'ready') return;
    await sandbox.dropSpareImages(neededVersions(store), job.signal);
    const { isHeldStill } = await lookAtOwnMachine(doors, job.signal);
    if (isHeldStill) await mendMachine(doors, job);
    job.step('setting-clock');
    await sandbox.setClock(job.signal);
  },
};
