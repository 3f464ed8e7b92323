import type { Row, SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { State } from '../state.ts';
import { inspect, type Seen } from './inspect.ts';
import { lightOf, withSeen } from './rows.ts';
import { settle, type Troubles } from './settle.ts';

/** A trouble younger than this (ms) may be a blip: it is looked at again soon. */
const youngTrouble = 2 * 60_000;

/** The looks: they write what was found into the Snapshot, one look at a time. */
export interface Looks {
  /** Everything, shown as it comes: somebody is waiting for it. */
  now(): Promise<void>;
  /** Everything, quietly: blips are waited out. Resolves to false while a trouble is young. */
  quietly(): Promise<boolean>;
  /** One finding that a job came across. */
  show(id: SafeguardId, seen: Seen): void;
  /** Stops a running look; the next one may start at once. */
  interrupt(): void;
}

export function createLooks(table: readonly Safeguard[], doors: Doors, state: State): Looks {
  let troubles: Troubles = new Map();
  let current: { abort: AbortController; ended: Promise<unknown> } | null = null;

  const show = (rows: Row[]) =>
    state.update({ rows, light: lightOf(rows, state.get().work, doors.store.choices().stopped) });

  /** After a look that ended: the version that answered, and when. */
  const finish = (seen: ReadonlyMap<SafeguardId, Seen>) => {
    const evidence = seen.get('agent-version')?.finding.evidence ?? [];
    const version = evidence.find(({ code }) => code === 'version-running')?.facts.version;
    state.update({
      looking: false,
      lookedAt: doors.clock.now(),
      openClawVersion: typeof version === 'string' ? version : null,
    });
  };

  async function alone<T>(look: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // An older look would write older findings over newer ones.
    current?.abort.abort();
    await current?.ended.catch(() => {});
    const abort = new AbortController();
    state.update({ looking: true });
    const ended = look(abort.signal).finally(() => {
      current = null;
      state.update({ looking: false });
    });
    current = { abort, ended };
    return ended;
  }

  return {
    show: (id, seen) => show(withSeen(state.get().rows, id, seen)),
    interrupt: () => current?.abort.abort(),
    now: () =>
      alone(async (signal) => {
        const seen = await inspect(table, doors, signal, (id, one) => {
          if (!signal.aborted) show(withSeen(state.get().rows, id, one));
        });
        troubles = settle(table, state.get().rows, seen, new Map(), doors.clock.now()).troubles;
        finish(seen);
      }),
    quietly: () =>
      alone(async (signal) => {
        const seen = await inspect(table, doors, signal);
        const settled = settle(table, state.get().rows, seen, troubles, doors.clock.now());
        troubles = settled.troubles;
        show(settled.rows);
        finish(seen);
        return [...troubles.values()].every((since) => doors.clock.now() - since > youngTrouble);
      }),
  };
}
