/** What is wrong with a machine, in the words of those who know nothing of machines; pure. */
import { ProblemError } from '../../problem.ts';
import type { EngineState, HomeFault } from '../sandbox.ts';
import type { MachineFault, MachineState } from './machine.ts';

type Faulty = Extract<MachineState, { is: 'faulty' }>;

/** The engine as it is with this machine: one that hangs, or can't go on, is the engine's to bring back. */
export function engineWith(engine: EngineState, machine: MachineState): EngineState {
  if (engine.is !== 'ready' || machine.is !== 'faulty') return engine;
  switch (machine.why) {
    case 'gives-no-answer':
      return { is: 'no-answer', detail: machine.detail };
    case 'no-virtualization':
      return { is: 'no-virtualization', why: 'does-not-work' };
    case 'disk-damaged':
    case 'host-disk-full':
    case 'host-key-changed':
      return engine;
  }
}

/** Null: none. */
export const faultOf = (machine: MachineState): HomeFault | null =>
  machine.is === 'faulty' ? { why: machine.why, detail: machine.detail } : null;

/** Whether a machine with this fault may go on inside, where nobody can look. */
export const mayRun = ({ why }: Faulty): boolean => why !== 'disk-damaged';

const problems: Readonly<Record<MachineFault, (detail: string) => ProblemError>> = {
  'disk-damaged': (detail) => new ProblemError('machine-disk-damaged', { detail }, ['check-now', 'open-log']),
  'host-disk-full': () => new ProblemError('no-room-on-disk', {}, ['try-again']),
  'host-key-changed': () => new ProblemError('machine-host-key-changed', {}, ['check-now', 'open-log']),
  'no-virtualization': (detail) =>
    new ProblemError('virtualization-broken', { detail }, ['check-now', 'open-log']),
  'gives-no-answer': () => new ProblemError('machine-hangs', {}, ['check-now', 'open-log']),
};

/** What the person is told who wanted something of the machine meanwhile. */
export const faultProblem = ({ why, detail }: Faulty): ProblemError => problems[why](detail.slice(0, 300));
