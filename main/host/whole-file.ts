/** Files in places of the person's: written whole or not at all, and failures told as what people can understand. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { ProblemCode } from '../contract.ts';
import { Cancelled, ProblemError } from '../problem.ts';

/** How a failure on one side of the way is told; what has no code here is told as the system says it. */
export interface Codes {
  /** There is no room. */
  readonly full?: ProblemCode;
  readonly refused?: ProblemCode;
}

/** A place that the person picked to write to. */
export const writtenThere: Codes = { full: 'no-room-there', refused: 'cannot-write-there' };

/** No room; a file system that can't hold so long a file (FAT ends at 4 GiB) is none for it either. */
const isFull = /^(ENOSPC|EDQUOT|EFBIG)$/;
/** Not allowed, not there (any more), broken. */
const isRefused = /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EINVAL|ENAMETOOLONG|EIO|ENXIO|ENODEV|ETXTBSY)$/;

function told(error: unknown, { full, refused }: Codes, signal: AbortSignal): unknown {
  if (signal.aborted) return new Cancelled();
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const problem = isFull.test(code) ? full : isRefused.test(code) ? refused : undefined;
  return problem === undefined ? error : new ProblemError(problem);
}

/** For `catch`: throws the failure as it is told. */
export const tell =
  (codes: Codes, signal: AbortSignal) =>
  (error: unknown): never => {
    throw told(error, codes, signal);
  };

/** Writes a file, for this person's eyes only, that is whole or not there at all. */
export async function writeWhole(
  file: string,
  codes: Codes,
  signal: AbortSignal,
  fill: (part: FileHandle) => Promise<void>,
): Promise<void> {
  const part = `${file}.part`;
  try {
    await rm(part, { force: true });
    // `wx`: nobody's link is written through.
    const handle = await open(part, 'wx', 0o600);
    try {
      await fill(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw told(error, codes, signal);
  }
}
