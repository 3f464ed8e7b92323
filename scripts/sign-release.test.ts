import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKeyPair, releaseWords } from '../main/app-update/example-release.ts';
import { readRelease } from '../main/app-update/signed.ts';

const script = join(import.meta.dirname, 'sign-release.mjs');
const { publicKey, privateKey } = makeKeyPair();
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const day = 86_400_000;

describe('signing a release', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const run = (words: readonly string[], env: Record<string, string> = {}) =>
    execa(process.execPath, [script, ...words, folder], { env, reject: false });
  const read = async (name: string) =>
    readRelease(await readFile(at(name), 'utf8'), await readFile(at(`${name}.sig`), 'utf8'), {
      name,
      publicKeys: [publicKey],
      now: Date.now(),
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawcove-sign-'));
    // As electron-builder leaves them: nothing of ours in them yet.
    const words = releaseWords({ signedAs: undefined, validUntil: undefined });
    for (const name of ['latest-linux.yml', 'latest-mac.yml']) await writeFile(at(name), words);
  });

  it('makes ClawCove believe every file, each as itself', async () => {
    await writeFile(at('key.pem'), pem);
    expect(await run(['--key', at('key.pem')])).toMatchObject({ exitCode: 0 });
    for (const name of ['latest-linux.yml', 'latest-mac.yml']) {
      const release = await read(name);
      expect(release).toMatchObject({ version: '1.3.0', signedAs: name });
      expect(release.stagingPercentage).toBeUndefined();
      const left = (Date.parse(release.validUntil) - Date.now()) / day;
      expect(Math.round(left)).toBe(90);
    }
  });

  it('can be done again, with a key from the environment: what isn’t said anew stays', async () => {
    const env = { CLAWCOVE_RELEASE_KEY: pem };
    const sayAfter = async (...words: string[]) => {
      expect(await run(words, env)).toMatchObject({ exitCode: 0 });
      const { stagingPercentage, safeFrom, validUntil } = await read('latest-linux.yml');
      const days = Math.round((Date.parse(validUntil) - Date.now()) / day);
      return { stagingPercentage, safeFrom, days };
    };
    const first = { stagingPercentage: 10, safeFrom: '1.2.0', days: 30 };
    expect(await sayAfter('--staging', '10', '--safe-from', '1.2.0', '--days', '30')).toEqual(first);
    expect(await sayAfter()).toEqual({ ...first, days: 90 });
    expect(await sayAfter('--staging', '50')).toMatchObject({ stagingPercentage: 50, safeFrom: '1.2.0' });
    expect(await sayAfter('--safe-from', '1.2.1')).toMatchObject({
      stagingPercentage: 50,
      safeFrom: '1.2.1',
    });
    const last = await sayAfter('--staging', '100', '--safe-from', 'none');
    expect([last.stagingPercentage, last.safeFrom]).toEqual([undefined, undefined]);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['there is no key', [], {}, /no key/],
    ['the key is none', [], { CLAWCOVE_RELEASE_KEY: 'sk-secret-secret' }, /./],
    ['a number makes no sense', ['--staging', '0'], { CLAWCOVE_RELEASE_KEY: pem }, /--staging/],
    [
      'a share is less than electron-updater knows',
      ['--staging', '0.5'],
      { CLAWCOVE_RELEASE_KEY: pem },
      /--staging/,
    ],
    ['a version is none', ['--safe-from', 'all'], { CLAWCOVE_RELEASE_KEY: pem }, /--safe-from/],
  ])('signs nothing when %s, and gives no key away', async (_, words, env, said) => {
    const { exitCode, stdout, stderr } = await run(words, { CLAWCOVE_RELEASE_KEY: '', ...env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(said);
    expect(`${stdout}${stderr}`).not.toContain('secret-secret');
    await expect(readFile(at('latest-linux.yml.sig'))).rejects.toThrow();
  });
});
