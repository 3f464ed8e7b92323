/** Writes an archive for this person's eyes only, and says how it grows. */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../doors.ts';
import type { Report } from '../sandbox.ts';

const lookEvery = 500;

/**
 * The file is whole or not there at all; an older one is replaced at the end.
 *
 * @param write into an empty file that is there, and whose mode it leaves alone: keys may be in it
 */
export async function writeArchive(
  file: string,
  report: Report,
  clock: Clock,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await rm(part, { force: true });
  await (await open(part, 'wx', 0o600)).close();
  const done = new AbortController();
  const watching = watchFile(part, report, clock, done.signal);
  try {
    await write(part);
    const written = await open(part, 'r+');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    done.abort();
    await watching;
  }
}

async function watchFile(file: string, report: Report, clock: Clock, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    const size = await stat(file).then(
      (found) => found.size,
      () => null,
    );
    if (size !== null) report.progress(size, null);
    await clock.sleep(lookEvery, done).catch(() => {});
  }
}
