import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { cacheFolder } from './settings.ts';

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * Fetches one npm package as its archive, through npm and its own settings.
 * @param integrity where given, the archive must match it (Subresource Integrity, sha512)
 * @returns the archive's path in the cache
 */
export async function npmPackage(name: string, version: string, integrity?: string): Promise<string> {
  const folder = join(cacheFolder, 'npm');
  const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (existsSync(file)) return file;
  // npm packs under the final name, so half an archive must never lie in the folder that is looked at.
  const arriving = join(folder, `arriving-${process.pid}-${basename(file, '.tgz')}`);
  mkdirSync(arriving, { recursive: true });
  try {
    await execa('npm', ['pack', `${name}@${version}`, '--pack-destination', arriving, '--silent'], {
      cwd: arriving,
      stdin: 'ignore',
    });
    const arrived = join(arriving, basename(file));
    const found = integrity && (await integrityOf(arrived));
    if (found !== integrity) throw new Error(`${name}@${version} is not what it should be: ${found}`);
    renameSync(arrived, file);
  } finally {
    rmSync(arriving, { recursive: true, force: true });
  }
  return file;
}
