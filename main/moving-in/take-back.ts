/** The way back from a moving in, from wherever it has come to. Every part of it may be repeated. */

import { findBackup } from '../backup/back-up.ts';
import { catalogueOf } from '../backup/catalogue.ts';
import type { BackupId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { moveTo, putBack } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import type { Came, HostMove } from './journal.ts';

/**
 * The home is as it was; the old one, which nobody has changed, serves again where something starts
 * it. What was packed of it goes: its folder is where it always was.
 */
export async function abandon(
  doors: Doors,
  job: Job,
  { at, resting, came }: Pick<HostMove, 'at' | 'resting'> & { readonly came: Came | null },
): Promise<void> {
  const { hostOpenClaw, store, backups } = doors;
  job.step('waking-host-openclaw');
  if (came) await restoreChoices(doors, job, came);
  for (const { id, why, at: madeAt } of catalogueOf(await backups.list()))
    if (why === 'moved-in' && madeAt >= at) await backups.drop(id);
  await hostOpenClaw.wake(resting.services, job.signal);
  await store.saveReceipts({ hostMove: null });
}

/** ClawCove's choices from before, and the home as they say. */
async function restoreChoices(doors: Doors, job: Job, { former }: Came): Promise<void> {
  const { store } = doors;
  const { nearbyServices } = store.choices();
  const isAsBefore =
    former.model.provider === 'later' && nearbyServices.join() === former.nearbyServices.join();
  await store.saveChoices(former);
  if (isAsBefore) return;
  await makeHome(doors, job);
  await wakeIfWanted(doors, job);
}

/** The home's own state from before a moving in, as the backup that it has become; null: it is none yet, or gone. */
export async function homeBefore({ store, backups }: Doors, at: number): Promise<BackupId | null> {
  const { open } = store.updates();
  if (open?.stage === 'watching' && open.archived !== null) return open.archived;
  const since = catalogueOf(await backups.list()).filter((each) => each.why === 'restore' && each.at >= at);
  return since.at(-1)?.id ?? null;
}

/** The home's own state takes its place again; what it is now is kept as a backup. */
async function giveHomeBack(doors: Doors, job: Job, came: Came, at: number): Promise<void> {
  const { store, sandbox, log } = doors;
  const { open, last } = store.updates();
  if (open?.stage === 'watching' && open.move.load === came.backup) {
    await store.saveChoices(came.former);
    return putBack(doors, job, open.move, null);
  }
  // The watch has done it, or it was done and broken off behind that.
  if (last?.is === 'put-back' && last.load === came.backup) return restoreChoices(doors, job, came);
  const home = came.home ?? (await homeBefore(doors, at));
  const isBack =
    open?.stage === 'watching' ? open.move.load === home : last?.is === 'kept' && last.load === home;
  if (home !== null && isBack) return restoreChoices(doors, job, came);
  const known = home === null ? null : (await doors.backups.list()).find(({ id }) => id === home);
  if (home === null || !known) {
    log.info('what the home was before is not there any more: it rests');
    // Two with the same chats would get in each other's way.
    await store.saveChoices({ ...came.former, stopped: true });
    await sandbox.stop(job.signal);
    await sandbox.setAutostart(false, job.signal);
    return;
  }
  const { version } = await findBackup(doors, job, home);
  await moveTo(doors, job, { version, load: home, onceRehearsed: () => store.saveChoices(came.former) });
}

/** First the home's own state, then the old one: two with the same chats would get in each other's way. */
export async function returnAll(
  doors: Doors,
  job: Job,
  move: Extract<HostMove, { stage: 'returning' }>,
): Promise<void> {
  const { hostOpenClaw, store } = doors;
  const { came, resting, at } = move;
  await store.saveReceipts({ hostMove: move });
  if (came) await giveHomeBack(doors, job, came, at);
  job.step('waking-host-openclaw');
  await hostOpenClaw.takeBack(resting, job.signal);
  await hostOpenClaw.wake(resting.services, job.signal);
  await store.saveReceipts({ hostMove: null });
}

/** "Put it back as it was": everything that a moving in has changed. */
export async function undoMoveIn(doors: Doors, job: Job): Promise<void> {
  const { hostMove } = doors.store.receipts();
  if (hostMove?.stage !== 'done') throw new ProblemError('nothing-to-take-back', {}, []);
  const { resting, came, at } = hostMove;
  if (!(await doors.hostOpenClaw.canTakeBack(resting, job.signal)))
    throw new ProblemError('host-openclaw-in-the-way', {}, ['try-again']);
  job.noReturn();
  await returnAll(doors, job, { stage: 'returning', at, resting, came });
}
