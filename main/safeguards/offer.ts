/** What is newer than what runs, and what speaks for not running it yet. */
import type { Doors } from '../doors.ts';
import { isOlder } from '../openclaw/versions.ts';
import { postponedUntil } from '../work/when-to-update.ts';

/** The newest version, and what speaks for not running it yet. */
export interface Offer {
  readonly newest: string;
  /** ms since 1970; null: nobody says. */
  readonly publishedAt: number | null;
  /** A version that would be newest if npm's word didn't hold it back; null: none. */
  readonly heldBack: string | null;
  /** It did not work here. */
  readonly failed: boolean;
  /** Until then the person wants to wait (ms since 1970). */
  readonly postponedUntil: number | null;
}

/** Asks what is newest; null when nobody could be asked. */
export async function gatherOffer(
  { releases, store, clock }: Pick<Doors, 'releases' | 'store' | 'clock'>,
  running: string,
  signal: AbortSignal,
): Promise<Offer | null> {
  const { channel } = store.choices();
  const newest = await releases.newest(channel, signal);
  if (newest === null) return null;
  return {
    newest,
    // It is worth a question over the network only when it matters.
    publishedAt: isOlder(running, newest) ? await releases.publishedAt(newest, signal) : null,
    heldBack: await releases.heldBack(channel, signal),
    failed: store.updates().failed?.version === newest,
    postponedUntil: postponedUntil(store.choices(), clock.now()),
  };
}

/**
 * Why nothing is wrong with not running the newest version yet; null when nothing excuses it. Pure.
 *
 * @param youngFor a version that came out less than this ago (ms) is not missed yet
 */
export function excuse(
  { publishedAt, failed, postponedUntil }: Offer,
  youngFor: number,
  at: number,
): 'version-failed' | 'version-postponed' | 'version-young' | null {
  if (failed) return 'version-failed';
  if (postponedUntil !== null && at < postponedUntil) return 'version-postponed';
  const isYoung = publishedAt !== null && publishedAt <= at && at - publishedAt < youngFor;
  return isYoung ? 'version-young' : null;
}
