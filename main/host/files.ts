import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';

const defaultMaxBytes = 1024 * 1024;

/**
 * The beginning of a text file, or null when it can't be read. Also for files that say
 * they are empty, such as those of /proc.
 */
export async function readBounded(path: string, maxBytes = defaultMaxBytes): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (!file) return null;
  try {
    const buffer = Buffer.alloc(maxBytes);
    let size = 0;
    while (size < maxBytes) {
      const { bytesRead } = await file.read(buffer, size, maxBytes - size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return buffer.toString('utf8', 0, size);
  } catch {
    return null;
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
