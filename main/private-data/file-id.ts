import { createHash } from 'node:crypto';

/** The name of a file towards the views: closed, always the same, and nothing of where it lies can be read in it. */
export function fileId(...where: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(where)).digest('hex').slice(0, 16);
}
