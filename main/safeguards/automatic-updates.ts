import type { Choices, Finding } from '../contract.ts';
import type { Receipts, Store } from '../doors.ts';
import { ago } from '../near.ts';
import { lookForRelease } from '../openclaw/look-for-release.ts';
import type { Updates } from '../update/journal.ts';
import { updateOnceMore } from '../update/update.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** A computer may be without a network for some days; after more than these (ms) nobody knows what is newest. */
const recently = 3 * 24 * 3_600_000;

/** What was written down of looks for a newer version, and of one that did not work here. */
export interface Written {
  readonly lastLook: Receipts['lastLook'];
  readonly failed: Updates['failed'];
}

const writtenIn = (store: Store): Written => ({
  lastLook: store.receipts().lastLook,
  failed: store.updates().failed,
});

/** The version that is newest and did not work here; null when there is none such. */
function failedNewest({ lastLook, failed }: Written): string | null {
  return failed !== null && failed.version === lastLook?.newest ? failed.version : null;
}

/** Whether OpenClaw is kept up to date by itself; pure. */
export function judgeSchedule(
  { automaticUpdates, updateHour }: Pick<Choices, 'automaticUpdates' | 'updateHour'>,
  written: Written,
  at: number,
): Finding {
  const hour = `${String(updateHour).padStart(2, '0')}:00`;
  const evidence = [automaticUpdates ? saw(at, 'updates-on', { hour }) : saw(at, 'updates-off')];
  const { lastLook } = written;
  const lookAge = lastLook === null ? null : ago(lastLook.at, at);
  if (lookAge !== null) evidence.push(saw(at, 'updates-looked', { ago: lookAge / 1000 }));
  if (!automaticUpdates) return broken('attention', 'updates-off', evidence);
  const version = failedNewest(written);
  if (version !== null) {
    return broken('attention', 'update-failed', [...evidence, saw(at, 'update-failed', { version })], {
      version,
    });
  }
  if (lookAge === null) return unknown('updates-not-looked', evidence);
  if (lookAge > recently) return unknown('updates-silent', evidence, { ago: lookAge / 1000 });
  return ok(evidence);
}

/** The schedule is on, it looked lately, and the newest version didn't fail here. */
export const automaticUpdates: Safeguard = {
  id: 'automatic-updates',
  guide: ['up-to-date'],
  needs: ['engine-ready'],
  patience: 0,
  async check({ store, clock }) {
    return judgeSchedule(store.choices(), writtenIn(store), clock.now());
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
    if (failedNewest(writtenIn(store)) !== null) await updateOnceMore(doors, job);
  },
};
