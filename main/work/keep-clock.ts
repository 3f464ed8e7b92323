import type { Doors } from '../doors.ts';

/** Less than this (ms) is the asking's own slowness, or a clock that is just being set right by itself. */
const tolerance = 2_000;
const timeoutMs = 20_000;

/**
 * Gives a home that has a clock of its own this computer's time where it went wrong, as it does whenever the computer has
 * slept. Never rejects: a home that can't be asked has its own row for that.
 */
export async function keepClock({ sandbox, log }: Pick<Doors, 'sandbox' | 'log'>): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const ahead = await sandbox.clockAhead(signal);
    if (ahead === null || Math.abs(ahead) <= tolerance) return;
    log.info(`the home's clock is ${ahead} ms ahead, and is set`);
    await sandbox.setClock(signal);
  } catch (error) {
    log.error('the home’s clock could not be kept', error);
  }
}
