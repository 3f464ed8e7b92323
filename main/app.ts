import { isDue } from './backup/due.ts';
import type { Computer, Intent, Reply, Snapshot } from './contract.ts';
import type { Doors } from './doors.ts';
import { formerHomeOf } from './moving-home/journal.ts';
import { isHalfDone } from './moving-in/half-done.ts';
import { hostMovedAt } from './moving-in/journal.ts';
import { isNear } from './near.ts';
import { noPrivateFiles } from './private-data/list.ts';
import { safeguards } from './safeguards/index.ts';
import type { Safeguard } from './safeguards/safeguard.ts';
import { createState, type State } from './state.ts';
import { arrivalIn } from './update/arrival.ts';
import { createFollow } from './update/follow.ts';
import { createActor } from './work/act.ts';
import { createAppSchedule } from './work/app-schedule.ts';
import { createJobs, type Ending } from './work/job.ts';
import { keepClock } from './work/keep-clock.ts';
import { lookAtHomes } from './work/look-at-homes.ts';
import { createLooks } from './work/looks.ts';
import { plan } from './work/plan.ts';
import { isEngineStuck, noRevival, revive } from './work/revive.ts';
import { blankRows, lightOf } from './work/rows.ts';
import { createSchedule } from './work/schedule.ts';
import { startWatch, type Watch } from './work/watch.ts';

/** ClawCove without its faces: the window, the tray and the command line all stand on this. */
export interface App {
  readonly state: State;
  /** Takes an intent; resolves when it was accepted or refused, not when its work is done. */
  act(intent: Intent): Promise<Reply>;
  /** Resolves when no work runs any more, with how the last one ended (null: none was started). */
  settled(): Promise<Ending | null>;
  /** Looks once at everything and resolves when done. */
  look(): Promise<void>;
  /** Goes on with an unfinished setup and watches from now on. */
  start(): Promise<void>;
  /** Looks soon: the computer woke up, or its network changed. */
  nudge(): void;
  /** Stops watching; running work is cancelled where that is safe, and waited for. */
  close(): Promise<void>;
}

/** What failed may leave something that falls over only a while later (ms). */
const aftermath = 2 * 60_000;
/** How long gathering for the first pages of the wizard may take (ms). */
const gatherTimeout = 30_000;

function firstSnapshot(doors: Doors, version: string, table: readonly Safeguard[]): Snapshot {
  return {
    appVersion: version,
    choices: doors.store.choices(),
    computer: null,
    plan: null,
    rows: blankRows(table),
    light: 'unknown',
    lookedAt: null,
    looking: false,
    work: { is: 'idle' },
    log: [],
    openClawVersion: null,
    removal: null,
    versionNews: arrivalIn(doors.store.updates(), doors.clock.now()) ?? { is: 'none' },
    backups: [],
    privateFiles: noPrivateFiles,
    skills: [],
    homes: [],
    formerHome: formerHomeOf(doors.store.receipts()),
    hostMovedAt: hostMovedAt(doors.store.receipts()),
    proof: doors.store.receipts().proof,
  };
}

