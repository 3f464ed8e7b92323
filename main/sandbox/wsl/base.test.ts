import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import { type Download, fetchBase } from './base.ts';

const right = 'the root file system';
const sha256 = createHash('sha256').update(right).digest('hex');
const near = 'https://near.example/base.wsl';
const makers = 'https://makers.example/base.wsl';

describe('the root file system', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await testFolder(), 'base');
  });
  const fetchWith = async (gives: Record<string, string | Error>, signal = new AbortController().signal) => {
    const asked: string[] = [];
    const said: string[] = [];
    const download: Download = async (url, file) => {
      asked.push(url);
      const given = gives[url];
      if (given === undefined) throw new Error(`nobody is to ask ${url}`);
      if (given instanceof Error) throw given;
      await writeFile(file, given, { flag: 'wx' });
    };
    const report = { signal, progress() {}, log: (line: string) => said.push(line) };
    const file = await fetchBase({ urls: [near, makers], sha256 }, folder, download, report).catch(
      (error: unknown) => error,
    );
    return { file, asked, said };
  };

  it('comes from the first place that has the right one', async () => {
    const { file, asked } = await fetchWith({ [near]: right });
    expect(await readFile(String(file), 'utf8')).toBe(right);
    expect(asked).toEqual([near]);
  });

  it('comes from the next place where one is away, or gives something else', async () => {
    for (const first of [new ProblemError('source-silent'), 'something else']) {
      const { file, asked } = await fetchWith({ [near]: first, [makers]: right });
      expect(asked).toEqual([near, makers]);
      expect(await readdir(folder)).toEqual([`${sha256}.wsl`]);
      await writeFile(String(file), 'changed since');
    }
  });

  it('is fetched once, and measured each time', async () => {
    await fetchWith({ [near]: right });
    expect((await fetchWith({})).asked).toEqual([]);
    await writeFile(join(folder, `${sha256}.wsl`), 'somebody changed it');
    expect((await fetchWith({ [near]: right })).asked).toEqual([near]);
  });

  it('is not there where every place gives something else, and nothing of it stays', async () => {
    const { file, said } = await fetchWith({ [near]: 'x', [makers]: 'y' });
    expect(file).toMatchObject({ problem: { code: 'system-damaged' } });
    expect(said).toHaveLength(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says the last place’s trouble, and stops when the person does', async () => {
    const gone = new ProblemError('no-internet');
    expect((await fetchWith({ [near]: gone, [makers]: gone })).file).toBe(gone);
    expect((await fetchWith({ [near]: new Cancelled() })).file).toBeInstanceOf(Cancelled);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${sha256}.wsl`), right);
    expect((await fetchWith({}, AbortSignal.abort())).file).toBeInstanceOf(Cancelled);
  });
});
