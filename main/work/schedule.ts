/** The schedule at work: gathers what {@link decide} wants to know, and does what it says. */

import type { Doors } from '../doors.ts';
import { isNear } from '../near.ts';
import { type AgentWork, askAgentWork } from '../openclaw/agent-work.ts';
import { lookForRelease } from '../openclaw/look-for-release.ts';
import { readNotes } from '../openclaw/release-notes.ts';
import type { State } from '../state.ts';
import { type Arrival, arrivalIn, type Notes } from '../update/arrival.ts';
import type { Actor } from './act.ts';
import { versionNews } from './version-news.ts';
import {
  type Decision,
  decide,
  newerVersion,
  nothingInTheWay,
  type Surroundings,
  type UpdateFacts,
} from './when-to-update.ts';

/** How long the image source, or anything else outside, may take (ms). */
const askTimeout = 60_000;
/** The surroundings are looked at this often (ms) at most: asking OpenClaw starts a program of its own. */
const gatherEvery = 5 * 60_000;
/** An update that the person cancelled comes back after this long (ms), at their hour. */
const afterCancel = 24 * 3_600_000;

/** Keeps OpenClaw up to date; thinks only when it is told to. */
export interface Schedule {
  /** Thinks once and acts; resolves to whether something moved that is worth looking at soon. */
  tick(): Promise<boolean>;
  /** Says anew how things stand, with what is known. */
  show(): void;
  close(): void;
}

/** What is remembered between two thoughts. */
interface Memory {
  readonly askedInVainAt: number | null;
  readonly published: { readonly version: string; readonly at: number | null } | null;
  readonly inVain: { readonly version: string; readonly at: readonly number[] } | null;
  readonly surroundings: { readonly seen: Surroundings; readonly at: number } | null;
  /** What the makers of the version say that has come. */
  readonly notes: Notes | null;
}

const nothingYet: Memory = {
  askedInVainAt: null,
  published: null,
  inVain: null,
  surroundings: null,
  notes: null,
};

export function createSchedule(doors: Doors, state: State, actor: Actor): Schedule {
  const { clock, store, releases, computer, sandbox, log } = doors;
  const closing = new AbortController();
  let memory = nothingYet;

  const remember = (change: Partial<Memory>) => {
    memory = { ...memory, ...change };
  };
  const soon = () => AbortSignal.any([closing.signal, AbortSignal.timeout(askTimeout)]);

  function factsWith(surroundings: Surroundings): UpdateFacts {
    const { lastLook: look } = store.receipts();
    const running = state.get().openClawVersion;
    const of = <T extends { readonly version: string }>(known: T | null): T | null =>
      known !== null && known.version === look?.newest ? known : null;
    return {
      running,
      look,
      askedInVainAt: memory.askedInVainAt,
      publishedAt: of(memory.published)?.at ?? null,
      failed: store.updates().failed,
      inVain: of(memory.inVain)?.at ?? [],
      surroundings,
    };
  }
  const think = (surroundings: Surroundings): Decision =>
    decide(clock.now(), clock.zone(), store.choices(), factsWith(surroundings));

  async function look(): Promise<void> {
    try {
      await lookForRelease(doors, soon());
      remember({ askedInVainAt: null });
    } catch (error) {
      closing.signal.throwIfAborted();
      remember({ askedInVainAt: clock.now() });
      log.error('could not look for a newer OpenClaw', error);
    }
  }

  /** When the newer version came out: asked only where there is one. */
  async function learnDate(): Promise<void> {
    const version = newerVersion(store.choices().channel, factsWith(nothingInTheWay));
    if (version !== null)
      remember({ published: { version, at: await releases.publishedAt(version, soon()) } });
  }

  /** "Can't tell" is an answer here: what can't be looked at keeps nobody from updating for ever. */
  async function orElse<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      closing.signal.throwIfAborted();
      log.error('could not look at what an update depends on', error);
      return otherwise;
    }
  }

  /** The surroundings, as far as they still matter: the dear question comes last. */
  async function gather(): Promise<Surroundings> {
    const now = clock.now();
    const last = memory.surroundings;
    if (last && isNear(last.at, now, gatherEvery)) return last.seen;
    const [power, isMetered] = await Promise.all([
      orElse<Surroundings['power']>({ is: 'unknown' }, () => computer.power()),
      orElse(null, () => computer.isMetered(soon())),
    ]);
    let seen: Surroundings = { ...nothingInTheWay, power, isMetered };
    if (think(seen).is === 'update') {
      const agent = await orElse<AgentWork>('unknown', () => askAgentWork(sandbox, soon()));
      const since = Math.min(last?.seen.waitingSince ?? now, now);
      seen = { ...seen, agent, waitingSince: agent === 'idle' ? null : since };
    }
    remember({ surroundings: { seen, at: now } });
    return seen;
  }

  async function begin(version: string): Promise<void> {
    log.info(`bringing OpenClaw to ${version} by itself`);
    remember({ surroundings: null });
    const reply = await actor.act({ do: 'update-now' });
    if (!reply.ok) return;
    void actor.settled().then(async (ending) => {
      if (ending?.is === 'done') return;
      // The update asks for itself what is newest: a newer one may have come out meanwhile.
      const tried = store.receipts().lastLook?.newest ?? version;
      const before = memory.inVain?.version === tried ? memory.inVain.at : [];
      remember({ inVain: { version: tried, at: [...before, clock.now()] } });
      if (ending?.is === 'cancelled' && !closing.signal.aborted) await postpone();
    });
  }

  /** Who cancels what began by itself doesn't want it now; it must not be back in a quarter of an hour. */
  async function postpone(): Promise<void> {
    try {
      await store.saveChoices({ postponedUntil: clock.now() + afterCancel });
      state.update({ choices: store.choices() });
    } catch (error) {
      log.error('could not postpone the update', error);
    }
  }

  const arrival = (): Arrival | null => arrivalIn(store.updates(), clock.now(), memory.notes);

  /** What its makers say of a version that has come: asked once, and only itself. */
  async function learnNotes(): Promise<void> {
    const come = arrival();
    if (come?.is !== 'updated' || come.version === memory.notes?.version) return;
    const { version } = come;
    if (version !== state.get().openClawVersion) return;
    const untrusted = await orElse<string[]>([], () => readNotes(sandbox, version, soon()));
    remember({ notes: { version, untrusted } });
  }

  function show(decision: Decision): void {
    const facts = factsWith(nothingInTheWay);
    const news = versionNews(clock.now(), store.choices(), facts, decision, arrival());
    // A Snapshot is pushed whole: only when it says something new.
    if (JSON.stringify(news) !== JSON.stringify(state.get().versionNews)) state.update({ versionNews: news });
  }

  async function thinkAndAct(): Promise<boolean> {
    const { work } = state.get();
    if (!store.choices().movedIn || work.is === 'running' || work.is === 'asking') return false;
    let hasMoved = false;
    if (think(nothingInTheWay).is === 'look') {
      await look();
      hasMoved = memory.askedInVainAt === null;
    }
    await learnDate();
    await learnNotes();
    let decision = think(nothingInTheWay);
    if (decision.is === 'update') decision = think(await gather());
    else remember({ surroundings: null });
    show(decision);
    if (decision.is !== 'update') return hasMoved;
    await begin(decision.version);
    return true;
  }

  return {
    async tick() {
      try {
        return await thinkAndAct();
      } catch (error) {
        if (closing.signal.aborted) return false;
        throw error;
      }
    },
    show: () => show(think(memory.surroundings?.seen ?? nothingInTheWay)),
    close: () => closing.abort(),
  };
}
