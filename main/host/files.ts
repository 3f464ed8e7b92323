import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';

const defaultMaxBytes = 1024 * 1024;
/** How much is read at a time: what most files have, those of /proc above all. */
const pieceBytes = 16 * 1024;

/**
 * The beginning of a text file, or null when it can't be read. Also for files that say
 * they are empty, such as those of /proc.
 */
export async function readBounded(path: string, maxBytes = defaultMaxBytes): Promise<string | null> {
  return readIfThere(path, maxBytes).catch(() => null);
}

/** The same, or null where there is no such file; whatever else keeps it from being read is thrown. */
export async function readIfThere(path: string, maxBytes = defaultMaxBytes): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return null;
  try {
    const pieces: Buffer[] = [];
    let left = maxBytes;
    while (left > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(pieceBytes, left)));
      if (bytesRead === 0) break;
      pieces.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    await file.close();
  }
}

/** Whether there is anything at a path, links followed. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
