/**
 * Moves OpenClaw from one engine's home to another's with everything it knows. Old or new, never neither: the
 * former home is stopped, and nothing of it is touched, so whatever goes wrong it serves again. Moving back
 * is the same move the other way round.
 *
 * Every stage is written down before its work begins; what was broken off is taken back by `recover.ts`.
 */
import { archiveNow, verify } from '../backup/back-up.ts';
import type { BackupId, EngineName, ProblemCode } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { fetchVersion, makeHome } from '../openclaw/make.ts';
import { onboardingFor } from '../openclaw/models.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { engineReady } from '../safeguards/engine-ready.ts';
import { withScratch } from '../update/scratch.ts';
import { keep, moveTo } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import type { HomeMove } from './journal.ts';

/** The same doors, with another engine's sandbox behind the one that leads to the home. */
const doorsTo = (doors: Doors, engine: EngineName): Doors => ({ ...doors, sandbox: doors.homes.of(engine) });

/** The whole way. Until the former home is stopped it can be cancelled. */
export async function moveHome(doors: Doors, job: Job, to: EngineName): Promise<void> {
  const { store, clock } = doors;
  const { engine: from } = store.choices();
  const { sandbox: former } = store.receipts();
  if (!doors.homes.engines.includes(to)) throw new ProblemError('home-not-here', {}, []);
  if (to === from) return;
  if (!former) throw new ProblemError('no-home-yet', {}, ['try-again']);
  await prepare(doors, doorsTo(doors, to), job, former.version);
  await closeUpdate(doors, job);
  job.noReturn();
  const begun = { at: clock.now(), from, to, former };
  await store.saveReceipts({ homeMove: { stage: 'packing', ...begun } });
  try {
    const backup = await pack(doors, job, former);
    await store.saveReceipts({ homeMove: { stage: 'settling', ...begun, backup } });
    await settle(doors, job, to, { backup, version: former.version });
    await finish(doors, { stage: 'settling', ...begun, backup });
  } catch (error) {
    doors.log.error(`OpenClaw could not move to ${to}`, error);
    await goBack(doors, job, begun);
    throw inWords(error);
  }
}

/** Everything that can be done, and asked, while the former home serves. */
async function prepare(doors: Doors, there: Doors, job: Job, version: string): Promise<void> {
  job.step('looking');
  if ((await there.sandbox.probe(job.signal)).is !== 'ready') {
    await engineReady.fix?.(there, job);
    if ((await there.sandbox.probe(job.signal)).is !== 'ready')
      throw new ProblemError('engine-not-ready', {}, ['check-now']);
  }
  const { model } = doors.store.choices();
  // A key lies in its home and nowhere else: nobody but the person can bring it along.
  if (onboardingFor(model).keyName !== null && !(await there.sandbox.hasSecret('model-key', job.signal))) {
    const answer = await job.ask({ is: 'model-key', model });
    if (answer.is !== 'model-key') throw new ProblemError('home-move-declined', {}, ['try-again']);
    await there.sandbox.keepSecret('model-key', answer.key, job.signal);
  }
  await fetchVersion(there, job, version);
}

/** Who moves on from a version that is still watched has taken it as it is. */
async function closeUpdate(doors: Doors, job: Job): Promise<void> {
  const { open } = doors.store.updates();
  if (open?.stage === 'watching') await keep(doors, job, open.move);
}

/** Stops the home and packs what it knows, which is read back once before anything is built on it. */
async function pack(doors: Doors, job: Job, former: HomeMove['former']): Promise<BackupId> {
  const { sandbox } = doors;
  job.step('stopping-home');
  await sandbox.setAutostart(false, job.signal);
  await sandbox.stop(job.signal);
  const { image, version } = former;
  return withScratch(doors, async () => {
    const backup = await archiveNow(doors, job, { image, version }, 'moved-home');
    await verify(doors, job, backup);
    return backup;
  });
}

/** A home by the other engine, and what was packed in it. */
async function settle(
  doors: Doors,
  job: Job,
  to: EngineName,
  { backup, version }: { readonly backup: BackupId; readonly version: string },
): Promise<void> {
  const { store } = doors;
  await store.saveChoices({ engine: to });
  await makeHome(doors, job);
  await moveTo(doors, job, { version, load: backup });
}

/** The new one lives; what was proven of the former one says nothing of it. */
export async function finish(
  { store }: Doors,
  move: Extract<HomeMove, { stage: 'settling' }>,
): Promise<void> {
  await store.saveReceipts({ homeMove: { ...move, stage: 'done' }, proof: null });
}

/**
 * The former home serves again, and what was made of the new one goes, where its engine lets it. May be repeated.
 */
export async function goBack(
  doors: Doors,
  job: Job,
  { from, to, former }: Pick<HomeMove, 'from' | 'to' | 'former'>,
): Promise<void> {
  const { store, homes, log } = doors;
  job.step('going-home');
  await store.saveChoices({ engine: from });
  await store.saveReceipts({ sandbox: former });
  // It spoke of the new home.
  await store.saveUpdates({ open: null });
  await homes
    .of(to)
    .destroy({ state: true }, job)
    .catch((error) => log.error('what was made of the new home is still there', error));
  await doors.sandbox.setAutostart(!store.choices().stopped, job.signal);
  await wakeIfWanted(doors, job);
  await store.saveReceipts({ homeMove: null });
}

/** How it is told that OpenClaw did not live in a home. */
const notLivedIn: readonly ProblemCode[] = ['update-put-back', 'backup-not-fit', 'gateway-will-not-start'];

/** What is said of a backup and of an update, said of a move. */
function inWords(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  return notLivedIn.includes(error.problem.code)
    ? new ProblemError('home-move-put-back', {}, ['try-again', 'open-log'])
    : error;
}

/** Takes away the home that was left, with all it knows: the new one knows it too. */
export async function forgetFormerHome(doors: Doors, job: Job): Promise<void> {
  const { store, homes } = doors;
  const { homeMove } = store.receipts();
  if (homeMove?.stage !== 'done') throw new ProblemError('nothing-to-take-back', {}, []);
  job.step('removing-home');
  job.noReturn();
  await homes.of(homeMove.from).destroy({ state: true }, job);
  await store.saveReceipts({ homeMove: null });
}
