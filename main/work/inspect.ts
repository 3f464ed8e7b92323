import type { Finding, SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { isSettled } from '../readings.ts';
import { type Safeguard, unknown } from '../safeguards/safeguard.ts';
import { whyNotLooked } from './could-not-look.ts';
import { forOneLook } from './one-look.ts';

/** A check that has not answered after this long (ms) could not look. */
const checkTimeout = 20_000;

/** A finding, and the safeguard to blame when this one could not be looked at because of it. */
export interface Seen {
  readonly finding: Finding;
  readonly blame: SafeguardId | null;
}

/** The first of `needs` that is known not to hold: the cause to show instead of its consequence. */
export function causeOf(
  needs: readonly SafeguardId[],
  seen: ReadonlyMap<SafeguardId, Seen>,
): SafeguardId | null {
  for (const need of needs) {
    const other = seen.get(need);
    if (other && !isSettled(other.finding)) return other.blame ?? need;
  }
  return null;
}

/** Rejects as soon as the signal fires. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** One check: a thrown error and a time-out are "could not look", never ok and never broken. */
export async function checkOne(safeguard: Safeguard, doors: Doors, signal: AbortSignal): Promise<Finding> {
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(checkTimeout);
  const either = AbortSignal.any([signal, limit]);
  try {
    // Not every door can be interrupted (a keyring that asks, a network drive that is gone).
    return await Promise.race([safeguard.check(doors, either), aborted(either)]);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return unknown('took-too-long');
    doors.log.error(`could not look at ${safeguard.id}`, error);
    const { why, facts } = whyNotLooked(error);
    return unknown(why, [], facts);
  }
}

/**
 * Looks at the whole table once. What doesn't depend on each other is looked at
 * side by side; what depends on something that isn't ok is not looked at.
 *
 * @param onSeen called for each safeguard as soon as it is known
 */
export async function inspect(
  table: readonly Safeguard[],
  doors: Doors,
  signal: AbortSignal,
  onSeen: (id: SafeguardId, seen: Seen) => void = () => {},
): Promise<Map<SafeguardId, Seen>> {
  const look = forOneLook(doors);
  const seen = new Map<SafeguardId, Seen>();
  const running = new Map<SafeguardId, Promise<void>>();
  for (const safeguard of table) {
    running.set(
      safeguard.id,
      (async () => {
        await Promise.all(safeguard.needs.map((need) => running.get(need)));
        const blame = causeOf(safeguard.needs, seen);
        const finding = blame
          ? unknown('waiting', [], { cause: blame })
          : await checkOne(safeguard, look, signal);
        seen.set(safeguard.id, { finding, blame });
        onSeen(safeguard.id, { finding, blame });
      })(),
    );
  }
  await Promise.all(running.values());
  return seen;
}
