import type { BackupId, ModelChoice } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { isSameService } from '../openclaw/models.ts';
import { moveTo } from '../update/transaction.ts';
import type { Job } from '../work/job.ts';
import { changeModel } from '../work/tasks.ts';
import { findBackup } from './back-up.ts';
import { carrierOf } from './carrier.ts';

/**
 * Goes back to a backup: its state and the OpenClaw it belongs to, as one move like an update.
 * What is there now is kept as a backup itself, so this can be taken back in the same way.
 */
export async function restore(doors: Doors, job: Job, id: BackupId): Promise<void> {
  const { store } = doors;
  job.step('verifying-backup');
  const note = await findBackup(doors, job, id);
  const { model } = note;
  if (model !== null) await connectFirst(doors, job, model);
  const version = carrierOf(note, store.receipts().sandbox?.version ?? null);
  await moveTo(doors, job, { version, load: id });
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

/**
 * The service that answered for the agent when the backup was made, connected as if the person had
 * chosen it in the settings: a key for one service must never meet the settings for another, on the
 * way back no less than on the way there. Its key is in no backup; the person is asked for it, unless
 * it is the service that is connected anyway.
 */
async function connectFirst(doors: Doors, job: Job, model: ModelChoice): Promise<void> {
  if (model.provider === 'later' || isSameService(doors.store.choices().model, model)) return;
  await changeModel(doors, job, model);
}
