import type { Answer, BackupId, ModelChoice } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { askForKey, chooseModel, makeHome } from '../openclaw/make.ts';
import { isSameService } from '../openclaw/models.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { moveTo } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import { changeModel } from '../work/tasks.ts';
import { findBackup } from './back-up.ts';
import { carrierOf } from './carrier.ts';

/**
 * Goes back to a backup: its state and the OpenClaw it belongs to, as one move like an update.
 * What is there now is kept as a backup itself, so this can be taken back in the same way.
 *
 * The service that answered for the agent when the backup was made is connected as if the person had
 * chosen it in the settings: a key for one service must never meet the settings for another, on the
 * way back no less than on the way there. Its key is in no backup; the person is asked for it while
 * they can still turn back, and it takes the place of the other one only when the backup has proved fit.
 */
export async function restore(doors: Doors, job: Job, id: BackupId): Promise<void> {
  const { store } = doors;
  job.step('verifying-backup');
  const note = await findBackup(doors, job, id);
  const { model } = note;
  const answer = model === null ? null : await askForKey(doors, job, model);
  const version = carrierOf(note, store.receipts().sandbox?.version ?? null);
  if (model !== null && answer !== null) await moveAndConnect(doors, job, { version, id, model, answer });
  else await moveTo(doors, job, { version, load: id });
  if (model === null) return;
  // The state brings its own settings for the model along; a state that has none gets those of now.
  const now = store.choices().model;
  if (model.provider !== 'later') await store.saveChoices({ model: sameOr(now, model) });
  else if (now.provider !== 'later') await changeModel(doors, job, now);
}

/** What answers after the return: the backup's model, where its service is the one that there is a key for. */
function sameOr(now: ModelChoice, model: ModelChoice): ModelChoice {
  return isSameService(now, model) ? model : now;
}

interface Connection {
  readonly version: string;
  readonly id: BackupId;
  readonly model: ModelChoice;
  readonly answer: Answer;
}

async function moveAndConnect(
  doors: Doors,
  job: Job,
  { version, id, model, answer }: Connection,
): Promise<void> {
  const onceRehearsed = async () => {
    try {
      await chooseModel(doors, job, model, answer);
      await makeHome(doors, job, 'onboard');
    } catch (error) {
      await wakeIfWanted(doors, job).catch((failure) => doors.log.error('OpenClaw rests', failure));
      throw error;
    }
  };
  try {
    await moveTo(doors, job, { version, load: id, onceRehearsed });
  } catch (error) {
    // The key before was overwritten, so not everything is as it was.
    const isPutBack = error instanceof ProblemError && error.problem.code === 'update-put-back';
    throw isPutBack ? new ProblemError('restore-put-back', {}, ['open-log']) : error;
  }
}
