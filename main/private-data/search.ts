import type { Doors } from '../doors.ts';
import type { PrivateSearch } from './found.ts';
import { sortedOut } from './left.ts';
import { type ReachedPlaces, reachedPlaces } from './places.ts';

/** For how long a look waits for the search (ms); what takes longer goes on behind it. */
const patience = 8_000;

/** How the search stands, and what it found, apart from what the person said may stay. */
export type Searched = ReachedPlaces &
  ReturnType<typeof sortedOut> & {
    readonly search: PrivateSearch;
  };

/** Looks for private data wherever OpenClaw reaches. */
export async function searchReached(
  doors: Pick<Doors, 'sandbox' | 'computer' | 'store' | 'privateData'>,
  signal: AbortSignal,
): Promise<Searched> {
  const reached = await reachedPlaces(doors, signal);
  const search = await doors.privateData.look(reached.places, patience, signal);
  return { ...reached, search, ...sortedOut(search.files, doors.store.receipts().leftFiles) };
}
