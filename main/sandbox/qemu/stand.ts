/** How the machine stands, from what was seen of it; pure. */
import type { MachineFault, MachineState } from '../distro/machine.ts';
import type { NoAnswer } from '../ssh/arguments.ts';
import type { DiskHealth } from './disks.ts';

/** QEMU's words for what a machine does. Source: QEMU QMP reference, RunState. */
export type RunState = 'running' | 'io-error' | 'internal-error' | 'guest-panicked' | (string & {});

export interface SeenRunning {
  /** Ms since 1970; null: the kernel didn't say. */
  readonly startedAt: number | null;
  /** Null: QEMU itself gives no answer. */
  readonly runState: RunState | null;
  /** Whether QEMU found its own disk's tables broken, and writes to it no more. */
  readonly isDiskCorrupt: boolean;
  /** Null: the guest answers. */
  readonly noAnswer: NoAnswer | null;
}

const faulty = (why: MachineFault, detail: string): MachineState => ({ is: 'faulty', why, detail });

/**
 * A machine that runs.
 *
 * @param patience how long it may take to begin (ms)
 */
export function standOfRunning(seen: SeenRunning, now: number, patience: number): MachineState {
  const { startedAt, runState, isDiskCorrupt, noAnswer } = seen;
  if (isDiskCorrupt) return faulty('disk-damaged', 'corrupt');
  if (runState === 'io-error') return faulty('host-disk-full', runState);
  if (runState === 'internal-error') return faulty('no-virtualization', runState);
  if (noAnswer === 'host-key-changed' || noAnswer === 'key-refused')
    return faulty('host-key-changed', noAnswer);
  if (runState === null) return faulty('gives-no-answer', 'qemu');
  if (noAnswer === null) return { is: 'running', startedAt };
  if (runState !== 'running') return faulty('gives-no-answer', runState);
  const isBeginning = startedAt !== null && now - startedAt < patience;
  return isBeginning ? { is: 'running', startedAt } : faulty('gives-no-answer', noAnswer);
}

/** A machine at rest. */
export function standAtRest(isBaseWhole: boolean, health: DiskHealth): MachineState {
  if (!isBaseWhole) return faulty('disk-damaged', 'base');
  return health.is === 'whole' ? { is: 'stopped' } : faulty('disk-damaged', health.detail);
}
