import { Provider, type ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { ResolvedUpdateFileInfo, UpdateInfo } from 'electron-updater/out/types.js';
import type { Feed } from '../app-update/feed.ts';
import { type Release, readRelease } from '../app-update/signed.ts';
import type { Clock, HttpAnswer, Net } from '../doors.ts';
import { isOlder } from '../openclaw/versions.ts';
import { Cancelled, ProblemError } from '../problem.ts';

/** How long the source may take for each of its two answers (ms). */
const timeoutMs = 12_000;

/** What electron-updater hands on to its provider. */
export interface SignedSource {
  /** The version that asks. */
  readonly running: string;
  readonly feed: Feed;
  readonly net: Net;
  readonly clock: Clock;
  /** The file in which the makers say what is newest for this kind of computer. */
  readonly name: string;
  /** How the files are called that can be started here, e.g. `.AppImage`. */
  readonly ending: string;
  /** Ends the question that is under way. */
  signal: AbortSignal;
  /** Told what was said as soon as it is believed. */
  readonly onRelease: (release: Release) => void;
}

/** The problem that somebody who can't be asked is. */
function problemOfAnswer(answer: HttpAnswer): ProblemError {
  if (answer.is === 'answered') return new ProblemError('source-out-of-order', {}, ['try-again']);
  const isLost = answer.is === 'failed' && /ENOTFOUND|EAI_AGAIN/.test(answer.detail);
  return new ProblemError(isLost ? 'no-internet' : 'source-silent', {}, ['try-again']);
}

/** One small file; longer ones are cut, and so never carry a signature that fits. */
async function ask({ feed, net, signal }: SignedSource, name: string): Promise<string> {
  if (signal.aborted) throw new Cancelled();
  // electron-updater would send an id of this computer along; nobody needs it.
  const headers = { 'cache-control': 'no-cache' };
  const answer = await net.get(new URL(name, feed.address).href, { headers, timeoutMs, signal });
  if (answer.is !== 'answered' || answer.status !== 200) throw problemOfAnswer(answer);
  return answer.untrustedBody;
}

/** The signature beside a file; words without one are as good as words with a wrong one. */
async function askForSignature(source: SignedSource): Promise<string> {
  try {
    return await ask(source, `${source.name}.sig`);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'source-out-of-order') return '';
    throw error;
  }
}

/**
 * Where electron-updater learns of releases, as a class that it makes an object of. On its own it
 * believes whoever answers at the address: on Linux nothing else is asked. Here the makers'
 * signature comes first, on every system; where the system itself checks programs for signatures,
 * that comes in addition.
 */
export const providerFrom = (source: SignedSource) =>
  class SignedProvider extends Provider<UpdateInfo> {
    // electron-updater hands it its own configuration and itself first.
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime);
    }

    override async getLatestVersion(): Promise<UpdateInfo> {
      const { running, name, feed, clock, onRelease } = source;
      const words = await ask(source, name);
      const signature = await askForSignature(source);
      const release = readRelease(words, signature, { name, publicKeys: feed.publicKeys, now: clock.now() });
      onRelease(release);
      const { stagingPercentage, ...rest } = release;
      // Who has known holes is kept waiting by nobody.
      const isUnsafe = release.safeFrom !== undefined && isOlder(running, release.safeFrom);
      const [first] = release.files;
      return {
        ...rest,
        path: first?.url ?? '',
        sha512: first?.sha512 ?? '',
        ...(stagingPercentage !== undefined && !isUnsafe && { stagingPercentage }),
      };
    }

    override resolveFiles({ files }: UpdateInfo): ResolvedUpdateFileInfo[] {
      return files
        .filter(({ url }) => url.endsWith(source.ending))
        .map((info) => ({ url: new URL(info.url, source.feed.address), info }));
    }
  };
