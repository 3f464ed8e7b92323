/** What each intent does: some change a choice, some start a job. */
import type { Answer, Choices, Intent, JobKind, Question, Reply } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError, problemOf } from '../problem.ts';
import { judgeFolder } from '../safeguards/folder-dedicated.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import type { State } from '../state.ts';
import type { Ending, Foreseen, Job, Jobs } from './job.ts';
import type { Looks } from './looks.ts';
import { plan, removalFrom } from './plan.ts';
import { changeModel, lockOut, makeAllSo, makeOneSo, openControlUi, removeAll, startHome } from './tasks.ts';

/** Takes intents. */
export interface Actor {
  act(intent: Intent): Promise<Reply>;
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
  /** The model key between the choices page and the sandbox; nowhere but here, and not for longer. */
  let keyInHand: string | null = null;

  const saveChoices = async (change: Partial<Choices>) => {
    await doors.store.saveChoices(change);
    state.update({ choices: doors.store.choices() });
  };

  function begin(
    kind: JobKind,
    foreseen: Foreseen,
    work: (job: Job) => Promise<void>,
    after?: () => Promise<void>,
  ): void {
    if (jobs.busy) throw new ProblemError('busy', {}, []);
    looks.interrupt();
    last = jobs.run(kind, foreseen, work).then(async (ending) => {
      state.update({ choices: doors.store.choices() });
      await (after ? after() : looks.now()).catch((error) =>
        doors.log.error('look after work failed', error),
      );
      return ending;
    });
  }

  /** What the person has said before the question comes: in the review, and on the choices page. */
  const foresee =
    (consent: readonly string[]): Foreseen =>
    (question: Question): Answer | null => {
      if (question.is === 'admin') return consent.includes(question.task) ? { is: 'yes' } : null;
      const key = keyInHand;
      keyInHand = null;
      return key === null ? null : { is: 'model-key', key };
    };

  async function chooseFolder(): Promise<void> {
    const path = await doors.desktop.chooseFolder(doors.store.choices().language);
    if (path === null) return;
    const real = (await doors.computer.realPath(path)) ?? path;
    const why = judgeFolder(real, await doors.computer.knownFolders());
    if (why) throw new ProblemError('folder-not-allowed', { path: real }, ['choose-folder']);
    await saveChoices({ sharedFolder: real });
    state.update({ plan: await plan(doors, AbortSignal.timeout(30_000)) });
  }

  async function saveViewChoices(change: Extract<Intent, { do: 'save-choices' }>['choices']): Promise<void> {
    const before = doors.store.choices();
    // Zod's optional keys may be there and undefined; a choice never is.
    await saveChoices(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    const { startAtLogin, model, movedIn } = doors.store.choices();
    if (movedIn && startAtLogin !== before.startAtLogin) await doors.desktop.setStartAtLogin(startAtLogin);
    if (movedIn && JSON.stringify(model) !== JSON.stringify(before.model)) {
      begin('save-model', foresee([]), (job) => changeModel(doors, job));
    } else if (!movedIn) {
      state.update({ plan: await plan(doors, AbortSignal.timeout(30_000)) });
    }
  }

  async function perform(intent: Intent): Promise<void> {
    const show = looks.show;
    switch (intent.do) {
      case 'set-up':
        if (jobs.busy) throw new ProblemError('busy', {}, []);
        await saveChoices({ agreed: true });
        return begin('set-up', foresee(intent.consent), (job) => makeAllSo(table, doors, job, show));
      case 'fix':
        return begin('fix', foresee([]), (job) => makeOneSo(table, intent.id, doors, job, show));
      case 'fix-all':
        return begin('fix-all', foresee([]), (job) => makeAllSo(table, doors, job, show));
      case 'check-now':
        if (jobs.busy) throw new ProblemError('busy', {}, []);
        state.update({ work: { is: 'idle' } });
        return looks.now();
      case 'cancel':
        return jobs.cancel();
      case 'answer':
        return jobs.answer(intent.answer);
      case 'dismiss':
        if (state.get().work.is === 'failed') state.update({ work: { is: 'idle' } });
        return;
      case 'save-choices':
        return saveViewChoices(intent.choices);
      case 'keep-model-key':
        keyInHand = intent.key;
        return;
      case 'choose-folder':
        return chooseFolder();
      case 'move-in':
        await doors.desktop.setStartAtLogin(doors.store.choices().startAtLogin);
        return saveChoices({ movedIn: true });
      case 'stop':
        return begin('stop', foresee([]), (job) => lockOut(doors, job));
      case 'start':
        return begin('start', foresee([]), (job) => startHome(doors, job));
      case 'list-removal':
        return state.update({
          removal: removalFrom(doors.store.choices().sharedFolder, doors.store.backupFolder),
        });
      case 'remove':
        return begin('remove', foresee([]), (job) => removeAll(doors, job, intent.keepData));
      case 'open':
        if (intent.what === 'shared-folder')
          return doors.desktop.openFolder(doors.store.choices().sharedFolder);
        if (intent.what === 'log') return doors.desktop.openLog();
        return begin('open', foresee([]), (job) => openControlUi(doors, job));
    }
  }

  return {
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
