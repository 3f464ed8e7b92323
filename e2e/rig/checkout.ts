import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder, checkoutFolder } from './settings.ts';
import { asUser } from './user.ts';

async function userCanRead(path: string): Promise<boolean> {
  const [file = '', ...args] = asUser(['test', '-r', path]);
  return (await execa(file, args, { reject: false, cwd: '/' })).exitCode === 0;
}

/** Hard links where the file system allows it, copies otherwise. */
async function copyTree(from: string, to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  const { exitCode } = await execa('cp', ['-al', from, to], { reject: false });
  if (exitCode === 0) return;
  rmSync(to, { recursive: true, force: true });
  await execa('cp', ['-a', from, to]);
}

const notOurs = new Set(['.git', 'node_modules']);

/**
 * The checkout where the person can read it: the folder itself, or (when it lies in somebody else's
 * private folder) a fresh copy in the cache, with the packages linked in.
 */
export async function readableCheckout(): Promise<string> {
  if (await userCanRead(join(checkoutFolder, 'package.json'))) return checkoutFolder;
  const copy = join(cacheFolder, 'checkout');
  const packages = join(copy, 'node_modules');
  const lock = createHash('sha256')
    .update(readFileSync(join(checkoutFolder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(copy, '.packages');
  mkdirSync(copy, { recursive: true });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    await copyTree(join(checkoutFolder, 'node_modules'), packages);
    writeFileSync(stamp, lock);
  }
  for (const name of readdirSync(copy))
    if (name !== 'node_modules' && name !== '.packages') rmSync(join(copy, name), { recursive: true });
  for (const name of readdirSync(checkoutFolder))
    if (!notOurs.has(name)) cpSync(join(checkoutFolder, name), join(copy, name), { recursive: true });
  return copy;
}
