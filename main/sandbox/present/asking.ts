/** Asks engines, each at the first of its places where there is a program. */
import type { Outcome, Run } from '../../doors.ts';

/** A virtual machine that sleeps lets its engine wait (ms). */
const timeoutMs = 20_000;

export interface Asking {
  /** Asks the engine with arguments; `not-found` where it is at none of its places. */
  ask(...args: readonly string[]): Promise<Outcome>;
}

/**
 * @param places names or paths of the same program, the likeliest first. Programs that were started from the
 *   desktop often don't have the folders in their PATH where people install these.
 */
export function askAt(places: readonly string[], run: Run, signal: AbortSignal): Asking {
  let found: string | undefined;
  return {
    async ask(...args) {
      for (const file of found === undefined ? places : [found]) {
        const outcome = await run({ file, args, timeoutMs, signal });
        if (outcome.is === 'not-found') continue;
        found = file;
        return outcome;
      }
      return { is: 'not-found' };
    },
  };
}
