/** Starts the machine for whoever needs the system inside. */
import type { HostComputer } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';
import { faultProblem } from './faults.ts';
import type { Machine } from './machine.ts';

export interface Waker {
  isUp(signal: AbortSignal): Promise<boolean>;
  /**
   * Starts the machine unless it runs.
   *
   * @param port that it will want of this computer; null: nobody knows
   * @throws ProblemError `home-not-there`, `home-not-ours`, `port-taken`, one about a fault of it, or what its start throws
   */
  wake(report: Report, port: number | null): Promise<void>;
}

export function createWaker(
  machine: Machine,
  computer: Pick<HostComputer, 'portHolder' | 'isPortFree'>,
): Waker {
  return {
    isUp: async (signal) => (await machine.state(signal)).is === 'running',
    async wake(report, port) {
      const state = await machine.state(report.signal);
      switch (state.is) {
        case 'running':
          return;
        case 'missing':
          throw new ProblemError('home-not-there', {}, ['check-now']);
        case 'foreign':
          throw new ProblemError('home-not-ours', { name: state.name }, ['check-now']);
        case 'faulty':
          throw faultProblem(state);
      }
      // Whoever has the port now would only make the machine's own start fail, without a word about who it is.
      if (port !== null && !(await computer.isPortFree(port))) {
        const holder = await computer.portHolder(port, report.signal);
        throw new ProblemError('port-taken', { port, program: holder?.program ?? '?' }, ['try-again']);
      }
      await machine.start(report);
    },
  };
}
