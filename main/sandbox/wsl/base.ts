/** The root file system that the distribution is made from: where it comes from, and that it is the one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cancelled, ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';

/** One file, the places where it lies (asked in this order), and what it must be. */
export interface BaseSource {
  readonly urls: readonly string[];
  /** Hex. */
  readonly sha256: string;
}

/**
 * Ubuntu 24.04.4 LTS, as its makers publish it for WSL. Source: microsoft/WSL, distributions/DistributionInfo.json,
 * which carries the checksums; a place nearer to a person may stand before these, for the checksum decides.
 */
export const usualBases: Readonly<Record<'x64' | 'arm64', BaseSource>> = {
  x64: {
    urls: ['https://releases.ubuntu.com/24.04.4/ubuntu-24.04.4-wsl-amd64.wsl'],
    sha256: '9b2f7730dc68227dd04a9f3e5eab86ad85caf556b8606ad94f1f29ff5c4fd3f5',
  },
  arm64: {
    urls: ['https://cdimages.ubuntu.com/releases/24.04.4/release/ubuntu-24.04.4-wsl-arm64.wsl'],
    sha256: '6b244d89f412a68f51e58f396fab65bed3b5896a25c045a99bef9c78a07df507',
  },
};

/**
 * Fetches an address into a file, which is new.
 * @throws ProblemError that says why not
 */
export type Download = (url: string, file: string, report: Report) => Promise<void>;

/**
 * The verified file, fetched where it isn't here yet. Whatever lies there is measured anew each time: it is about to
 * become the home of somebody who runs as root in it.
 *
 * @throws ProblemError `system-damaged` when every place gave something else
 */
export async function fetchBase(
  source: BaseSource,
  folder: string,
  download: Download,
  report: Report,
): Promise<string> {
  const file = join(folder, `${source.sha256}.wsl`);
  const part = `${file}.part`;
  if ((await sha256Of(file, report.signal)) === source.sha256) return file;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(file, { force: true });
  let problem: unknown = new ProblemError('source-silent', {}, ['try-again']);
  for (const url of source.urls) {
    try {
      await rm(part, { force: true });
      await download(url, part, report);
      if ((await sha256Of(part, report.signal)) === source.sha256) {
        await rename(part, file);
        return file;
      }
      problem = new ProblemError('system-damaged', {}, ['try-again']);
      report.log(`what ${new URL(url).host} gave is not what its makers published`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problem = error;
    } finally {
      await rm(part, { force: true });
    }
  }
  throw problem;
}

/** Checksum of a file as hex; null when there is none. */
async function sha256Of(file: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file, { signal })) hash.update(piece as Buffer);
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}
