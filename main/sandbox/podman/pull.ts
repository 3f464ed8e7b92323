/** Fetches an image, with bytes as they come, and leaves nothing half-made when it is stopped. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Net } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import { errorLine } from '../container/call.ts';
import { downloadSizeBy } from '../image/download-size.ts';
import { fetchManifest } from '../image/registry-manifest.ts';
import type { FetchedImage, Report } from '../sandbox.ts';
import { engineSourceProblem } from '../source-problem.ts';
import type { Engine } from './engine.ts';
import { findImage } from './images.ts';
import { tagSources } from './probe.ts';

/** A slow line takes hours for 420 MB; only silence is a reason to give up (ms). */
const timeoutMs = 6 * 3_600_000;
/** Unpacking a large layer is silent, too, so this is long. */
const silenceMs = 300_000;
const lookEvery = 400;
const manifestTimeout = 30_000;

export interface PullOptions {
  readonly engine: Engine;
  readonly net: Net;
  readonly name: string;
  readonly version: string;
  /** A folder of ours where a download in progress may lie. */
  readonly folder: string;
  readonly clock: Clock;
  readonly report: Report;
}

interface Watch extends Pick<PullOptions, 'clock' | 'report'> {
  readonly folder: string;
  readonly total: number | null;
  readonly stalled: AbortController;
  readonly done: AbortSignal;
}

/**
 * Fetches the image of a version. Podman verifies every byte against the manifest's digests;
 * what is made from it afterwards refers to the manifest's own.
 *
 * @throws ProblemError, each kind of failure with its own code
 */
export async function pullImage(options: PullOptions): Promise<FetchedImage> {
  const { engine, name, version, report, clock } = options;
  const total = await downloadSize(options);
  const folder = await ownFolder(options.folder);
  const stalled = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([report.signal, stalled.signal]);
  const watching = watch({ clock, report, folder, total, stalled, done: done.signal });
  try {
    const { code, stderr } = await engine.podman(['pull', '--', `${name}:${version}`], {
      // Podman keeps downloads under TMPDIR until they are whole: in a folder of our own they
      // can be counted as they grow, and taken away whatever happens.
      environment: { TMPDIR: folder },
      onLine: report.log,
      timeoutMs,
      signal,
    });
    if (code !== 0) throw engineSourceProblem(errorLine(stderr), version);
  } catch (error) {
    if (stalled.signal.aborted && !report.signal.aborted)
      throw new ProblemError('source-silent', { version });
    throw error;
  } finally {
    done.abort();
    await watching;
    await rm(folder, { recursive: true, force: true });
  }
  if (total !== null) report.progress(total, total);
  const image = await findImage(engine.podman, name, version, report.signal);
  if (!image) throw new ProblemError('download-damaged', { version });
  return image;
}

/**
 * Bytes that will travel, or null when nobody says; layers that are here already don't.
 * Podman is asked first, because it knows this computer's proxies and certificates; 5.x
 * shows manifests without their sizes (seen on 5.4.2), so then the source itself is asked.
 */
async function downloadSize({ engine, net, name, version, report }: PullOptions): Promise<number | null> {
  const { signal } = report;
  const askPodman = (reference: string) =>
    engine.podman(['manifest', 'inspect', '--', reference], { timeoutMs: manifestTimeout, signal });
  const sources = tagSources(engine.info, name);
  const askers: ((reference: string) => Promise<{ stdout: string; stderr: string }>)[] = [
    (reference) => askPodman(`${name}${reference.startsWith('sha256:') ? '@' : ':'}${reference}`),
    async (reference) => ({ stdout: await fetchManifest(net, sources, reference, signal), stderr: '' }),
  ];
  for (const ask of askers) {
    const size = await downloadSizeBy(ask, version, engine.info.host.arch);
    if (size !== null) return size;
  }
  return null;
}

/** Takes away what a ClawCove that was killed while it fetched left behind. */
export async function sweepDownloads(parent: string): Promise<void> {
  for (const name of (await exists(parent)) ? await readdir(parent) : []) {
    const pid = /^pull-(\d+)-/.exec(name)?.[1];
    if (pid && !(await exists(`/proc/${pid}`)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function ownFolder(parent: string): Promise<string> {
  await sweepDownloads(parent);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, `pull-${process.pid}-`));
}

/** Reports how much has come, until it is done; gives up when nothing comes any more. */
async function watch({ clock, folder, total, report, stalled, done }: Watch): Promise<void> {
  let most = 0;
  // Looks are counted, not time: a computer that slept was not silent.
  for (let quietMs = 0; !done.aborted; quietMs += lookEvery) {
    const size = await sizeOf(folder);
    if (size > most) {
      most = size;
      quietMs = 0;
      report.progress(total === null ? most : Math.min(most, total), total);
    }
    // Once everything is here, only Podman's unpacking is left.
    const isWaiting = total === null || most < total;
    if (isWaiting && quietMs > silenceMs) return stalled.abort();
    await clock.sleep(lookEvery, done).catch(() => {});
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
