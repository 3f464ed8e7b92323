/**
 * The machine's disks: Debian's image, which is never written to; on it what was written until the last stop in
 * good order; on that what was written since. Whatever happens to the last one, the others are whole.
 */
import { rename, rm, stat } from 'node:fs/promises';
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { Places } from './names.ts';

/** Only what is written is looked through, and that lies on this computer (ms). */
const timeoutMs = 600_000;

const Info = z.object({ 'virtual-size': z.number(), 'actual-size': z.number() });

/** A disk as qemu-img sees it. */
type Seen = { readonly is: 'whole' } | { readonly is: 'damaged'; readonly detail: string };
/** Both of our own: `good` is what the other one stands on. */
export type DiskHealth =
  | { readonly is: 'whole' }
  | { readonly is: 'damaged'; readonly which: 'good' | 'disk'; readonly detail: string };

/** What `qemu-img check` means. Source: qemu-img(1), "check"; exit codes seen with 7.2. Pure. */
export function healthFrom(code: number, stderr: string): Seen {
  // 3: room that nobody uses any more, nothing else.
  if (code === 0 || code === 3) return { is: 'whole' };
  const line = stderr.split('\n').find((each) => each.trim() !== '') ?? `exit code ${code}`;
  return { is: 'damaged', detail: line.replace(/^qemu-img: /, '').slice(0, 300) };
}

export interface Disks {
  /** New and empty: what the machine starts from for the first time. */
  make(bytes: number, signal: AbortSignal): Promise<void>;
  /** Larger, never smaller; quiet when it is as large. */
  grow(bytes: number, signal: AbortSignal): Promise<void>;
  /** Both of our own disks; the machine must be stopped. */
  health(signal: AbortSignal): Promise<DiskHealth>;
  /** What was written becomes part of the good one; the machine must be stopped, in good order. Safe to break off: it can be done again. */
  keep(signal: AbortSignal): Promise<void>;
  /** What was written since is set aside, in place of what was set aside before, and the good one counts. */
  goBack(signal: AbortSignal): Promise<void>;
}

export function createDisks(run: Run, places: Places): Disks {
  const image = async (args: readonly string[], signal: AbortSignal) => {
    const outcome = await run({ file: 'qemu-img', args, timeoutMs, signal });
    if (outcome.is === 'exited') return outcome;
    if (outcome.is === 'not-found') throw new ProblemError('engine-gone', {}, ['check-now']);
    throw new ProblemError('engine-too-slow', { command: `qemu-img ${args[0]}` }, ['try-again', 'open-log']);
  };
  const must = async (args: readonly string[], signal: AbortSignal): Promise<string> => {
    const { code, stdout, stderr } = await image(args, signal);
    if (code === 0) return stdout;
    if (/no space left on device|disk quota exceeded/i.test(stderr))
      throw new ProblemError('no-room-on-disk', {}, ['try-again']);
    throw new ProblemError('engine-failed', { detail: stderr.trim().slice(0, 300) }, [
      'try-again',
      'open-log',
    ]);
  };
  const sizeOf = async (file: string, signal: AbortSignal) =>
    Info.parse(JSON.parse(await must(['info', '--output=json', '-f', 'qcow2', file], signal)))[
      'virtual-size'
    ];
  /** Its bottom is named by name only: the folder may be moved as a whole. */
  const makeOn = async (file: string, bottom: string, bytes: number, signal: AbortSignal) => {
    const part = `${file}.part`;
    await rm(part, { force: true });
    await must(['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', bottom, part, String(bytes)], signal);
    await rename(part, file);
  };
  const emptyDisk = (bytes: number, signal: AbortSignal) => makeOn(places.disk, places.good, bytes, signal);
  const healthOf = async (file: string, signal: AbortSignal): Promise<Seen> => {
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (!isThere) return { is: 'damaged', detail: `no ${file}` };
    const { code, stderr } = await image(['check', '-q', '-f', 'qcow2', file], signal);
    return healthFrom(code, stderr);
  };

  return {
    async make(bytes, signal) {
      await makeOn(places.good, places.base, bytes, signal);
      await emptyDisk(bytes, signal);
    },
    async grow(bytes, signal) {
      if ((await sizeOf(places.disk, signal)) >= bytes) return;
      await must(['resize', '-q', '-f', 'qcow2', places.disk, String(bytes)], signal);
    },
    async health(signal) {
      for (const which of ['good', 'disk'] as const) {
        const seen = await healthOf(places[which], signal);
        if (seen.is === 'damaged') return { ...seen, which };
      }
      return { is: 'whole' };
    },
    async keep(signal) {
      const bytes = await sizeOf(places.disk, signal);
      await must(['commit', '-q', '-f', 'qcow2', '-d', places.disk], signal);
      await emptyDisk(bytes, signal);
    },
    async goBack(signal) {
      const bytes = await sizeOf(places.good, signal);
      await rename(places.disk, `${places.disk}.damaged`).catch((error) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await emptyDisk(bytes, signal);
    },
  };
}
