/**
 * The program of the threads that search for private data. One walks through the places, remembers and
 * moves files; it starts another that looks into them, one after the other, and may die of what it finds.
 */
import { setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { foldersOf, ownName, ownWork } from '../host/search-means.ts';
import { Cancelled, problemOf } from '../problem.ts';
import type { FromThread, Order, Results, ThreadTask, ToThread } from './messages.ts';
import { lookInto } from './read/look-into.ts';
import { fileSource } from './read/source.ts';
import { putFileBack, takeFile } from './search/move.ts';
import { createReader, type FromReader } from './search/reader.ts';
import { createSearch, type FileToRead } from './search/search.ts';
import { createThrottle } from './search/throttle.ts';

/** How often the app is told how the search stands, at most (ms). */
const tellEvery = 250;

function readFiles(port: MessagePort, { program, limits }: ThreadTask): void {
  const thread = ownName(program.hasProc);
  const worked = () => ownWork(thread);
  const options = { limits, worked, maps: program.maps };
  const say = (message: FromReader) => port.postMessage(message);
  say({ is: 'ready', thread });
  port.on('message', async ({ handle, untrustedName, bytes }: FileToRead) => {
    say({ is: 'read', reading: await lookInto(untrustedName, fileSource(handle, bytes), options) });
  });
}

function search(port: MessagePort, { program, limits }: ThreadTask): void {
  const say = (message: FromThread) => port.postMessage(message);
  const jobs = new Map<number, AbortController>();
  const reader = createReader(program, limits);
  const folders = foldersOf(program.hasProc);
  const tell = () => say({ is: 'standing', ...searching.standing() });
  const searching = createSearch({
    folders,
    read: reader.read,
    onProgress: createThrottle(tellEvery, tell).ask,
  });

  async function perform(order: Order, signal: AbortSignal): Promise<Results[Order['is']]> {
    switch (order.is) {
      case 'look': {
        const found = await searching.run(order.places);
        // It is large, and may not be needed for hours.
        if (found.isWhole) reader.rest();
        return found;
      }
      case 'take': {
        const { from, untrustedPath, keptFolder } = order;
        const kept = await takeFile(folders, from, untrustedPath, keptFolder, signal);
        searching.forget(from.place, untrustedPath);
        return kept;
      }
      case 'put-back': {
        const { keptFolder, keptName, to, untrustedPath } = order;
        await putFileBack(folders, keptFolder, keptName, to, untrustedPath, signal);
        searching.doubt();
        return null;
      }
    }
  }

  port.on('message', async ({ id, order }: ToThread) => {
    if (!order) return jobs.get(id)?.abort();
    const job = new AbortController();
    jobs.set(id, job);
    try {
      const result = await perform(order, job.signal);
      // Who asks next, and doesn’t wait, must not be told of before.
      tell();
      say({ is: 'done', id, result });
    } catch (error) {
      say(
        error instanceof Cancelled
          ? { is: 'cancelled', id }
          : { is: 'failed', id, problem: problemOf(error) },
      );
    } finally {
      jobs.delete(id);
    }
  });
}

const task: ThreadTask = workerData;
if (!parentPort) throw new Error('only to be run as a thread');
// Only Linux does this for the calling thread alone, and those that it starts; elsewhere all of ClawCove would become slow.
if (task.program.hasProc) setPriority(10);
if (task.is === 'read') readFiles(parentPort, task);
else search(parentPort, task);
