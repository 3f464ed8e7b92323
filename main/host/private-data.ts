/** Private data, searched for in a thread: nothing that files do or are holds up the app. */
import { Worker } from 'node:worker_threads';
import type { Log, PrivateData } from '../doors.ts';
import type { PrivateSearch } from '../private-data/found.ts';
import {
  type FromThread,
  keyOf,
  type Order,
  type Results,
  type ScanProgram,
  type ThreadTask,
  type ToThread,
} from '../private-data/messages.ts';
import { type Limits, usualLimits } from '../private-data/read/limits.ts';
import { Cancelled, ProblemError } from '../problem.ts';

/** For what is remembered of files that were looked at. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

const begun: PrivateSearch = { files: [], looked: 0, unreadable: 0, isWhole: false, shut: [] };

/** Somebody who waits for an answer. */
interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The thread, and how the search stood when it last told. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  standing: Standing;
}

/** What the thread told last, when that was heard (ms, on a clock that nobody sets), and of which places. */
interface Standing {
  readonly of: string;
  readonly at: number;
  readonly search: PrivateSearch;
}

/** How long the last whole search is an answer while another one is under way (ms): its disk may be gone. */
const wholeFor = 15 * 60_000;

/** What there is to say of these places before the search has ended. Pure. */
export function soFar({ of, at, search }: Standing, asked: { readonly of: string; readonly now: number }) {
  if (of !== asked.of) return begun;
  return { ...search, isWhole: search.isWhole && asked.now - at < wholeFor };
}

export interface PrivateDataOptions {
  readonly program: ScanProgram;
  readonly log: Log;
  readonly limits?: Limits;
}

/** The real {@link PrivateData}; its thread is started when it is first asked. */
export function createPrivateData({ program, log, limits = usualLimits }: PrivateDataOptions): PrivateData {
  let thread: Thread | null = null;
  let lastId = 0;

  function start(): Thread {
    const task: ThreadTask = { is: 'search', program, limits };
    const started: Thread = {
      worker: new Worker(program.entry, { workerData: task, resourceLimits }),
      waiting: new Map(),
      standing: { of: '', at: 0, search: begun },
    };
    const end = (error: Error) => {
      if (thread === started) thread = null;
      for (const { reject } of started.waiting.values()) reject(error);
      started.waiting.clear();
    };
    started.worker.on('message', (message: FromThread) => hear(started, message));
    started.worker.on('error', (error) => {
      log.error('the search for private data broke off', error);
      end(new ProblemError('unexpected', { detail: 'the search for private data broke off' }));
    });
    started.worker.on('exit', () => end(new Cancelled()));
    started.worker.unref();
    return started;
  }

  function hear(from: Thread, message: FromThread): void {
    if (message.is === 'standing') {
      from.standing = { of: message.of, at: performance.now(), search: message.search };
      return;
    }
    const asked = from.waiting.get(message.id);
    from.waiting.delete(message.id);
    switch (message.is) {
      case 'done':
        asked?.resolve(message.result as never);
        break;
      case 'cancelled':
        asked?.reject(new Cancelled());
        break;
      case 'failed': {
        const { code, facts, next } = message.problem;
        asked?.reject(new ProblemError(code, facts, next));
      }
    }
  }

  function ask<Is extends Order['is']>(
    order: Extract<Order, { is: Is }>,
    signal: AbortSignal,
  ): Promise<Results[Is]> {
    if (signal.aborted) return Promise.reject(new Cancelled());
    thread ??= start();
    const { worker, waiting } = thread;
    const id = ++lastId;
    const say = (message: ToThread) => worker.postMessage(message);
    return new Promise<Results[Is]>((resolve, reject) => {
      const breakOff = () => say({ id, order: null });
      const over = () => signal.removeEventListener('abort', breakOff);
      signal.addEventListener('abort', breakOff);
      waiting.set(id, {
        resolve: (result) => {
          over();
          resolve(result);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      say({ id, order });
    });
  }

  return {
    async look(places, patience, signal) {
      const whole = ask<'look'>({ is: 'look', places }, signal);
      return new Promise<PrivateSearch>((resolve, reject) => {
        const timer = setTimeout(() => {
          resolve(thread ? soFar(thread.standing, { of: keyOf(places), now: performance.now() }) : begun);
        }, patience);
        const cancel = () => reject(new Cancelled());
        signal.addEventListener('abort', cancel);
        whole.then(resolve, reject).finally(() => {
          clearTimeout(timer);
          signal.removeEventListener('abort', cancel);
        });
      });
    },
    take: (from, untrustedPath, keptFolder, signal) =>
      ask<'take'>({ is: 'take', from, untrustedPath, keptFolder }, signal),
    async putBack(keptFolder, keptName, to, untrustedPath, signal) {
      await ask<'put-back'>({ is: 'put-back', keptFolder, keptName, to, untrustedPath }, signal);
    },
    async close() {
      await thread?.worker.terminate();
    },
  };
}
