/** When ClawCove asks after its own newest version, and downloads it by itself. Pure. */
import type { Receipts } from '../doors.ts';
import { isNear } from '../near.ts';
import { newerApp } from './look.ts';
import type { AppAbility, AppStanding } from './release.ts';

const hour = 3_600_000;
/** Asked at most this often (ms); after nobody could be asked, after this long. */
const lookEvery = 6 * hour;
const lookAgain = hour;
/** A download that came to nothing is tried again after this long (ms). */
const downloadAgain = 6 * hour;

export interface AppFacts {
  readonly ability: AppAbility;
  readonly running: string;
  readonly look: Receipts['appLook'];
  readonly standing: AppStanding;
  /** When nobody could be asked, or what was said was not believed (ms since 1970). */
  readonly askedInVainAt: number | null;
  /** When a download came to nothing (ms since 1970). */
  readonly downloadedInVainAt: number | null;
}

/** What to do about ClawCove's own version now. */
export function decideApp(
  now: number,
  { ability, running, look, standing, askedInVainAt, downloadedInVainAt }: AppFacts,
): 'look' | 'download' | 'nothing' {
  if (ability.is !== 'able' || standing.is === 'restarting' || standing.is === 'next-start') return 'nothing';
  const wasNear = (at: number | null, ms: number) => at !== null && isNear(at, now, ms);
  if (!wasNear(look?.at ?? null, lookEvery) && !wasNear(askedInVainAt, lookAgain)) return 'look';
  const newer = newerApp(running, look);
  const isHere = standing.is === 'ready' && standing.version === newer;
  if (newer === null || isHere || wasNear(downloadedInVainAt, downloadAgain)) return 'nothing';
  return 'download';
}
