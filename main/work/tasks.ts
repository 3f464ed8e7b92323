/** The jobs themselves: each is the same table of safeguards, walked in one way or another. */
import { lookForApp } from '../app-update/look.ts';
import type { Choices, Finding, ModelChoice, ReasonCode, SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { formerHomeOf } from '../moving-home/journal.ts';
import { knock, signInUrl } from '../openclaw/gateway.ts';
import { askForKey, chooseModel, makeHome } from '../openclaw/make.ts';
import { renewToken, tokenForWork } from '../openclaw/token.ts';
import { wakeGateway, wakeIfWanted } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { isMadeInSetUp, isOfHome, isSettled } from '../readings.ts';
import { unstick } from '../safeguards/engine-ready.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { askAdministrator } from './ask-administrator.ts';
import { checkOne, type Seen } from './inspect.ts';
import type { Job } from './job.ts';

/** Told of every finding as it comes, so that the views turn green one by one. */
type Show = (id: SafeguardId, seen: Seen) => void;

/** What could not be looked at for a reason that no repair changes. */
const noRepairHelps: readonly ReasonCode[] = [
  'stopped-on-purpose',
  'newest-unknown',
  'search-not-whole',
  'shared-folder-shut',
  'workspace-shut',
  'host-unreadable',
  'host-protected',
  'host-unanswered',
  'own-system-resting',
];

/** Whether there is nothing to repair although it could not be looked at. */
function isBeyondRepair(safeguard: Safeguard, before: Finding, stopped: boolean): boolean {
  if (before.is !== 'unknown') return false;
  return noRepairHelps.includes(before.why) || (stopped && safeguard.needs.includes('gateway-running'));
}

async function lookAt(safeguard: Safeguard, doors: Doors, job: Job, show: Show): Promise<Finding> {
  job.step('looking');
  const finding = await checkOne(safeguard, doors, job.signal);
  show(safeguard.id, { finding, blame: null });
  return finding;
}

/** Makes one safeguard so, and looks again. Findings that were fine stay untouched. */
async function makeSo(safeguard: Safeguard, doors: Doors, job: Job, show: Show): Promise<void> {
  job.about(safeguard.id);
  const before = await lookAt(safeguard, doors, job, show);
  if (isSettled(before) || isBeyondRepair(safeguard, before, doors.store.choices().stopped)) return;
  if (!safeguard.fix)
    throw new ProblemError(safeguard.id === 'not-administrator' ? 'is-administrator' : 'still-broken', {}, [
      'check-now',
    ]);
  await safeguard.fix(doors, job);
  const after = await lookAt(safeguard, doors, job, show);
  // "Could not look" after a repair (e.g. nobody can be asked for the newest version) is no failure of it.
  if (after.is === 'broken') {
    job.log(`${safeguard.id} is still broken: ${JSON.stringify(after)}`);
    throw new ProblemError('still-broken', {}, ['try-again', 'open-log']);
  }
}

/** The table with what only the person can put right, and nothing else waits for, at its end. */
function byHandLast(table: readonly Safeguard[]): readonly Safeguard[] {
  const needed = new Set(table.flatMap(({ needs }) => needs));
  const isByHand = ({ fix, id }: Safeguard) => !fix && !needed.has(id);
  return [...table.filter((each) => !isByHand(each)), ...table.filter(isByHand)];
}

/** "Fix everything": walks the table from top to bottom. */
export async function makeAllSo(
  table: readonly Safeguard[],
  doors: Doors,
  job: Job,
  show: Show,
): Promise<void> {
  for (const safeguard of byHandLast(table)) await makeSo(safeguard, doors, job, show);
}

/** Asks what is the newest ClawCove, where that is ours to ask; nobody being there to ask is no failure. */
async function findNewestApp(doors: Doors, job: Job): Promise<void> {
  if (doors.appUpdates.ability().is !== 'able') return;
  job.step('finding-newest-app');
  try {
    await lookForApp(doors, job.signal);
  } catch (error) {
    job.signal.throwIfAborted();
    doors.log.error('could not ask for the newest ClawCove', error);
  }
}

/**
 * Set-up: the same walk, save that some things are only looked at. What speaks of ClawCove itself: a newer
 * one comes when the person lives here (app-schedule.ts), so that nobody waits for their home because of its
 * download, or has ClawCove start anew as soon as they are done. Private files: none of the person's is
 * moved before they have seen which. And what the person lent OpenClaw elsewhere: they take it back there.
 */
export async function setUp(table: readonly Safeguard[], doors: Doors, job: Job, show: Show): Promise<void> {
  for (const safeguard of table) {
    if (isMadeInSetUp(safeguard)) await declinedIsFine(makeSo(safeguard, doors, job, show));
    else {
      job.about(safeguard.id);
      if (!isOfHome(safeguard)) await findNewestApp(doors, job);
      await lookAt(safeguard, doors, job, show);
    }
  }
}

/** Who wants the OpenClaw on their computer to stay there for now gets their home all the same; the row stays red. */
async function declinedIsFine(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'move-in-declined') throw error;
  }
}

