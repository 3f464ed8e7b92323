/**
 * A home whose own machine was damaged went back to what was whole, see openclaw/mend-machine.ts. What a backup knows from
 * after that is put in, so that nothing is lost but what nobody has written down anywhere.
 */
import type { Backup, ProblemCode } from '../contract.ts';
import type { Doors, Receipts } from '../doors.ts';
import { makeHome } from '../openclaw/make.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { catalogueOf } from './catalogue.ts';
import { restore } from './restore.ts';
import { goodOnes } from './retention.ts';

/** The proven backups that know what was lost, newest first; pure. What came after the loss knows nothing of it. */
export function thatKnow(
  backups: readonly Backup[],
  { to, at }: NonNullable<Receipts['wentBack']>,
): Backup[] {
  return goodOnes(backups, at).filter((backup) => backup.at > (to ?? 0) && backup.at <= at);
}

/** With these one backup is of no use, and another one may be. */
const ofNoUse: readonly ProblemCode[] = ['archive-damaged', 'backup-not-fit', 'backup-gone'];

/** Puts in what was lost with the machine, as far as a backup knows it; quiet when nothing was. */
export async function bringBackLost(doors: Doors, job: Job): Promise<void> {
  const { store, backups } = doors;
  const { wentBack } = store.receipts();
  if (wentBack === null) return;
  const known = thatKnow(catalogueOf(await backups.list()), wentBack);
  if (known.length > 0) await makeHome(doors, job);
  let problem: ProblemError | null = null;
  for (const { id } of known) {
    try {
      await restore(doors, job, id);
      problem = null;
      break;
    } catch (error) {
      if (!(error instanceof ProblemError) || !ofNoUse.includes(error.problem.code)) throw error;
      problem = error;
    }
  }
  await store.saveReceipts({ wentBack: null });
  if (problem === null) return;
  await wakeIfWanted(doors, job);
  throw problem;
}
