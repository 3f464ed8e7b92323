/** Takes the home from the version it runs to a newer one, and back if that one doesn't live. */
import { join } from 'node:path';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { fetchVersion, makeHomeFrom, newestVersion } from './make.ts';
import { wakeGateway } from './wake.ts';

/**
 * Code and state move together: OpenClaw migrates its state at start, and old code
 * refuses migrated state. So the state is saved before, and put back with the old
 * image if the new version doesn't become ready.
 */
export async function moveToNewest(doors: Doors, job: Job): Promise<void> {
  const { sandbox, store, clock } = doors;
  const before = store.receipts().sandbox;
  const version = await newestVersion(doors, job);
  const image = await fetchVersion(doors, job, version);
  const old = before && (await sandbox.findImage(before.version, job.signal));
  if (!old) throw new ProblemError('old-version-gone');

  job.noReturn();
  job.step('stopping-home');
  await sandbox.stop(job.signal);
  job.step('saving-state');
  const saved = join(store.backupFolder, `before-${version}.tar`);
  await sandbox.saveState(saved, job);

  try {
    await makeHomeFrom(doors, job, image, 'mend');
    await store.saveReceipts({ sandbox: { image: image.reference, version, madeAt: clock.now() } });
    await wakeGateway(doors, job);
  } catch (error) {
    doors.log.error(`${version} did not live; going back to ${old.version}`, error);
    job.step('going-back');
    await sandbox.stop(job.signal);
    await sandbox.restoreState(saved, job);
    await store.saveReceipts({
      sandbox: { image: old.reference, version: old.version, madeAt: clock.now() },
    });
    await makeHomeFrom(doors, job, old, 'if-bare');
    await wakeGateway(doors, job);
    throw new ProblemError('update-put-back', { version, old: old.version }, ['open-log']);
  }
}
