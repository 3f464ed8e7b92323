/** What the journal tells of a version that has come. */
import type { VersionNews } from '../contract.ts';
import { isNear } from '../near.ts';
import { isOlder } from '../openclaw/versions.ts';
import type { Updates } from './journal.ts';
import { watchTime } from './watch.ts';

/** An update that went well is told for a day (ms). */
const toldFor = 24 * 3_600_000;

/** What is new in a version, in its makers' words. */
export interface Notes {
  readonly version: string;
  readonly untrusted: readonly string[];
}

export type Arrival = Extract<VersionNews, { is: 'watched' | 'updated' }>;

/** The version that took another's place and is watched still, or did so lately for good; pure. */
export function arrivalIn({ open, last }: Updates, now: number, notes: Notes | null = null): Arrival | null {
  if (open?.stage === 'watching')
    return { is: 'watched', version: open.move.to.version, until: open.since + watchTime };
  // Who went back to a backup has not been updated.
  if (last?.is !== 'kept' || !isOlder(last.from, last.to)) return null;
  if (!isNear(last.at, now, toldFor)) return null;
  const untrustedNotes = notes?.version === last.to ? [...notes.untrusted] : [];
  return { is: 'updated', version: last.to, from: last.from, at: last.at, untrustedNotes };
}
