/** What each intent does: some change a choice, some start a job. */
import { backUp } from '../backup/back-up.ts';
import { bringBackLost } from '../backup/bring-back-lost.ts';
import { bringIn, saveCopyElsewhere } from '../backup/elsewhere.ts';
import { restore } from '../backup/restore.ts';
import type {
  Answer,
  BackupId,
  Choices,
  EngineName,
  Intent,
  JobKind,
  ModelChoice,
  OtherComputer,
  PrivateFileId,
  Question,
  Reply,
} from '../contract.ts';
import type { Doors, Receipts } from '../doors.ts';
import { formerHomeOf } from '../moving-home/journal.ts';
import { forgetFormerHome, moveHome } from '../moving-home/move-home.ts';
import { recoverHomeMove } from '../moving-home/recover.ts';
import { isHalfDone } from '../moving-in/half-done.ts';
import { hostMovedAt } from '../moving-in/journal.ts';
import { recoverMoveIn } from '../moving-in/recover.ts';
import { undoMoveIn } from '../moving-in/take-back.ts';
import { mendMachine } from '../openclaw/mend-machine.ts';
import { isSameService } from '../openclaw/models.ts';
import { bringBack } from '../openclaw/wake.ts';
import { putFilesBack } from '../private-data/keep-away.ts';
import { filesKept, foldersOf, keptFolderNow } from '../private-data/kept.ts';
import { foundId, withLeft, withoutLeft } from '../private-data/left.ts';
import { searchReached } from '../private-data/search.ts';
import { takenId } from '../private-data/taken.ts';
import { ProblemError, problemOf } from '../problem.ts';
import { prove } from '../proof/prove.ts';
import { reportJson } from '../report/report.ts';
import { unstick } from '../safeguards/engine-ready.ts';
import { judgeFolder } from '../safeguards/folder-dedicated.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { withOwnChanges } from '../settings/agreement.ts';
import type { State } from '../state.ts';
import { translator } from '../text.ts';
import { recover } from '../update/recover.ts';
import { updateOnceMore, updateToNewest } from '../update/update.ts';
import type { Ending, Foreseen, Job, Jobs } from './job.ts';
import { blameRoom } from './lack-of-room.ts';
import { lookAtHomes } from './look-at-homes.ts';
import type { Looks } from './looks.ts';
import { plan, removalFrom } from './plan.ts';
import { showBackups } from './show-backups.ts';
import {
  changeModel,
  changeNearby,
  lockOut,
  makeAllSo,
  makeOneSo,
  openControlUi,
  removeAll,
  setUp,
  startHome,
} from './tasks.ts';
import { approveSkill, distrustSkill } from './trust-skill.ts';
import { postponement } from './when-to-update.ts';

/** How long making the plan for the review may take (ms). */
const planTimeout = 30_000;
/** How long finding a file again may take (ms). */
const searchTimeout = 30_000;

/** What the last work was begun for, so that it can be tried again. */
type Attempt = Intent | 'recovery';

const isRepair = (kind: JobKind): boolean => kind === 'fix' || kind === 'fix-all' || kind === 'set-up';

/** Whether OpenClaw's settings are none of this work's business, or it must not wait for them. */
const isOnlyLooking = (kind: JobKind): boolean =>
  ['stop', 'remove', 'open', 'prove', 'back-up', 'save-copy', 'put-files-back'].includes(kind);

/** What the review said is done without another word, as long as it is still all that there is. */
function foreseenMove(
  { found, livedIn }: Extract<Question, { is: 'move-in' }>,
  movesIn: string | null,
): Answer | null {
  const [only, ...others] = found;
  if (!only || others.length > 0 || livedIn || only.profile !== movesIn) return null;
  return { is: 'move', profile: only.profile };
}

/** Takes intents. */
export interface Actor {
  act(intent: Intent): Promise<Reply>;
  /** Finishes or undoes a move of OpenClaw's that is open; throws a ProblemError `busy` while work runs. */
  recover(): void;
  /** Makes the backup that is due; throws a ProblemError `busy` while work runs. */
  backUp(): void;
  /** Resolves when no work runs, with how the last one ended. */
  settled(): Promise<Ending | null>;
}

