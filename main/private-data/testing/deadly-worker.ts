/** The program of the threads, with files that no library can be counted on to bring forth: by their names. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadTask } from '../messages.ts';
import type { FileToRead } from '../search/search.ts';

const task: ThreadTask = workerData;
const deeds: Readonly<Record<string, () => void>> = {
  hangs() {
    for (;;);
  },
  dies() {
    process.exit(1);
  },
  throws() {
    throw new Error('nobody catches this');
  },
  eats() {
    const eaten: string[][] = [];
    for (;;) eaten.push(Array.from({ length: 1e5 }, () => 'food'));
  },
  fills() {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const full: Buffer[] = [];
    for (;;) {
      full.push(Buffer.alloc(16e6, 'x'));
      Atomics.wait(pause, 0, 0, 50);
    }
  },
};
// It hears first: what comes before anybody listens waits, what comes then is gone.
await import('../scan-worker.ts');
if (task.is === 'read')
  parentPort?.on('message', ({ untrustedName }: FileToRead) => deeds[untrustedName]?.());