/** Builds the app from its doors. */
export function createApp(doors: Doors, version: string, table: readonly Safeguard[] = safeguards): App {
  const state = createState(firstSnapshot(doors, version, table), (error) =>
    doors.log.error('a view could not show what changed', error),
  );
  const jobs = createJobs(state, doors.clock, (message, error) =>
    error === undefined ? doors.log.info(message) : doors.log.error(message, error),
  );
  const looks = createLooks(table, doors, state);
  const actor = createActor(table, doors, state, jobs, looks);
  const schedule = createSchedule(doors, state, actor);
  let watch: Watch | null = null;
  const appSchedule = createAppSchedule(doors, state, () => watch?.nudge());
  let revival = noRevival;
  let failedAt: number | null = null;
  const follow = createFollow(doors);
  let backedUpAt: number | null = null;

  // The light follows the work as well as the findings.
  state.subscribe(({ rows, work, choices, light }) => {
    const next = lightOf(rows, work, choices.stopped);
    if (next !== light) state.update({ light: next });
  });

  // What there is to say of versions follows what is chosen, what work did and what looks found.
  let shown = state.get();
  state.subscribe((next) => {
    const before = shown;
    shown = next;
    const { choices, work, lookedAt } = next;
    if (!choices.movedIn) return;
    // Another channel has to be asked for.
    if (choices.channel !== before.choices.channel) watch?.nudge();
    if (work.is === 'failed' && before.work.is !== 'failed') {
      failedAt = doors.clock.now();
      watch?.nudge();
    }
    if (choices !== before.choices || work.is !== before.work.is || lookedAt !== before.lookedAt)
      schedule.show();
  });

  // A new version that is watched is looked at often, from its first minute on.
  let watched: number | null = null;
  state.subscribe(({ versionNews: news }) => {
    const until = news.is === 'watched' ? news.until : null;
    if (until === watched) return;
    watched = until;
    watch?.nudge();
  });

  const gather = async () => {
    const signal = AbortSignal.timeout(gatherTimeout);
    const computer: Computer = await doors.computer.look(signal);
    state.update({ computer });
    state.update({ plan: await plan(doors, signal) });
    state.update({ homes: await lookAtHomes(doors, signal) });
  };

  /** After a restart of the computer the home may be at rest: not every system starts it by itself. */
  const isAtRest = async (): Promise<boolean> => {
    try {
      const there = await doors.sandbox.inspect(AbortSignal.timeout(gatherTimeout));
      return there.is === 'present' && there.state === 'stopped';
    } catch (error) {
      doors.log.error('could not look whether the home is at rest', error);
      return false;
    }
  };

  /**
   * The first look is shown as it comes, and soon made again where it could not tell: a computer that is just
   * starting may be too busy to be looked at. Later ones wait blips out.
   */
  const lookOnce = async (): Promise<boolean> => {
    if (state.get().lookedAt !== null) return looks.quietly();
    await looks.now();
    return state.get().light !== 'unknown';
  };

  /** The daily backup, while OpenClaw is well: whatever else is wrong, it is needed no less. */
  const backUpIfDue = (): boolean => {
    const { rows, backups, choices } = state.get();
    const isWell = rows.find(({ id }) => id === 'gateway-running')?.finding?.is === 'ok';
    const madeAt = doors.store.receipts().sandbox?.madeAt ?? null;
    const now = doors.clock.now();
    if (!choices.movedIn || !isWell || !isDue(backups, madeAt, backedUpAt, now)) return false;
    backedUpAt = now;
    actor.backUp();
    return true;
  };

  /** While work runs, it looks for itself. */
  const watchOnce = async (): Promise<boolean> => {
    if (jobs.busy) return false;
    appSchedule.think();
    const { movedIn, stopped } = state.get().choices;
    if (movedIn && !stopped) await keepClock(doors);
    if (jobs.busy) return false;
    const isCalm = await lookOnce();
    if (jobs.busy) return false;
    // With an engine that is stuck nothing else can be done.
    if (!isEngineStuck(state.get().rows)) {
      const move = await follow();
      if (jobs.busy) return false;
      if (move === 'due') actor.recover();
      // What can't be told keeps nobody from bringing OpenClaw back.
      if (move === 'due' || move === 'watched') return false;
      if (move === 'none' && backUpIfDue()) return false;
    }
    const { revival: after, next } = revive(revival, state.get());
    revival = after;
    if (next === 'nothing') {
      const isSettled = failedAt === null || !isNear(failedAt, doors.clock.now(), aftermath);
      return !(await schedule.tick()) && isCalm && isSettled;
    }
    if (next === 'wait') return false;
    doors.log.info(`OpenClaw stopped by itself: starting it again, try ${after.tries.length}`);
    await actor.act({ do: 'start' });
    return false;
  };

  return {
    state,
    act: actor.act,
    settled: actor.settled,
    look: looks.now,
    nudge: () => watch?.nudge(),
    async start() {
      const { agreed, movedIn, stopped } = doors.store.choices();
      const failed = (error: unknown) => doors.log.error('background look failed', error);
      if (agreed && !movedIn) await actor.act({ do: 'set-up', consent: [] });
      else if (!movedIn) await gather().catch(failed);
      else if (isHalfDone(doors.store)) actor.recover();
      else if (!stopped && (await isAtRest())) await actor.act({ do: 'start' });
      watch = startWatch(doors.clock, watchOnce, failed);
    },
    async close() {
      watch?.close();
      schedule.close();
      appSchedule.close();
      looks.interrupt();
      jobs.cancel();
      await jobs.idle();
      await doors.privateData.close();
      await doors.appUpdates.close();
    },
  };
}
