import type { Channel } from '../contract.ts';
import type { Doors, Receipts } from '../doors.ts';
import { offeredSince } from './offered-since.ts';

/**
 * Asks the image source what is newest on the person's channel, and writes down that it was
 * asked. Rejects when it can't be asked.
 *
 * @returns the version; null when nothing is offered there
 */
export async function lookForRelease(
  { releases, store, clock }: Pick<Doors, 'releases' | 'store' | 'clock'>,
  signal: AbortSignal,
): Promise<string | null> {
  const { channel } = store.choices();
  const newest = await releases.askNow(channel, signal);
  await store.saveReceipts({ lastLook: lookAfter(store.receipts().lastLook, channel, newest, clock.now()) });
  return newest;
}

/** What is remembered of a look. Pure. */
export function lookAfter(
  before: Receipts['lastLook'],
  channel: Channel,
  newest: string | null,
  now: number,
): NonNullable<Receipts['lastLook']> {
  return { channel, newest, at: now, since: offeredSince(before, newest, now) };
}
