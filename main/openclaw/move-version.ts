/** Takes the home from the version it runs to a newer one, and back if that one doesn't live. */
import { join } from 'node:path';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { FetchedImage } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { ensureKeys, fetchVersion, makeHomeFrom, newestVersion } from './make.ts';
import { isOlder } from './versions.ts';
import { wakeGateway } from './wake.ts';

/**
 * Code and state move together: OpenClaw migrates its state at start, and old code
 * refuses migrated state. So the state is saved before, and put back with the old
 * image if the new version doesn't become ready.
 */
export async function moveToNewest(doors: Doors, job: Job): Promise<void> {
  const { sandbox, store, clock } = doors;
  const before = store.receipts().sandbox;
  if (!before) throw new ProblemError('old-version-gone');
  const version = await newestVersion(doors, job);
  // A source that lags behind must not take the home back to an older version.
  if (!isOlder(before.version, version)) throw new ProblemError('no-version-found');
  const old = await fetchVersion(doors, job, before.version);
  const image = await fetchVersion(doors, job, version);
  // What the person has to be asked is asked while there is still a way out.
  await ensureKeys(doors, job);
  const made = (it: FetchedImage) =>
    store.saveReceipts({ sandbox: { image: it.reference, version: it.version, madeAt: clock.now() } });

  job.noReturn();
  job.step('stopping-home');
  await sandbox.stop(job.signal);
  job.step('saving-state');
  job.undo(() => wakeGateway(doors, job));
  const saved = join(store.backupFolder, `before-${version}.tar`);
  await sandbox.saveState(saved, job);

  try {
    // From here on the state may be the new version's: if we are killed, the next repair goes forward.
    await made(image);
    await makeHomeFrom(doors, job, image, 'mend');
    await wakeGateway(doors, job);
  } catch (error) {
    doors.log.error(`${version} did not live; going back to ${old.version}`, error);
    job.step('going-back');
    await sandbox.stop(job.signal);
    await sandbox.restoreState(saved, job);
    await made(old);
    await makeHomeFrom(doors, job, old, 'if-bare');
    await wakeGateway(doors, job);
    throw new ProblemError('update-put-back', { version, old: old.version }, ['open-log']);
  }
}
