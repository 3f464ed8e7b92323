import type { Doors } from '../doors.ts';
import { newestVersion } from '../openclaw/make.ts';
import { isOlder } from '../openclaw/versions.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { moveTo } from './transaction.ts';

/**
 * Takes the home to the newest version on the person's channel, unless that one did not work here
 * before. Who wanted to wait has it now.
 */
export async function updateToNewest(doors: Doors, job: Job): Promise<void> {
  const { store } = doors;
  const made = store.receipts().sandbox;
  if (!made) throw new ProblemError('old-version-gone');
  const version = await newestVersion(doors, job);
  if (version === made.version) return job.log(`${version} is the newest version already`);
  // A source that lags behind must not take the home back to an older version.
  if (!isOlder(made.version, version)) throw new ProblemError('no-version-found');
  if (store.updates().failed?.version === version)
    throw new ProblemError('version-failed-before', { version, old: made.version }, []);
  await moveTo(doors, job, { version, load: null });
  if (store.choices().postponedUntil !== null) await store.saveChoices({ postponedUntil: null });
}

/** The same for who wants to try a version once more that did not work here. */
export async function updateOnceMore(doors: Doors, job: Job): Promise<void> {
  await doors.store.saveUpdates({ failed: null });
  await updateToNewest(doors, job);
}
