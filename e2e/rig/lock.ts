import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './settings.ts';
import { until } from './steps.ts';

const file = join(cacheFolder, 'lock');

function take(): boolean {
  try {
    const lock = openSync(file, 'wx');
    writeSync(lock, String(process.pid));
    closeSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // Whoever held it died without giving it back.
    if (holder !== '' && !existsSync(`/proc/${holder}`)) rmSync(file, { force: true });
    return false;
  }
}

/** Does work that only one process may do at a time on this machine; waits up to 15 minutes for its turn. */
export async function withLock<T>(work: () => Promise<T>): Promise<T> {
  await until('the other rig to be done', 15 * 60_000, take);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
