import type { Channel } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { isNear } from '../near.ts';
import type { Described } from '../sandbox/sandbox.ts';
import { isKnownSafe, withdrawn } from './advisories.ts';
import { askNpm, isHeeded, isHeldBack, type NpmWord, worthAsking } from './npm-word.ts';
import { offeredOn } from './versions.ts';

/** The image source is asked again after this long (ms), and after a failure after this long. */
const askEvery = 6 * 3_600_000;
const askAgainAfterFailure = 15 * 60_000;
/** What was said less long ago (ms) than this was said just now. */
const justNow = 60_000;
/** What was said longer ago (ms) than this is no news any more. */
const trustedFor = 3 * 24 * 3_600_000;
/** A look waits for all of this, and has 20 s (ms). */
const describeTimeout = 6_000;
/** How many versions that are of no use here are passed over: more in a row are no accident. */
const mostTried = 5;
/** Their makers' own word for the stable version that everybody should have. Source: OpenClaw's release channels. */
const latestTag = 'latest';

const nothingSaid: Described = { createdAt: null, version: null, processor: 'unknown' };

/**
 * What the image source offers and npm's word doesn't hold back; remembers the answers, because
 * asking goes over the network. npm is asked only when somebody wants to know for sure: it takes
 * a program in the home.
 */
export interface Releases {
  /** Newest version on a channel, or null when nobody could be asked lately or nothing is offered there. */
  newest(channel: Channel, signal: AbortSignal): Promise<string | null>;
  /** The same from a source that is asked now, or was a moment ago; rejects when it can't be asked. */
  askNow(channel: Channel, signal: AbortSignal): Promise<string | null>;
  /** The version that only npm's word keeps from being newest, by what is remembered; null: there is none. */
  heldBack(channel: Channel, signal: AbortSignal): Promise<string | null>;
  /** When a version was published (ms since 1970); null when that can't be told. */
  publishedAt(version: string, signal: AbortSignal): Promise<number | null>;
}

/** Whether an image is for this kind of computer, and is what its tag says. What nobody says speaks against none. */
function isOfUse(tag: string, { processor, version }: Described): boolean {
  return processor !== 'others' && (version === null || version === tag);
}

/** What the image source answered at a moment (ms since 1970). */
interface Answer {
  readonly tags: readonly string[];
  /** The version that `latest` stands for; null: nobody says. */
  readonly latest: string | null;
  readonly at: number;
}

export function createReleases({
  sandbox,
  store,
  clock,
  log,
}: Pick<Doors, 'sandbox' | 'store' | 'clock' | 'log'>): Releases {
  let known: Answer | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let askedNpmAt = Number.NEGATIVE_INFINITY;
  /** A version never changes, so what is said of it is remembered for good; that nobody says it, for a while. */
  const described = new Map<string, { readonly words: Described; readonly askedAt: number }>();
  const isWithin = (at: number, ms: number) => isNear(at, clock.now(), ms);

  async function ask(signal: AbortSignal): Promise<Answer> {
    try {
      const tags = await sandbox.listVersions(signal);
      const latest = tags.includes(latestTag) ? (await askAbout(latestTag, signal)).version : null;
      known = { tags, latest, at: clock.now() };
      return known;
    } catch (error) {
      signal.throwIfAborted();
      failedAt = clock.now();
      throw error;
    }
  }

  /** What the source says of a tag; that it can't be asked is no reason to know of no version. */
  async function askAbout(tag: string, signal: AbortSignal): Promise<Described> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(describeTimeout)]);
    return sandbox.describeVersion(tag, soon).catch((error) => {
      signal.throwIfAborted();
      log.error(`could not ask about ${tag}`, error);
      return nothingSaid;
    });
  }

  async function wordsOn(version: string, signal: AbortSignal): Promise<Described> {
    const remembered = described.get(version);
    if (remembered) {
      const { createdAt, processor } = remembered.words;
      const isWhole = createdAt !== null && processor !== 'unknown';
      if (isWhole || isWithin(remembered.askedAt, askEvery)) return remembered.words;
    }
    const words = await askAbout(version, signal);
    if (!isOfUse(version, words)) log.info(`${version} is passed over: ${JSON.stringify(words)}`);
    described.set(version, { words, askedAt: clock.now() });
    return words;
  }

  /** Asks npm what is to be thought of these tags; where it says nothing, what it said last stands. */
  async function hearNpm(tags: readonly string[], signal: AbortSignal): Promise<void> {
    const running = store.receipts().sandbox?.version;
    // Nobody would heed it.
    if (running === undefined || !isKnownSafe(running)) return;
    askedNpmAt = clock.now();
    try {
      const npmWord = await askNpm(sandbox, worthAsking(tags), clock.now(), signal);
      if (npmWord) await store.saveReceipts({ npmWord });
      else log.info('npm says nothing of versions');
    } catch (error) {
      signal.throwIfAborted();
      log.info(`npm could not be asked about versions: ${error}`);
    }
  }

  /** What npm said, if it counts. */
  function heeded(): NpmWord | null {
    const { npmWord, sandbox: home } = store.receipts();
    return npmWord !== null && isHeeded(npmWord, home?.version ?? null, clock.now()) ? npmWord : null;
  }

  /** The newest version that can be had here. */
  async function choose(
    channel: Channel,
    { tags, latest }: Answer,
    word: NpmWord | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    // A `latest` with known holes was left behind itself: nobody is to stop at it.
    const ceiling = latest !== null && isKnownSafe(latest) ? latest : null;
    const offered = offeredOn(channel, tags, withdrawn, ceiling).filter(
      (version) => word === null || !isHeldBack(word, channel, version),
    );
    for (const version of offered.slice(0, mostTried))
      if (isOfUse(version, await wordsOn(version, signal))) return version;
    return null;
  }

  const recent = () => (known && isWithin(known.at, trustedFor) ? known : null);

  return {
    async newest(channel, signal) {
      const isFresh = known !== null && isWithin(known.at, askEvery);
      if (!isFresh && !isWithin(failedAt, askAgainAfterFailure)) {
        await ask(signal).catch((error) => {
          signal.throwIfAborted();
          log.error('could not ask for the newest version', error);
        });
      }
      const answer = recent();
      return answer && choose(channel, answer, heeded(), signal);
    },
    async askNow(channel, signal) {
      const isNews = known !== null && isWithin(known.at, justNow);
      const answer = known !== null && isNews ? known : await ask(signal);
      if (!isWithin(askedNpmAt, justNow)) await hearNpm(answer.tags, signal);
      return choose(channel, answer, heeded(), signal);
    },
    async heldBack(channel, signal) {
      const answer = recent();
      const word = heeded();
      if (!answer || !word) return null;
      const otherwise = await choose(channel, answer, null, signal);
      return otherwise === (await choose(channel, answer, word, signal)) ? null : otherwise;
    },
    publishedAt: async (version, signal) => (await wordsOn(version, signal)).createdAt,
  };
}
