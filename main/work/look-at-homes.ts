import type { HomeOffer } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { choose, type EngineSeen } from '../sandbox/choose.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { adminTaskFor } from './plan.ts';

/** Looks at every engine that this system can have, and says what suits it. An engine that can't be asked is broken. */
export async function lookAtHomes(
  { homes, computer, log }: Doors,
  signal: AbortSignal,
): Promise<HomeOffer[]> {
  const [{ memoryBytes }, freeDiskBytes, seen] = await Promise.all([
    computer.look(signal),
    computer.freeDisk(computer.dataFolder),
    Promise.all(
      homes.engines.map(async (engine): Promise<EngineSeen> => {
        const state = await homes
          .of(engine)
          .probe(signal)
          .catch((error): EngineState => {
            log.error(`could not look at ${engine}`, error);
            return { is: 'broken', detail: '' };
          });
        return { engine, state, needsAdministrator: adminTaskFor(engine, state) !== null };
      }),
    ),
  ]);
  return choose(seen, { memoryBytes, freeDiskBytes });
}