export function createActor(
  table: readonly Safeguard[],
  doors: Doors,
  state: State,
  jobs: Jobs,
  looks: Looks,
): Actor {
  let last: Promise<Ending> | null = null;
  /** What the last work was asked for with, for who wants to try it again; never a key or a consent. */
  let attempted: Attempt | null = null;
  /**
   * The model key between the choices page and the sandbox; nowhere but here, and not for longer.
   * `model`: what it was given for; null until the choice that goes with it is saved.
   */
  let keyInHand: { readonly key: string; readonly model: ModelChoice | null } | null = null;

  const saveChoices = async (change: Partial<Choices>) => {
    await doors.store.saveChoices(change);
    state.update({ choices: doors.store.choices() });
  };

  function begin(
    kind: JobKind,
    attempt: Attempt,
    foreseen: Foreseen,
    work: (job: Job) => Promise<void>,
  ): void {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    attempted = attempt;
    looks.interrupt();
    // A proof that did not come to its end is none: the one before counts.
    const showKept = () =>
      state.update({
        choices: doors.store.choices(),
        proof: doors.store.receipts().proof,
        hostMovedAt: hostMovedAt(doors.store.receipts()),
        formerHome: formerHomeOf(doors.store.receipts()),
      });
    // The choices that the work made are shown before it ends, or the light would follow the old ones.
    last = jobs
      .run(kind, foreseen, (job) =>
        afterRecovery(kind, job, work)
          .catch((error) => blameRoom(doors, error))
          .finally(showKept),
      )
      .then(async (ending) => {
        showKept();
        await showBackups(doors, state);
        await looks.now().catch((error) => doors.log.error('look after work failed', error));
        return ending;
      });
  }

  /**
   * What an earlier ClawCove left half done is finished or undone before anything else. Who wants
   * OpenClaw stopped or gone doesn't wait for that.
   */
  async function afterRecovery(kind: JobKind, job: Job, work: (job: Job) => Promise<void>): Promise<void> {
    if (kind !== 'stop' && kind !== 'remove') {
      await recoverHomeMove(doors, job);
      const { wasStuck } = await unstick(doors, job.signal);
      // Without an engine nothing can be finished or undone: who came to repair repairs that first.
      if (isRepair(kind) && isHalfDone(doors.store)) {
        await makeOneSo(table, 'engine-ready', doors, job, looks.show);
        // Nor without what the home stands on.
        await mendMachine(doors, job);
      }
      await recover(doors, job);
      await recoverMoveIn(doors, job);
      // With what the engine has lost its home went.
      if (wasStuck) await bringBack(doors, job);
    }
    if (isOnlyLooking(kind)) return work(job);
    await withOwnChanges(doors, job.signal, async () => {
      await work(job);
      // What a repair had to take back is put in again where a backup knows it.
      if (isRepair(kind)) await bringBackLost(doors, job);
    });
  }

  /** What the person has said before the question comes: in the review, and on the choices page. */
  const foresee =
    (consent: readonly string[], movesIn: string | null = null): Foreseen =>
    (question: Question): Answer | null => {
      if (question.is === 'admin') return consent.includes(question.task) ? { is: 'yes' } : null;
      if (question.is !== 'move-in' && question.is !== 'model-key') return null;
      if (question.is === 'move-in') return foreseenMove(question, movesIn);
      const given = keyInHand;
      keyInHand = null;
      return given && { is: 'model-key', key: given.key };
    };

  /** A key goes with the choice that is saved right after it, and never to another service. */
  function matchKey(model: ModelChoice): void {
    const isSame = keyInHand !== null && isSameService(keyInHand.model ?? model, model);
    keyInHand = keyInHand && isSame ? { ...keyInHand, model } : null;
  }

  /** A plan that can't be made is no reason to refuse the choice it was to be made for. */
  async function showPlan(): Promise<void> {
    try {
      state.update({ plan: await plan(doors, AbortSignal.timeout(planTimeout)) });
    } catch (error) {
      doors.log.error('could not make the plan', error);
    }
  }

  /** Before there is a home its engine is a choice like others; after, it has to be moved. */
  async function chooseEngine(engine: EngineName): Promise<void> {
    if (doors.store.receipts().sandbox !== null) throw new ProblemError('home-is-made', {}, []);
    if (!doors.homes.engines.includes(engine)) throw new ProblemError('home-not-here', {}, []);
    await saveChoices({ engine });
    await showPlan();
  }

  /** One that carries a home may have moved to another address; it is known by its key. */
  async function nameComputer(computer: OtherComputer): Promise<void> {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    if (doors.otherComputer === null) throw new ProblemError('home-not-here', {}, []);
    await doors.otherComputer.rename(computer);
    await saveChoices({ otherComputer: computer });
    await showHomes();
  }

  async function showHomes(): Promise<void> {
    state.update({ homes: await lookAtHomes(doors, AbortSignal.timeout(planTimeout)) });
  }

  async function chooseFolder(): Promise<void> {
    const path = await doors.desktop.chooseFolder(doors.store.choices().language);
    if (path === null) return;
    const real = (await doors.computer.realPath(path)) ?? path;
    const why = judgeFolder(real, await doors.computer.knownFolders());
    if (why) throw new ProblemError('folder-not-allowed', { path: real }, ['choose-folder']);
    await saveChoices({ sharedFolder: real });
    await showPlan();
  }

  /** A moment's day (`2026-11-22`), as the person's calendar has it. */
  const calendarDay = (at: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: doors.clock.zone() }).format(at);

  /** The day that stands in the name of a copy. */
  function dayOf(id: BackupId): string {
    return calendarDay(state.get().backups.find((backup) => backup.id === id)?.at ?? doors.clock.now());
  }

  async function saveCopy(intent: Extract<Intent, { do: 'save-copy' }>): Promise<void> {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    const { language } = doors.store.choices();
    const file = await doors.desktop.chooseCopyPlace(language, dayOf(intent.id));
    if (file === null) return;
    begin('save-copy', intent, foresee([]), (job) => saveCopyElsewhere(doors, job, intent.id, file));
  }

  async function saveReport(): Promise<void> {
    const { language } = doors.store.choices();
    const file = await doors.desktop.chooseReportPlace(language, calendarDay(doors.clock.now()));
    if (file === null) return;
    // What it says is what is so now, unless work has its hands on it.
    if (!jobs.busy) await looks.now();
    await doors.desktop.keepReport(
      language,
      file,
      reportJson(state.get(), translator(language, state.get().choices.engine)),
    );
  }

  async function bringInCopy(intent: Extract<Intent, { do: 'bring-in' }>): Promise<void> {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    const file = await doors.desktop.chooseCopy(doors.store.choices().language);
    if (file === null) return;
    begin('bring-in', intent, foresee([]), (job) => bringIn(doors, job, file));
  }

  async function setStartAtLogin(on: boolean): Promise<void> {
    try {
      await doors.desktop.setStartAtLogin(on);
    } catch (error) {
      doors.log.error('could not set the start at login', error);
      throw new ProblemError('login-start-refused', {}, []);
    }
  }

  async function saveViewChoices(change: Extract<Intent, { do: 'save-choices' }>['choices']): Promise<void> {
    const { movedIn, startAtLogin: was } = doors.store.choices();
    const isHomeMade = doors.store.receipts().sandbox !== null;
    // Zod's optional keys may be there and undefined; a choice never is.
    const { model, nearbyServices, ...rest }: Partial<Choices> = Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== undefined),
    );
    const isWork = model !== undefined || nearbyServices !== undefined;
    if (isWork && isHomeMade && jobs.busy) throw new ProblemError('busy', {}, []);
    if (model) matchKey(model);
    const { startAtLogin: on } = rest;
    if (movedIn && on !== undefined && on !== was) await setStartAtLogin(on);
    // Where there is a home, these are choices only once it is made by them: another model with its key in place.
    const ofHome = { ...(model && { model }), ...(nearbyServices && { nearbyServices }) };
    await saveChoices(isHomeMade ? rest : { ...rest, ...ofHome });
    if (!movedIn) await showPlan();
    // What was said of this computer is looked at.
    if (rest.isDedicated !== undefined && !jobs.busy) await looks.now();
    if (!isHomeMade || !isWork) return;
    const again: Intent = { do: 'save-choices', choices: ofHome };
    begin(model ? 'save-model' : 'save-nearby', again, foresee([]), async (job) => {
      if (nearbyServices) await changeNearby(doors, job, nearbyServices);
      if (model) await changeModel(doors, job, model);
    });
  }

  /** A system that refuses the start at login keeps nobody out of their home; the choice then says what is. */
  async function moveIn(): Promise<void> {
    try {
      await setStartAtLogin(doors.store.choices().startAtLogin);
    } catch (error) {
      await saveChoices({ movedIn: true, startAtLogin: false });
      throw error;
    }
    await saveChoices({ movedIn: true });
  }

  /** What the person says of a file counts at once; the light follows with the look behind it. */
  async function noteLeft(change: () => Promise<Partial<Receipts>>): Promise<void> {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    await doors.store.saveReceipts(await change());
    await looks.now();
  }

  async function leaveFile(id: PrivateFileId): Promise<Partial<Receipts>> {
    const { search } = await searchReached(doors, AbortSignal.timeout(searchTimeout));
    const file = search.files.find((each) => foundId(each) === id);
    if (!file) throw new ProblemError('file-gone', {}, ['check-now']);
    return { leftFiles: withLeft(doors.store.receipts().leftFiles, file) };
  }

  /** @param id null: all of them */
  function putBack(intent: Intent, id: PrivateFileId | null): void {
    begin('put-files-back', intent, foresee([]), async (job) => {
      const { takenFiles } = doors.store.receipts();
      await putFilesBack(
        doors,
        job,
        takenFiles.filter((file) => id === null || takenId(file) === id),
      );
    });
  }

  async function openKeptFolder(): Promise<void> {
    const [folder] = foldersOf((await filesKept(doors)).toReversed());
    await doors.desktop.openFolder(folder ?? (await keptFolderNow(doors)));
  }

  async function listRemoval(keepData: boolean): Promise<void> {
    const { sharedFolder: shared } = doors.store.choices();
    const kept = foldersOf(await filesKept(doors));
    const { hostMove } = doors.store.receipts();
    const resting = hostMove?.stage === 'done' ? doors.hostOpenClaw.restingPlaces(hostMove.resting) : [];
    const folders = { shared, backups: doors.store.backupFolder, kept, resting };
    state.update({ removal: removalFrom(folders, keepData) });
  }

  async function perform(intent: Intent): Promise<void> {
    const show = looks.show;
    switch (intent.do) {
      case 'set-up':
        if (jobs.busy) throw new ProblemError('busy', {}, []);
        await saveChoices({ agreed: true, stopped: false });
        return begin(
          'set-up',
          { do: 'set-up', consent: [] },
          foresee(intent.consent, intent.movesIn),
          (job) => setUp(table, doors, job, show),
        );
      case 'fix':
        return begin('fix', intent, foresee([]), (job) => makeOneSo(table, intent.id, doors, job, show));
      case 'fix-all':
        return begin('fix-all', intent, foresee([]), (job) => makeAllSo(table, doors, job, show));
      case 'check-now':
        if (jobs.busy) throw new ProblemError('busy', {}, []);
        state.update({ work: { is: 'idle' } });
        return looks.now();
      case 'cancel':
        return jobs.cancel();
      case 'answer':
        return jobs.answer(intent.answer);
      case 'try-again':
        if (state.get().work.is !== 'failed' || attempted === null) return;
        return attempted === 'recovery' ? recoverAlone() : perform(attempted);
      case 'dismiss':
        if (state.get().work.is === 'failed') state.update({ work: { is: 'idle' } });
        return;
      case 'save-choices':
        return saveViewChoices(intent.choices);
      case 'keep-model-key':
        keyInHand = { key: intent.key, model: null };
        return;
      case 'choose-folder':
        return chooseFolder();
      case 'move-in':
        return moveIn();
      case 'update-now':
        return begin('update', intent, foresee([]), (job) => updateToNewest(doors, job));
      case 'try-version-again':
        return begin('update', intent, foresee([]), (job) => updateOnceMore(doors, job));
      case 'postpone-update':
        return saveChoices({ postponedUntil: doors.clock.now() + postponement });
      case 'back-up':
        return begin('back-up', intent, foresee([]), (job) => backUp(doors, job, 'person'));
      case 'restore':
        return begin('restore', intent, foresee([]), (job) => restore(doors, job, intent.id));
      case 'save-copy':
        return saveCopy(intent);
      case 'bring-in':
        return bringInCopy(intent);
      case 'save-report':
        return saveReport();
      case 'approve-skill':
        return begin('approve-skill', intent, foresee([]), (job) => approveSkill(doors, job, intent.id));
      case 'distrust-skill':
        return begin('distrust-skill', intent, foresee([]), (job) => distrustSkill(doors, job, intent.id));
      case 'prove':
        begin('prove', intent, foresee([]), (job) => prove(doors, job, (proof) => state.update({ proof })));
        // What the one before said must not be taken for what comes.
        return state.update({ proof: null });
      case 'stop':
        return begin('stop', intent, foresee([]), (job) => lockOut(doors, job));
      case 'start':
        return begin('start', intent, foresee([]), (job) => startHome(doors, job));
      case 'leave-file':
        return noteLeft(() => leaveFile(intent.id));
      case 'mind-file':
        return noteLeft(async () => ({
          leftFiles: withoutLeft(doors.store.receipts().leftFiles, intent.id),
        }));
      case 'put-file-back':
        return putBack(intent, intent.id);
      case 'put-files-back':
        return putBack(intent, null);
      case 'undo-move-in':
        return begin('undo-move-in', intent, foresee([]), (job) => undoMoveIn(doors, job));
      case 'choose-engine':
        return chooseEngine(intent.engine);
      case 'name-computer':
        return nameComputer(intent.computer);
      case 'list-homes':
        return showHomes();
      case 'move-home':
        return begin('move-home', intent, foresee([]), (job) => moveHome(doors, job, intent.engine));
      case 'forget-former-home':
        return begin('forget-former-home', intent, foresee([]), (job) => forgetFormerHome(doors, job));
      case 'list-removal':
        return listRemoval(intent.keepData);
      case 'remove':
        return begin('remove', intent, foresee([]), (job) => removeAll(doors, job, intent.keepData));
      case 'open':
        if (intent.what === 'shared-folder')
          return doors.desktop.openFolder(doors.store.choices().sharedFolder);
        if (intent.what === 'kept-files') return openKeptFolder();
        if (intent.what === 'log') return doors.desktop.openLog();
        return begin('open', intent, foresee([]), (job) => openControlUi(doors, job));
      case 'open-settings':
        return doors.desktop.openSettings(doors.store.choices().language, intent.page);
    }
  }

  /** Every work begins with the recovery; this one is nothing else. */
  function recoverAlone(): void {
    const { last } = doors.store.updates();
    begin('update', 'recovery', foresee([]), async () => {
      const { last: now } = doors.store.updates();
      // Nobody asked for this work: only this way it is told.
      if (now?.is === 'put-back' && now !== last)
        throw new ProblemError('update-put-back', { version: now.to, old: now.from }, ['open-log']);
    });
  }

  return {
    recover: recoverAlone,
    backUp: () => begin('back-up', { do: 'back-up' }, foresee([]), (job) => backUp(doors, job, 'schedule')),
    async act(intent) {
      try {
        await perform(intent);
        return { ok: true };
      } catch (error) {
        if (!(error instanceof ProblemError)) doors.log.error(`intent ${intent.do} failed`, error);
        return { ok: false, problem: problemOf(error) };
      }
    },
    settled: async () => (last ? await last : null),
  };
}
