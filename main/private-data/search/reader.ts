/** Looks into files in a thread of their own: what some file makes the libraries do ends with that thread. */
import { Worker } from 'node:worker_threads';
import { workOf } from '../../host/search-means.ts';
import type { ScanProgram, ThreadTask } from '../messages.ts';
import type { Limits } from '../read/limits.ts';
import type { Reading } from '../read/look-into.ts';
import type { FileToRead } from './search.ts';

export interface Reader {
  /** Never rejects. A file that takes the thread with it, or doesn't end, can't be looked into. */
  read(file: FileToRead): Promise<Reading>;
  /** Ends the thread unless it is at work; the next file starts another. */
  rest(): void;
}

/** For objects of the thread; what it reads comes on top. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };
/** How much longer than its own limit the thread may work on a file (ms). */
const grace = 2_000;
/** How often that is looked at (ms). */
const lookEvery = 500;

const unreadable: Reading = { kinds: [], within: null, isWhole: false };

/** What the thread says. */
export type FromReader =
  /** `thread`: see `ownName` in search-means.ts. */
  | { readonly is: 'ready'; readonly thread: string | null }
  | { readonly is: 'read'; readonly reading: Reading };

/** What a file has cost until now: time (ms), of the thread and in all, and memory (bytes). */
interface Spent {
  readonly worked: number;
  readonly waited: number;
  readonly memory: number;
}

/** Whether a file has had its share. Pure. */
export function isOver({ worked, waited, memory }: Spent, limits: Limits): boolean {
  return worked > limits.patience + grace || waited > limits.wait || memory > limits.memory;
}

export function createReader(program: ScanProgram, limits: Limits): Reader {
  const task: ThreadTask = { is: 'read', program, limits };
  let worker: Worker | null = null;
  let thread: string | null = null;
  let isReady = false;
  let answer: ((reading: Reading) => void) | null = null;

  // One that has not said its name yet has not begun.
  const worked = () => (worker && isReady ? workOf(worker, thread) : 0);

  function end(): void {
    // Not waited for: one that reads from a disk that is gone may never end.
    void worker?.terminate();
    worker = null;
    thread = null;
    isReady = false;
    answer?.(unreadable);
  }

  function start(): Worker {
    // What libraries have to say of files is not for the person's terminal.
    const started = new Worker(program.entry, {
      workerData: task,
      resourceLimits,
      stdout: true,
      stderr: true,
    });
    started.stdout.resume();
    started.stderr.resume();
    const onEnd = () => {
      if (worker === started) end();
    };
    started.on('message', (message: FromReader) => {
      if (worker !== started) return;
      if (message.is === 'ready') [thread, isReady] = [message.thread, true];
      else answer?.(message.reading);
    });
    started.on('error', onEnd);
    started.on('exit', onEnd);
    return started;
  }

  return {
    read: (file) =>
      new Promise((resolve) => {
        worker ??= start();
        const before = { worked: worked(), at: performance.now(), memory: process.memoryUsage.rss() };
        const timer = setInterval(() => {
          const spent = {
            worked: worked() - before.worked,
            waited: performance.now() - before.at,
            memory: process.memoryUsage.rss() - before.memory,
          };
          if (isOver(spent, limits)) end();
        }, lookEvery);
        answer = (reading) => {
          answer = null;
          clearInterval(timer);
          resolve(reading);
        };
        worker.postMessage(file);
      }),
    rest() {
      if (!answer) end();
    },
  };
}
