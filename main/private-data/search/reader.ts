/** Looks into files in a thread of their own: what some file makes the libraries do ends with that thread. */
import { Worker } from 'node:worker_threads';
import type { ThreadTask } from '../messages.ts';
import type { Limits } from '../read/limits.ts';
import type { Reading } from '../read/look-into.ts';
import type { FileToRead } from './search.ts';

export interface Reader {
  /** Never rejects. A file that takes the thread with it, or doesn't end, can't be looked into. */
  read(file: FileToRead): Promise<Reading>;
  /** Ends the thread; the next file starts another. */
  rest(): void;
}

/** For objects of the thread; what it reads comes on top. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };
/** How much longer than its own limit the thread may take for a file (ms). */
const grace = 2_000;

const unreadable: Reading = { kinds: [], within: null, isWhole: false };

/** @param entry file of the thread's program */
export function createReader(entry: string, limits: Limits): Reader {
  const task: ThreadTask = { is: 'read', limits };
  let thread: Worker | null = null;
  let answer: ((reading: Reading) => void) | null = null;

  function end(): void {
    // Not waited for: one that reads from a disk that is gone may never end.
    void thread?.terminate();
    thread = null;
    answer?.(unreadable);
  }

  function start(): Worker {
    const started = new Worker(entry, { workerData: task, resourceLimits });
    const onEnd = () => {
      if (thread === started) end();
    };
    started.on('message', (reading: Reading) => {
      if (thread === started) answer?.(reading);
    });
    started.on('error', onEnd);
    started.on('exit', onEnd);
    return started;
  }

  return {
    read: (file) =>
      new Promise((resolve) => {
        const timer = setTimeout(end, limits.patience + grace);
        answer = (reading) => {
          answer = null;
          clearTimeout(timer);
          resolve(reading);
        };
        thread ??= start();
        thread.postMessage(file);
      }),
    rest: end,
  };
}