/** One row's Fix button. */
export async function makeOneSo(
  table: readonly Safeguard[],
  id: SafeguardId,
  doors: Doors,
  job: Job,
  show: Show,
): Promise<void> {
  const safeguard = table.find((row) => row.id === id);
  if (safeguard) await makeSo(safeguard, doors, job, show);
}

/** Stops OpenClaw at the person's wish; it stays stopped over restarts, too. */
export async function stopHome(doors: Doors, job: Job): Promise<void> {
  job.step('stopping-home');
  await doors.store.saveChoices({ stopped: true });
  await unstick(doors, job.signal);
  await doors.sandbox.stop(job.signal);
  await doors.sandbox.setAutostart(false, job.signal);
}

export async function startHome(doors: Doors, job: Job): Promise<void> {
  await doors.store.saveChoices({ stopped: false });
  await doors.sandbox.setAutostart(true, job.signal);
  await wakeGateway(doors, job);
}

/** Opens OpenClaw's own page, signed in; starts it first if need be. */
export async function openControlUi(doors: Doors, job: Job): Promise<void> {
  job.step('opening');
  const { port } = doors.store.choices();
  const answer = await knock(doors.net, port, await tokenForWork(doors), job.signal);
  if (answer.is !== 'let-in') await startHome(doors, job);
  job.step('opening');
  await doors.desktop.openPage(await signInUrl(doors, doors.store.choices().port, job.signal));
}

/** Another model, or another key for it: OpenClaw's own set-up again, around the same memories. */
export async function changeModel(doors: Doors, job: Job, model: ModelChoice): Promise<void> {
  await chooseModel(doors, job, model, await askForKey(doors, job, model));
  await makeHome(doors, job, 'onboard');
  await wakeIfWanted(doors, job);
}

/** Lets OpenClaw reach other services nearby than before; where that fails, it is as it was. */
export async function changeNearby(
  doors: Doors,
  job: Job,
  nearbyServices: Choices['nearbyServices'],
): Promise<void> {
  const { store } = doors;
  const before = store.choices().nearbyServices;
  await store.saveChoices({ nearbyServices });
  try {
    await makeHome(doors, job);
  } catch (error) {
    await store.saveChoices({ nearbyServices: before });
    throw error;
  }
  await wakeIfWanted(doors, job);
}

/** Takes away what the receipts say that we made; the person's own files always stay. */
export async function removeAll(doors: Doors, job: Job, keepData: boolean): Promise<void> {
  await openComputer(doors, job);
  job.step('removing-home');
  job.noReturn();
  const { state } = await unstick(doors, job.signal);
  if (state.is !== 'absent') await doors.sandbox.destroy({ state: !keepData }, job);
  const former = formerHomeOf(doors.store.receipts());
  // What it knows the newer one knows as well.
  if (former !== null) await doors.homes.of(former).destroy({ state: true }, job);
  await doors.desktop.setStartAtLogin(false);
  await doors.vault.forget('gateway-token');
  await doors.vault.forget('agreed-settings');
  await doors.store.clear({ keepBackups: keepData });
}

/** What was closed of this very computer is opened again first: should its administrator refuse, nothing was removed. */
async function openComputer(doors: Doors, job: Job): Promise<void> {
  const seen = await doors.dedication?.look(job.signal);
  if (!seen || seen.door.is === 'open') return;
  await askAdministrator('undedicate-computer', 'opening-computer', doors, job);
}

/** Stops OpenClaw, and changes the lock so that nobody who had a key gets in again. */
export async function lockOut(doors: Doors, job: Job): Promise<void> {
  await stopHome(doors, job);
  job.step('renewing-token');
  await renewToken(doors, job.signal);
  // Stopping builds nothing: where there is no home, there is no lock to change.
  if ((await doors.sandbox.inspect(job.signal)).is === 'present') await makeHome(doors, job);
}
