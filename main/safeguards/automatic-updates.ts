import type { Choices, Finding } from '../contract.ts';
import type { Receipts } from '../doors.ts';
import { lookForRelease } from '../openclaw/look-for-release.ts';
import { moveToNewest } from '../openclaw/move-version.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** A computer may be without a network for some days; after more than these (ms) nobody knows what is newest. */
const recently = 3 * 24 * 3_600_000;

/** The version that is newest and did not work here; null when there is none such. */
function failedNewest({ lastLook, failedVersions }: Receipts): Receipts['failedVersions'][number] | null {
  return failedVersions.find(({ version }) => version === lastLook?.newest) ?? null;
}

/** Whether OpenClaw is kept up to date by itself; pure. */
export function judgeSchedule(
  { automaticUpdates, updateHour }: Pick<Choices, 'automaticUpdates' | 'updateHour'>,
  receipts: Receipts,
  at: number,
): Finding {
  const hour = `${String(updateHour).padStart(2, '0')}:00`;
  const evidence = [automaticUpdates ? saw(at, 'updates-on', { hour }) : saw(at, 'updates-off')];
  const { lastLook } = receipts;
  // The distance, not the difference: a clock may have been set back.
  const ago = lastLook === null ? null : Math.abs(at - lastLook.at);
  if (ago !== null) evidence.push(saw(at, 'updates-looked', { ago: ago / 1000 }));
  if (!automaticUpdates) return broken('attention', 'updates-off', evidence);
  const failed = failedNewest(receipts);
  if (failed) {
    const { version } = failed;
    return broken('attention', 'update-failed', [...evidence, saw(at, 'update-failed', { version })], {
      version,
    });
  }
  if (ago === null) return unknown('updates-not-looked', evidence);
  if (ago > recently) return unknown('updates-silent', evidence, { ago: ago / 1000 });
  return ok(evidence);
}

/** The schedule is on, it looked lately, and the newest version didn't fail here. */
export const automaticUpdates: Safeguard = {
  id: 'automatic-updates',
  guide: ['up-to-date'],
  needs: ['engine-ready'],
  patience: 0,
  async check({ store, clock }) {
    return judgeSchedule(store.choices(), store.receipts(), clock.now());
  },
  async fix(doors, job) {
    const { store, log } = doors;
    await store.saveChoices({ automaticUpdates: true });
    job.step('finding-newest');
    try {
      await lookForRelease(doors, job.signal);
    } catch (error) {
      // Nobody to ask is no reason to leave set-up unfinished: the schedule goes on asking.
      job.signal.throwIfAborted();
      log.error('could not ask for the newest version', error);
      return;
    }
    if (failedNewest(store.receipts()) === null) return;
    await moveToNewest(doors, job);
    const { failedVersions, sandbox } = store.receipts();
    await store.saveReceipts({
      failedVersions: failedVersions.filter(({ version }) => version !== sandbox?.version),
    });
  },
};
