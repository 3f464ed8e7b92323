/**
 * Takes the home from one OpenClaw to another, and back if that one doesn't live: old or new,
 * never neither. Code and state move together, because OpenClaw migrates its state at start
 * and old code refuses migrated state.
 *
 * Every stage is written down before its work begins and may be repeated from its beginning:
 * whatever kills ClawCove, `recover.ts` finishes or undoes it.
 */
import { archive, keepAside } from '../backup/archive.ts';
import { verify } from '../backup/back-up.ts';
import type { BackupId, ProblemCode, PutBackCode } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { gatherSpec } from '../openclaw/home.ts';
import { ensureKeys, fetchVersion, makeHomeFrom } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { Cancelled, ProblemError } from '../problem.ts';
import type { FetchedImage, MadeBy } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { Unfit } from './fitness.ts';
import { baseline, passGate } from './gate.ts';
import { type Move, neededVersions } from './journal.ts';
import { mustHaveItsNeeds } from './needs.ts';
import { rehearse } from './rehearse.ts';

/** Where to: a version, with the state as it is or with that of a backup. */
export interface Aim {
  readonly version: string;
  readonly load: Move['load'];
  /** What the home needs before it moves and could not take back; done once the rehearsal went well. */
  readonly onceRehearsed?: () => Promise<void>;
}

const imageOf = ({ image, version }: MadeBy): Pick<FetchedImage, 'reference' | 'version'> => ({
  reference: image,
  version,
});

/** The whole way. Until the home is stopped it can be cancelled, and leaves nothing behind then. */
export async function moveTo(doors: Doors, job: Job, aim: Aim): Promise<void> {
  // Who goes on from a version that is still watched has taken it as it is.
  const { open } = doors.store.updates();
  if (open?.stage === 'watching') await close(doors, job, open.move, aim.load);
  // What an earlier move has set aside must be safe before there may be more of it.
  await keepAside(doors, job, aim.load);
  const move = await prepare(doors, job, aim);
  await swap(doors, job, move);
  await tryOut(doors, job, move, true);
}

/** Fetches and rehearses while the old version serves; ends at the point of no return. */
async function prepare(doors: Doors, job: Job, { version, load, onceRehearsed }: Aim): Promise<Move> {
  const { sandbox, store } = doors;
  const made = store.receipts().sandbox;
  if (!made) throw new ProblemError('old-version-gone');
  try {
    await store.saveUpdates({ open: { stage: 'preparing' } });
    const old = await fetchVersion(doors, job, made.version);
    const image = await fetchVersion(doors, job, version);
    // What the person has to be asked is asked while there is still a way out.
    await ensureKeys(doors, job);
    const from = { image: old.reference, version: old.version };
    const to = { image: image.reference, version: image.version };
    job.step('rehearsing');
    const before = await baseline(doors, job);
    if (load === null) {
      await sandbox.copyState('rehearsal', from, job);
      await mustHaveItsNeeds(doors, job, to);
    } else await sandbox.loadCopy('rehearsal', doors.backups.fileOf(load), to, job);
    await rehearse(doors, job, to, load === null ? before.critical : null);
    job.noReturn();
    await onceRehearsed?.();
    const move = { from, to, load, before };
    await store.saveUpdates({ open: { stage: 'swapping', move } });
    return move;
  } catch (error) {
    await sandbox.endRehearsal(new AbortController().signal);
    const why = error instanceof Unfit && load === null ? error.why : null;
    await store.saveUpdates({
      open: null,
      ...(why && { failed: { version, why, at: doors.clock.now() } }),
    });
    if (error instanceof Unfit)
      throw new ProblemError(unfitProblem(load, error.why), { version }, ['open-log']);
    throw error;
  }
}

function unfitProblem(load: Aim['load'], why: PutBackCode): ProblemCode {
  if (load !== null) return 'backup-not-fit';
  return why === 'needs-other-node' ? 'update-cannot-run' : 'update-not-fit';
}

/** Stops the old version and keeps its state; the new one is in its place, but has never run. */
async function swap(doors: Doors, job: Job, move: Move): Promise<void> {
  const { sandbox, store } = doors;
  try {
    // A restart of the computer must not start the new version before the state is kept.
    await sandbox.setAutostart(false, job.signal);
    job.step('stopping-home');
    const spec = await gatherSpec(doors, imageOf(move.to), job.signal);
    await sandbox.create(spec, job);
    job.step('saving-state');
    await sandbox.copyState('before', move.from, job);
    await store.saveUpdates({ open: { stage: 'trying', move } });
  } catch (error) {
    await undoSwap(doors, job, move);
    throw error;
  }
}

/** The old version takes its place again; nobody has touched its state. */
export async function undoSwap(doors: Doors, job: Job, move: Move): Promise<void> {
  job.step('going-back');
  await reinstate(doors, job, move.from);
  await doors.sandbox.dropCopy('before', job.signal);
  await doors.store.saveUpdates({ open: null });
  await wakeIfWanted(doors, job);
}

/**
 * Starts the new version on the state and lets it prove itself; else the old one comes back.
 *
 * @param isMade whether its home was made just now, while nobody answers; after a kill nobody knows
 *   what stands there, and it is made again
 */
