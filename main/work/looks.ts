import type { Row, SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { skillsIn } from '../safeguards/skills-trusted.ts';
import type { State } from '../state.ts';
import { inspect, type Seen } from './inspect.ts';
import { lightOf, withSeen } from './rows.ts';
import { settle, type Troubles } from './settle.ts';
import { showBackups } from './show-backups.ts';
import { showPrivateFiles } from './show-private-files.ts';

/** A trouble younger than this (ms) may be a blip: it is looked at again soon. */
const youngTrouble = 2 * 60_000;

/** The looks: they write what was found into the Snapshot, one look at a time. */
export interface Looks {
  /** Everything, shown as it comes: somebody is waiting for it. Ends early when it is interrupted. */
  now(): Promise<void>;
  /**
   * Everything, quietly: blips are waited out. Resolves to false while a trouble is young, and when
   * it did not come to its end; a look that runs already, or breaks it off, is waited for instead.
   */
  quietly(): Promise<boolean>;
  /** One finding that a job came across. */
  show(id: SafeguardId, seen: Seen): void;
  /** Stops a running look; the next one may start at once. */
  interrupt(): void;
}

export function createLooks(table: readonly Safeguard[], doors: Doors, state: State): Looks {
  let troubles: Troubles = new Map();
  /** The newest look: the only one that may still write. */
  let current: AbortController | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const show = (rows: Row[]) =>
    state.update({ rows, light: lightOf(rows, state.get().work, doors.store.choices().stopped) });

  /** After a look that ended: the version that answered, what was added to it, and when. */
  const finish = async (seen: ReadonlyMap<SafeguardId, Seen>, signal: AbortSignal) => {
    await showBackups(doors, state);
    // Where it could not be looked for private data, nothing new is known of files.
    if (seen.get('private-data')?.blame === null) await showPrivateFiles(doors, state, signal);
    const evidence = seen.get('agent-version')?.finding.evidence ?? [];
    const version = evidence.find(({ code }) => code === 'version-running')?.facts.version;
    state.update({
      looking: false,
      lookedAt: doors.clock.now(),
      openClawVersion: typeof version === 'string' ? version : null,
      skills: skillsIn(seen.get('skills-trusted')?.finding),
    });
  };

  /** Runs one look, once any older one has given up; resolves to false when it was interrupted itself. */
  async function alone(look: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    // An older look would write older findings over newer ones.
    current?.abort();
    const abort = new AbortController();
    const before = last;
    current = abort;
    const ended = (async () => {
      await before;
      if (abort.signal.aborted) return false;
      state.update({ looking: true });
      try {
        await look(abort.signal);
        return true;
      } catch (error) {
        if (abort.signal.aborted) return false;
        throw error;
      } finally {
        if (current === abort) current = null;
        state.update({ looking: false });
      }
    })();
    last = ended.catch(() => {});
    return ended;
  }

  return {
    show: (id, seen) => show(withSeen(state.get().rows, id, seen)),
    interrupt: () => current?.abort(),
    async now() {
      await alone(async (signal) => {
        const seen = await inspect(table, doors, signal, (id, one) => {
          if (!signal.aborted) show(withSeen(state.get().rows, id, one));
        });
        signal.throwIfAborted();
        troubles = settle(table, state.get().rows, seen, new Map(), doors.clock.now()).troubles;
        await finish(seen, signal);
      });
    },
    async quietly() {
      if (current && !current.signal.aborted) {
        await last;
        return false;
      }
      const isDone = await alone(async (signal) => {
        const seen = await inspect(table, doors, signal);
        signal.throwIfAborted();
        const settled = settle(table, state.get().rows, seen, troubles, doors.clock.now());
        troubles = settled.troubles;
        show(settled.rows);
        await finish(seen, signal);
      });
      // What follows from a look must not follow from rows that a newer one is about to replace.
      if (!isDone) await last;
      return isDone && [...troubles.values()].every((since) => doors.clock.now() - since > youngTrouble);
    },
  };
}
