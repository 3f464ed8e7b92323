import type { Doors, Receipts } from '../doors.ts';
import { offeredSince } from '../openclaw/offered-since.ts';
import { isOlder } from '../openclaw/versions.ts';
import { ProblemError } from '../problem.ts';
import { type AppRefusal, type AppRelease, appRefusals } from './release.ts';

/** Which refusal an error is; null when it is none. */
export function refusalOf(error: unknown): AppRefusal | null {
  if (!(error instanceof ProblemError)) return null;
  const { code } = error.problem;
  return appRefusals.find((refusal) => refusal === code) ?? null;
}

/**
 * Asks what is the newest ClawCove, and writes down what was said.
 *
 * @throws ProblemError when nobody could be asked, or what was said is not believed; that is written down too
 */
export async function lookForApp(
  { appUpdates, store, clock }: Pick<Doors, 'appUpdates' | 'store' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const release = await appUpdates.look(signal);
    const appLook = lookAfter(store.receipts().appLook, release, clock.now());
    await store.saveReceipts({ appLook, appRefusal: null });
  } catch (error) {
    const why = refusalOf(error);
    if (why !== null) await store.saveReceipts({ appRefusal: { why, at: clock.now() } });
    throw error;
  }
}

/**
 * What is remembered of a look. A version counts as offered from when it is our turn. Pure.
 *
 * @throws ProblemError `app-went-back` when the newest is older than what was newest before: words that
 *   are still valid can be repeated by somebody in between, and makers who take a release back bring out another
 */
export function lookAfter(
  before: Receipts['appLook'],
  { version, isOurTurn, safeFrom }: AppRelease,
  now: number,
): NonNullable<Receipts['appLook']> {
  if (before !== null && isOlder(version, before.newest))
    throw new ProblemError('app-went-back', {}, ['try-again', 'open-log']);
  return { newest: version, safeFrom, at: now, since: isOurTurn ? offeredSince(before, version, now) : null };
}

/** The version that there is to move to; null when what runs is the newest for this computer, or nobody knows. Pure. */
export function newerApp(running: string, look: Receipts['appLook']): string | null {
  return look !== null && look.since !== null && isOlder(running, look.newest) ? look.newest : null;
}
