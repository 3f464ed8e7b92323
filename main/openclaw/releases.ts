import type { Channel } from '../contract.ts';
import type { Clock, Log } from '../doors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { withdrawn } from './advisories.ts';
import { newestOn } from './versions.ts';

/** The image source is asked again after this long (ms), and after a failure after this long. */
const askEvery = 6 * 3_600_000;
const askAgainAfterFailure = 15 * 60_000;
/** What was said less long ago (ms) than this was said just now. */
const justNow = 60_000;
/** What was said longer ago (ms) than this is no news any more. */
const trustedFor = 3 * 24 * 3_600_000;

/** What the image source offers; remembers the answer, because asking goes over the network. */
export interface Releases {
  /** Newest version on a channel, or null when nobody could be asked lately or nothing is offered there. */
  newest(channel: Channel, signal: AbortSignal): Promise<string | null>;
  /** The same from a source that is asked now, or was a moment ago; rejects when it can't be asked. */
  askNow(channel: Channel, signal: AbortSignal): Promise<string | null>;
  /** When a version was published (ms since 1970); null when that can't be told. */
  publishedAt(version: string, signal: AbortSignal): Promise<number | null>;
}

export function createReleases(sandbox: Sandbox, clock: Clock, log: Log): Releases {
  let known: { tags: readonly string[]; at: number } | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  /** A version is published once, so its date is remembered for good; that nobody knows it, for a while. */
  const dates = new Map<string, { readonly date: number | null; readonly askedAt: number }>();
  // Distances, not differences: the clock may be set back.
  const isWithin = (at: number, ms: number) => Math.abs(clock.now() - at) < ms;
  const newestOf = (channel: Channel, tags: readonly string[]) => newestOn(channel, tags, withdrawn);

  async function ask(signal: AbortSignal): Promise<readonly string[]> {
    try {
      const tags = await sandbox.listVersions(signal);
      known = { tags, at: clock.now() };
      return tags;
    } catch (error) {
      signal.throwIfAborted();
      failedAt = clock.now();
      throw error;
    }
  }

  return {
    async newest(channel, signal) {
      const isFresh = known !== null && isWithin(known.at, askEvery);
      if (!isFresh && !isWithin(failedAt, askAgainAfterFailure)) {
        await ask(signal).catch((error) => {
          signal.throwIfAborted();
          log.error('could not ask for the newest version', error);
        });
      }
      return known && isWithin(known.at, trustedFor) ? newestOf(channel, known.tags) : null;
    },
    async askNow(channel, signal) {
      const isNews = known !== null && isWithin(known.at, justNow);
      return newestOf(channel, known !== null && isNews ? known.tags : await ask(signal));
    },
    async publishedAt(version, signal) {
      const remembered = dates.get(version);
      if (remembered && (remembered.date !== null || isWithin(remembered.askedAt, askEvery)))
        return remembered.date;
      const { createdAt: date } = await sandbox.describeVersion(version, signal).catch((error) => {
        signal.throwIfAborted();
        log.error(`could not ask when ${version} was published`, error);
        return { createdAt: null };
      });
      dates.set(version, { date, askedAt: clock.now() });
      return date;
    },
  };
}
