import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Lays files into a folder. Only for tests. */
export async function write(top: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(top, name)), { recursive: true });
    await writeFile(join(top, name), text);
  }
}

/** All that is in a folder, with what it says. Only for tests. */
export async function everythingIn(top: string): Promise<Record<string, string>> {
  const names = await readdir(top, { recursive: true });
  const each = names.sort().map(async (name) => {
    const found = await lstat(join(top, name));
    if (found.isDirectory()) return [name, '(folder)'];
    if (found.isSymbolicLink()) return [name, `-> ${await readlink(join(top, name))}`];
    return [name, await readFile(join(top, name), 'utf8')];
  });
  return Object.fromEntries(await Promise.all(each));
}
