/** Backups on disk: archives, each with a note beside it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import writeFileAtomic from 'write-file-atomic';
import { Note } from '../backup/catalogue.ts';
import { BackupId } from '../contract.ts';
import type { Backups, Log } from '../doors.ts';
import { readBounded } from './files.ts';
import { packFile, unpackFile } from './parcels.ts';

const archive = '.tar';
const noteEnd = '.json';

/** Whether nothing lies there. What can't be looked at just then (too many open files, a failing disk) may. */
const isGone = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    (error) => error.code === 'ENOENT',
  );

/** The real {@link Backups} in a folder, which is made when there is something to put in. */
export function createBackups(folder: string, log: Log): Backups {
  const fileOf = (id: BackupId) => join(folder, `${BackupId.parse(id)}${archive}`);
  const noteOf = (id: BackupId) => join(folder, `${BackupId.parse(id)}${noteEnd}`);

  const noteBeside = async (id: BackupId): Promise<Note | null> => {
    const text = await readBounded(noteOf(id));
    if (text === null) return null;
    try {
      const note = Note.parse(JSON.parse(text));
      return (await stat(fileOf(id))).size === note.bytes ? note : null;
    } catch (error) {
      log.error(`${noteOf(id)} is no note of a whole backup`, error);
      return null;
    }
  };
  // A folder that can't be read is not one without backups.
  const namesThere = (): Promise<string[]> =>
    readdir(folder).catch((error) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  const idsWith = async (end: string): Promise<BackupId[]> =>
    (await namesThere())
      .filter((name) => name.endsWith(end))
      .map((name) => BackupId.safeParse(name.slice(0, -end.length)))
      .flatMap(({ data }) => data ?? []);
  const drop = async (id: BackupId) => {
    // The note first: what is half removed must not look whole.
    await rm(noteOf(id), { force: true });
    await rm(fileOf(id), { force: true });
  };

  return {
    fileOf,
    drop,
    async list() {
      const found = await Promise.all(
        (await idsWith(noteEnd)).map(async (id) => ({ id, note: await noteBeside(id) })),
      );
      return found.flatMap(({ id, note }) => (note ? [{ id, note }] : []));
    },
    async measure(id, signal) {
      const hash = createHash('sha256');
      let bytes = 0;
      const count = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          yield chunk;
        }
      };
      await pipeline(createReadStream(fileOf(id)), count, hash, { signal });
      return { bytes, sha256: hash.digest('hex') };
    },
    async note(id, note) {
      await writeFileAtomic(noteOf(id), `${JSON.stringify(Note.parse(note), null, 2)}\n`, { mode: 0o600 });
    },
    pack: (id, label, file, report) => packFile(fileOf(id), label, file, report),
    unpack: (file, id, room, report) => unpackFile(file, fileOf(id), room, report),
    async sweep() {
      for (const id of await idsWith(archive)) if (await isGone(noteOf(id))) await drop(id);
      for (const id of await idsWith(`${archive}.part`)) await rm(`${fileOf(id)}.part`, { force: true });
    },
  };
}
