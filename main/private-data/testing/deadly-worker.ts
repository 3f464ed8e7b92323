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
};
if (task.is === 'read')
  parentPort?.on('message', ({ untrustedName }: FileToRead) => deeds[untrustedName]?.());
await import('../scan-worker.ts');
