/** Fetches an image, with bytes as they come, and leaves nothing half-made when it is stopped. */
import * as z from 'zod';
import type { Clock, Net } from '../../doors.ts';
import { parseJson } from '../../parse-json.ts';
import { ProblemError } from '../../problem.ts';
import { downloadSizeBy } from '../image/download-size.ts';
import { fetchManifest } from '../image/registry-manifest.ts';
import { saneTag, type TagSource } from '../image/tags.ts';
import type { FetchedImage, Report } from '../sandbox.ts';
import { engineSourceProblem } from '../source-problem.ts';
import type { Engine } from './engine.ts';
import type { Tell } from './engine-api.ts';
import { findImage } from './images.ts';

/** Silence for that long is a reason to give up: a slow line takes hours, and unpacking has something to say (ms). */
const silenceMs = 300_000;
const lookEvery = 1_000;

/** One line of what the engine says while it fetches. Source: Docker Engine API, "Create an image". */
const Line = z.object({
  id: z.string().max(200).optional(),
  status: z.string().max(1_000).optional(),
  progressDetail: z.object({ current: z.number().optional() }).nullish(),
  error: z.string().max(10_000).optional(),
});

export interface PullOptions {
  readonly engine: Engine;
  readonly tell: Tell;
  readonly net: Net;
  readonly source: TagSource;
  readonly version: string;
  readonly clock: Clock;
  readonly report: Report;
}

/** What has come so far, by what the engine says of each layer. */
export function createTally() {
  const layers = new Map<string, number>();
  let said = '';
  return {
    /** @returns a line for the log where there is something new to say */
    take(untrustedLine: string): string | null {
      const line = Line.safeParse(parseJson(untrustedLine)).data;
      if (!line) return null;
      const { id = '', status = '', progressDetail, error } = line;
      if (status === 'Downloading' && progressDetail?.current !== undefined)
        layers.set(id, Math.max(layers.get(id) ?? 0, progressDetail.current));
      if (error !== undefined) return error;
      const words = status === 'Downloading' || status === 'Extracting' ? '' : `${id} ${status}`.trim();
      if (words === '' || words === said) return null;
      said = words;
      return words;
    },
    bytes: () => [...layers.values()].reduce((sum, size) => sum + size, 0),
  };
}

/**
 * Fetches the image of a version. Docker verifies every byte against the manifest's digests; what is made
 * from it afterwards refers to the manifest's own. It keeps nothing of a download that was broken off
 * but whole layers, for the next try.
 *
 * @throws ProblemError, each kind of failure with its own code
 */
export async function pullImage(options: PullOptions): Promise<FetchedImage> {
  const { engine, tell, net, source, version, report, clock } = options;
  if (!saneTag.test(version)) throw new ProblemError('version-not-offered', { version });
  const ask = async (reference: string) => ({
    stdout: await fetchManifest(net, [source], reference, report.signal),
    stderr: '',
  });
  const total = await downloadSizeBy(ask, version, engine.means.arch);
  const tally = createTally();
  const [stalled, done] = [new AbortController(), new AbortController()];
  let quietMs = 0;
  let failure: string | null = null;
  const watching = (async () => {
    // Looks are counted, not time: a computer that slept was not silent.
    for (; !done.signal.aborted; quietMs += lookEvery) {
      if (quietMs > silenceMs) return stalled.abort();
      await clock.sleep(lookEvery, done.signal).catch(() => {});
    }
  })();
  const onLine = (line: string) => {
    quietMs = 0;
    const words = tally.take(line);
    if (words !== null) report.log(words);
    failure = errorIn(line) ?? failure;
    const bytes = tally.bytes();
    if (bytes > 0) report.progress(total === null ? bytes : Math.min(bytes, total), total);
  };
  try {
    const query = new URLSearchParams({ fromImage: source.name, tag: version });
    const signal = AbortSignal.any([report.signal, stalled.signal]);
    const told = await tell(engine.host, `/images/create?${query}`, onLine, signal);
    if (!told) throw new ProblemError('engine-failed', { detail: 'docker pull' }, ['try-again', 'open-log']);
    const wrong = failure ?? (told.status === 200 ? null : (messageIn(told.last) ?? `status ${told.status}`));
    if (wrong !== null) throw engineSourceProblem(wrong.replaceAll(/\s+/g, ' ').slice(0, 300), version);
  } catch (error) {
    if (stalled.signal.aborted && !report.signal.aborted)
      throw new ProblemError('source-silent', { version });
    throw error;
  } finally {
    done.abort();
    await watching;
  }
  if (total !== null) report.progress(total, total);
  const image = await findImage(engine.docker, source.name, version, report.signal);
  if (!image) throw new ProblemError('download-damaged', { version });
  return image;
}

const errorIn = (untrustedLine: string) => Line.safeParse(parseJson(untrustedLine)).data?.error ?? null;
const messageIn = (untrustedLine: string) =>
  z.object({ message: z.string() }).safeParse(parseJson(untrustedLine)).data?.message ?? null;
