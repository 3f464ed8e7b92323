import { backUp } from '../backup/back-up.ts';
import { bringBackLost, thatKnow } from '../backup/bring-back-lost.ts';
import { catalogueOf } from '../backup/catalogue.ts';
import { goodOnes } from '../backup/retention.ts';
import type { Backup, Finding } from '../contract.ts';
import type { Receipts } from '../doors.ts';
import { ago, isNear } from '../near.ts';
import { broken, ok, type Safeguard, saw } from './safeguard.ts';

const hour = 3_600_000;
/** Backups are made daily; a computer may rest over a weekend (ms). */
const recent = 4 * 24 * hour;
/** A new home has nothing yet that would be lost (ms). */
const graceForNew = 48 * hour;
/** After a computer has slept for long the backup that is due is made first (ms). */
const patience = hour;

/**
 * Whether there is a recent backup that was proven, and none that knows what the home doesn't; pure.
 *
 * @param madeAt when the home was made (ms since 1970); null: nobody knows
 * @param lost see {@link Receipts.wentBack}
 */
export function judgeBackups(
  backups: readonly Backup[],
  madeAt: number | null,
  lost: Receipts['wentBack'],
  at: number,
): Finding {
  const good = goodOnes(backups, at);
  const evidence = [saw(at, 'backups-found', { count: backups.length, good: good.length })];
  if (lost !== null && thatKnow(backups, lost).length > 0)
    return broken('attention', 'backup-waits', evidence);
  const newest = good[0];
  if (!newest) {
    const isNew = madeAt !== null && isNear(madeAt, at, graceForNew);
    if (isNew) return ok(evidence, [{ code: 'backup-not-due', facts: {} }]);
    return broken('attention', 'backup-missing', evidence);
  }
  const age = ago(newest.at, at);
  const facts = { age: Math.round(age / 1000) };
  evidence.push(saw(at, 'backup-newest', facts));
  return age < recent ? ok(evidence) : broken('attention', 'backup-old', evidence, facts);
}

/** There is a recent backup of the state, and it was restored apart from everything to prove it. */
export const backupRecent: Safeguard = {
  id: 'backup-recent',
  guide: ['up-to-date'],
  needs: ['sandbox-exists'],
  patience,
  async check({ backups, store, clock }) {
    const { sandbox: made, wentBack } = store.receipts();
    return judgeBackups(catalogueOf(await backups.list()), made?.madeAt ?? null, wentBack, clock.now());
  },
  async fix(doors, job) {
    if (doors.store.receipts().wentBack !== null) await bringBackLost(doors, job);
    else await backUp(doors, job, 'person');
  },
};
