/** Bytes that can be read anywhere. */
import { readSync } from 'node:fs';

export interface Source {
  readonly bytes: number;
  /** What lies there; shorter at the end. */
  read(position: number, length: number): Buffer;
}

/** How much is in memory at a time. */
export const pieceBytes = 64 * 1024;

/** An open file. It is read in this thread: one that hangs must not take up the whole app's few threads for files. */
export const fileSource = (fd: number, bytes: number): Source => ({
  bytes,
  read(position, length) {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, bytes - position)));
    let done = 0;
    while (done < buffer.length) {
      const count = readSync(fd, buffer, done, buffer.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return buffer.subarray(0, done);
  },
});

export const bufferSource = (buffer: Buffer): Source => ({
  bytes: buffer.length,
  read: (position, length) => buffer.subarray(position, position + length),
});

/** All of it, piece by piece. */
export async function* piecesOf(source: Source): AsyncGenerator<Buffer> {
  for (let position = 0; position < source.bytes; ) {
    const piece = source.read(position, pieceBytes);
    if (piece.length === 0) return;
    yield piece;
    position += piece.length;
  }
}
