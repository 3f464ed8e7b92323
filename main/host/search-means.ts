/** What the threads that search for private data find of the system they run on. */
import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import type { Folders } from '../private-data/search/folder.ts';
import { foldersByPath } from './folder-by-path.ts';
import { foldersByHandle } from './linux/open-folder.ts';
import { cpuTimeOf, thisThread } from './linux/thread-time.ts';

/** How folders are opened here. */
export const foldersOf = (hasProc: boolean): Folders => (hasProc ? foldersByHandle : foldersByPath);

/** The calling thread, as whoever started it can ask for it; null: this system doesn't tell threads apart. */
export const ownName = (hasProc: boolean): string | null => (hasProc ? thisThread() : null);

/**
 * How long the calling thread has worked (ms). Where the system doesn't count that, what it waits for counts, too.
 *
 * @param name its {@link ownName}
 */
export const ownWork = (name: string | null): number =>
  name === null ? performance.eventLoopUtilization().active : (cpuTimeOf(name) ?? 0);

/** The same of a thread that was started from here. */
export const workOf = (worker: Worker, name: string | null): number =>
  name === null ? worker.performance.eventLoopUtilization().active : (cpuTimeOf(name) ?? 0);