export async function tryOut(doors: Doors, job: Job, move: Move, isMade = false): Promise<void> {
  const { sandbox, store, clock } = doors;
  job.noReturn();
  try {
    await store.saveReceipts({ sandbox: { ...move.to, madeAt: clock.now() } });
    if (move.load !== null) await load(doors, job, move, move.load);
    else if (!isMade) await sandbox.create(await gatherSpec(doors, imageOf(move.to), job.signal), job);
    await passGate(doors, job, move);
    const { stopped } = store.choices();
    await sandbox.setAutostart(!stopped, job.signal);
    await store.saveUpdates({
      open: { stage: 'watching', move, since: clock.now(), revived: false, archived: null },
    });
    if (stopped) await sandbox.stop(job.signal);
  } catch (error) {
    doors.log.error(`${move.to.version} did not live; going back to ${move.from.version}`, error);
    await putBack(doors, job, move, error instanceof Unfit ? error.why : null);
    // A full disk or an engine that fails is not the version's fault, and is the thing to tell.
    if (error instanceof ProblemError || error instanceof Cancelled) throw error;
    throw new ProblemError('update-put-back', { version: move.to.version, old: move.from.version }, [
      'open-log',
    ]);
  }
  // A backup that can't be written just now is no reason to give up a version that works.
  await archiveBefore(doors, job, move).catch((error) =>
    doors.log.error('the state from before is not archived yet', error),
  );
}

/** The state of the backup takes the place of the present one, which is kept. */
async function load(
  doors: Doors,
  job: Job,
  { from, to }: Move,
  id: NonNullable<Move['load']>,
): Promise<void> {
  const { sandbox, backups } = doors;
  job.step('loading-backup');
  await sandbox.stop(job.signal);
  await sandbox.loadCopy('incoming', backups.fileOf(id), to, job);
  await sandbox.exchangeState('incoming', from, job.signal);
  // The same as the copy from before.
  if (await sandbox.findCopy('before', job.signal)) await sandbox.dropCopy('aside', job.signal);
  // The port may be another one than when the backup was made.
  await makeHomeFrom(doors, job, { ...imageOf(to), digest: '', sizeBytes: 0 }, 'mend');
}

/**
 * Puts the old version and its state back together, and keeps what the new one had made of the
 * state as an archive.
 *
 * @param why what the new version did not pass; null when something else was in the way
 */
export async function putBack(doors: Doors, job: Job, move: Move, why: PutBackCode | null): Promise<void> {
  const { sandbox, store, clock, log } = doors;
  job.step('going-back');
  // On a full disk nothing can be written down; going back needs no room, so it goes on.
  await store
    .saveUpdates({ open: { stage: 'going-back', move, why } })
    .catch((error) => log.error('could not write down that an update is put back', error));
  await sandbox.stop(job.signal);
  if (await sandbox.findCopy('before', job.signal))
    await sandbox.exchangeState('before', move.to, job.signal);
  await reinstate(doors, job, move.from);
  const at = clock.now();
  await store.saveUpdates({
    open: null,
    last: { is: 'put-back', from: move.from.version, to: move.to.version, at, load: move.load },
    ...(why && move.load === null && { failed: { version: move.to.version, why, at } }),
  });
  await wakeIfWanted(doors, job);
  await keepAside(doors, job).catch((error) => log.error('what was set aside is not archived yet', error));
  if (why) await dropSpareImages(doors, job);
}

/** The home is made from the old version again, stopped, and the receipts say so. */
async function reinstate(doors: Doors, job: Job, made: MadeBy): Promise<void> {
  const { sandbox, store, clock } = doors;
  await store.saveReceipts({ sandbox: { ...made, madeAt: clock.now() } });
  await sandbox.create(await gatherSpec(doors, imageOf(made), job.signal), job);
  await sandbox.setAutostart(!store.choices().stopped, job.signal);
}

/** The new version has proved itself: what was kept for the way back becomes a backup like others. */
export async function keep(doors: Doors, job: Job, move: Move): Promise<void> {
  const archived = await close(doors, job, move);
  if (archived !== null)
    await verify(doors, job, archived).catch((error) =>
      doors.log.error('the backup from before could not be read back', error),
    );
  // The one before stays: the way back to it is the likeliest.
  await dropSpareImages(doors, job, move.from.version);
}

/** Each version takes a gigabyte and more: without this, updates would fill the disk over the years. */
async function dropSpareImages({ sandbox, store, log }: Doors, job: Job, ...keep: string[]): Promise<void> {
  await sandbox
    .dropSpareImages([...neededVersions(store), ...keep], job.signal)
    .catch((error) => log.error('images that nobody needs still take room', error));
}

/**
 * The way back is given up; what was kept for it stays as a backup, whose name this answers with. Where
 * that can't be written, the way back stays. `coming`: see archive.
 */
async function close(
  doors: Doors,
  job: Job,
  move: Move,
  coming: Aim['load'] = null,
): Promise<BackupId | null> {
  const { sandbox, store } = doors;
  const archived = await archiveBefore(doors, job, move, coming);
  await sandbox.dropCopy('before', job.signal);
  await store.saveUpdates({
    open: null,
    failed: null,
    last: {
      is: 'kept',
      from: move.from.version,
      to: move.to.version,
      at: doors.clock.now(),
      load: move.load,
    },
  });
  return archived;
}

/** Makes what was kept for the way back a backup, once; null: there is nothing of the kind. */
async function archiveBefore(
  doors: Doors,
  job: Job,
  { from, load }: Move,
  coming: Aim['load'] = null,
): Promise<BackupId | null> {
  const { sandbox, store } = doors;
  const { open } = store.updates();
  if (open?.stage === 'watching' && open.archived !== null) return open.archived;
  if (!(await sandbox.findCopy('before', job.signal))) return null;
  const why = load === null ? 'update' : 'restore';
  const archived = await archive(doors, job, 'before', from, why, coming);
  if (open?.stage === 'watching') await store.saveUpdates({ open: { ...open, archived } });
  return archived;
}
