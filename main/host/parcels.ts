/** Files that carry a backup from one computer to another, written and read piece by piece. See backup/parcel.ts. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Head, headFor, headIn, type Label, longestHead } from '../backup/parcel.ts';
import type { ProblemCode } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import type { Report } from '../sandbox/sandbox.ts';
import { type Codes, tell, writeWhole, writtenThere } from './whole-file.ts';

/** How much is in memory at a time. */
const pieceBytes = 1024 * 1024;

/** Where a copy that leaves this computer comes from and goes to. */
const keptHere: Codes = { refused: 'archive-damaged' };
/** Where one that is brought in comes from and goes to. */
const readThere: Codes = { refused: 'cannot-read-there' };
const writtenHere: Codes = { full: 'no-room-on-disk' };

/**
 * Copies an archive behind what has been written, piece by piece, and not more than is promised,
 * whatever becomes of its file meanwhile.
 *
 * @param start where in the file it begins
 * @throws ProblemError `damaged` when it isn't what the label says
 */
async function copyArchive(
  from: { readonly file: FileHandle; readonly start: number; readonly codes: Codes },
  to: FileHandle,
  { bytes, sha256 }: Label,
  damaged: ProblemCode,
  { signal, progress }: Report,
): Promise<void> {
  const hash = createHash('sha256');
  const room = Buffer.alloc(pieceBytes);
  let done = 0;
  while (done < bytes) {
    signal.throwIfAborted();
    const length = Math.min(room.length, bytes - done);
    const { bytesRead } = await from.file
      .read(room, 0, length, from.start + done)
      .catch(tell(from.codes, signal));
    if (bytesRead === 0) break;
    const piece = room.subarray(0, bytesRead);
    hash.update(piece);
    await to.writeFile(piece);
    done += bytesRead;
    progress(done, bytes);
  }
  if (done !== bytes || hash.digest('hex') !== sha256) throw new ProblemError(damaged, {}, []);
}

/** Writes an archive with its label into one file. */
export async function packFile(archive: string, label: Label, file: string, report: Report): Promise<void> {
  const source = await open(archive).catch(() => {
    throw new ProblemError('backup-gone', {}, []);
  });
  try {
    await writeWhole(file, writtenThere, report.signal, async (part) => {
      await part.writeFile(headFor(label));
      await copyArchive({ file: source, start: 0, codes: keptHere }, part, label, 'archive-damaged', report);
    });
  } finally {
    await source.close();
  }
}

/** Takes the archive out of a file that anybody may have made. */
export async function unpackFile(
  file: string,
  archive: string,
  room: number,
  report: Report,
): Promise<Label> {
  const { signal } = report;
  // Not waiting: a pipe that nobody writes to would be waited for without end.
  const source = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(tell(readThere, signal));
  try {
    const { label, bytes: start } = await readHead(source).catch(tell(readThere, signal));
    if (label.bytes > room) throw new ProblemError('no-room-on-disk');
    await mkdir(dirname(archive), { recursive: true, mode: 0o700 }).catch(tell(writtenHere, signal));
    await writeWhole(archive, writtenHere, signal, (part) =>
      copyArchive({ file: source, start, codes: readThere }, part, label, 'backup-file-damaged', report),
    );
    return label;
  } finally {
    await source.close();
  }
}

/** What a file says of its archive, and where in it that begins. */
async function readHead(source: FileHandle): Promise<Extract<Head, { is: 'read' }>> {
  const found = await source.stat();
  if (!found.isFile()) throw new ProblemError('not-a-backup-file', {}, []);
  const { buffer, bytesRead } = await source.read(Buffer.alloc(longestHead), 0, longestHead, 0);
  const head = headIn(buffer.subarray(0, bytesRead));
  if (head.is !== 'read') throw new ProblemError(problemOfHead[head.is], {}, []);
  if (found.size !== head.bytes + head.label.bytes) throw new ProblemError('backup-file-damaged', {}, []);
  return head;
}

const problemOfHead = {
  none: 'not-a-backup-file',
  newer: 'backup-file-newer',
  damaged: 'backup-file-damaged',
} as const;
