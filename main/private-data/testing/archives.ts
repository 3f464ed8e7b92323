/** Builds archives and documents for tests, whole ones and hostile ones. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Files by their path; a text is written as UTF-8. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A zip archive. */
export async function zip(files: Files): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [path, content] of Object.entries(files))
    archive.addBuffer(Buffer.from(content as string), path);
  archive.end();
  return buffer(archive.outputStream);
}
