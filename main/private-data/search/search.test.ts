import { appendFile, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { foldersByHandle } from '../../host/linux/open-folder.ts';
import { testFolder } from '../../host/test-folder.ts';
import { mostFiles, type SearchedPlace } from '../found.ts';
import type { Reading } from '../read/look-into.ts';
import { createSearch, type FileToRead, type Search } from './search.ts';

const clean: Reading = { kinds: [], within: null, isWhole: true };
const secret: Reading = { kinds: ['api-key'], within: null, isWhole: true };

let folder: string;
let read: string[];
/** What is done while a file is read. */
let meanwhile: (file: FileToRead) => Promise<void>;
let search: Search;

const shared = (): SearchedPlace => ({ place: 'shared', folder });
const at = (...path: string[]) => join(folder, ...path);
const put = async (path: string, text = 'secret') => {
  await mkdir(join(at(path), '..'), { recursive: true });
  await writeFile(at(path), text);
};
const look = (...more: SearchedPlace[]) => search.run([shared(), ...more]);
/** What was read since the last time. */
const reads = () => read.splice(0).sort();
const paths = ({ files }: { files: readonly { untrustedPath: string }[] }) =>
  files.map(({ untrustedPath }) => untrustedPath);

beforeEach(async () => {
  folder = await testFolder();
  read = [];
  meanwhile = async () => {};
  search = createSearch({
    folders: foldersByHandle,
    onProgress() {},
    async read(file) {
      read.push(file.untrustedName);
      const text = await readFile(`/proc/self/fd/${file.handle}`, 'utf8');
      await meanwhile(file);
      return text.includes('secret') ? secret : clean;
    },
  });
});

describe('a second look', () => {
  beforeEach(async () => {
    await put('a.txt');
    await put('b/b.txt', 'clean');
    await put('b/c.txt');
    await look();
    expect(reads()).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });

  it('reads nothing that is as it was', async () => {
    expect(paths(await look())).toEqual(['a.txt', 'b/c.txt']);
    expect(reads()).toEqual([]);
  });

  it('reads what was changed, even when its time and length were put back', async () => {
    await utimes(at('b/b.txt'), 1, 1);
    await look();
    reads();
    await put('b/b.txt', 'secre');
    await appendFile(at('b/b.txt'), 't');
    await put('b/b.txt', 'secret');
    await utimes(at('b/b.txt'), 1, 1);
    expect(paths(await look())).toEqual(['a.txt', 'b/b.txt', 'b/c.txt']);
    expect(reads()).toEqual(['b.txt']);
  });

  it('reads another file of that name, and what has another name', async () => {
    await rename(at('a.txt'), at('z.txt'));
    await put('a.txt', 'clean');
    expect(paths(await look())).toEqual(['b/c.txt', 'z.txt']);
    expect(reads()).toEqual(['a.txt', 'z.txt']);
  });

  it('forgets what is gone', async () => {
    await rm(at('b'), { recursive: true });
    expect(await look()).toMatchObject({ files: [{ untrustedPath: 'a.txt' }], looked: 1 });
    expect(reads()).toEqual([]);
  });

  it('knows a place again that was away for no longer than it takes to look', async () => {
    const other: SearchedPlace = { place: 'workspace', folder: at('b') };
    expect(await look(other)).toMatchObject({ files: [{}, {}, { place: 'workspace' }], looked: 5 });
    expect(reads()).toEqual(['b.txt', 'c.txt']);
    await look(other);
    expect(reads()).toEqual([]);
  });
});

describe('a file that changes while it is read', () => {
  it('is read again at the next look', async () => {
    await put('a.txt', 'clean');
    meanwhile = async () => appendFile(at('a.txt'), 'secret');
    expect(paths(await look())).toEqual([]);
    meanwhile = async () => {};
    expect(paths(await look())).toEqual(['a.txt']);
    expect(reads()).toEqual(['a.txt', 'a.txt']);
  });

  it('is no matter when it goes away', async () => {
    await put('a.txt');
    await put('b.txt');
    meanwhile = ({ untrustedName }) => rm(at(untrustedName), { force: true });
    expect(await look()).toEqual({ files: [], looked: 0, unreadable: 0, isWhole: true, shut: [] });
  });
});

describe('how a search stands', () => {
  const standing = () => search.standing().search;

  it('is whole only when everything was looked at', async () => {
    await put('a.txt');
    await put('b.txt');
    const seen: unknown[] = [];
    meanwhile = async () => void seen.push([standing().isWhole, standing().looked]);
    expect(standing().isWhole).toBe(false);
    await look();
    expect(seen).toEqual([
      [false, 0],
      [false, 1],
    ]);
    expect(standing()).toMatchObject({ isWhole: true, looked: 2 });
  });

  it('stays whole while nothing new is found to be read, and no longer', async () => {
    await put('a.txt');
    await look();
    const again = look();
    expect(standing().isWhole).toBe(true);
    await again;
    await put('b.txt', 'clean');
    let whole: boolean | null = null;
    meanwhile = async () => {
      whole = standing().isWhole;
    };
    await look();
    expect(whole).toBe(false);
  });

  it('is in doubt when something was put there meanwhile', async () => {
    await put('a.txt');
    meanwhile = async () => {
      meanwhile = async () => {};
      await put('0.txt');
      search.doubt();
    };
    expect(paths(await look())).toEqual(['0.txt', 'a.txt']);
    search.doubt();
    expect(standing().isWhole).toBe(false);
  });

  it('leaves out at once what was taken away', async () => {
    await put('a.txt');
    await put('in/b.txt');
    await look();
    search.forget('shared', 'in/b.txt');
    expect(paths(standing())).toEqual(['a.txt']);
  });

  it('is that of the places that were asked for last', async () => {
    await put('a.txt');
    await put('b.txt');
    const other: SearchedPlace = { place: 'workspace', folder: at('..') };
    let second: Promise<unknown> | null = null;
    meanwhile = async () => {
      second ??= search.run([{ ...other, folder }]);
    };
    expect((await look()).isWhole).toBe(false);
    expect(await second).toMatchObject({ files: [{ place: 'workspace' }, { place: 'workspace' }] });
  });
});

describe('many files', () => {
  it('are listed up to a number, and no more are read', async () => {
    for (let number = 0; number < mostFiles + 20; number += 1) await writeFile(at(`${number}.txt`), 'secret');
    const { files, isWhole } = await look();
    expect([files.length, isWhole, reads().length]).toEqual([mostFiles, true, mostFiles]);
    await look();
    expect(reads()).toEqual([]);
  });

  it('are looked at once: short ones first', async () => {
    await put('a.txt', 'x'.repeat(5 * 1024 ** 2));
    await put('b.txt');
    expect(await look()).toMatchObject({ looked: 2 });
    expect(read).toEqual(['b.txt', 'a.txt']);
  });
});

describe('programs’ own files', () => {
  it('are left out in the agent’s workspace, and nowhere else', async () => {
    for (const path of ['node_modules/x/key.pem', 'git/objects/a', '.git/objects/a', '.git/config'])
      await put(path);
    const everything = ['.git/config', '.git/objects/a', 'git/objects/a', 'node_modules/x/key.pem'];
    expect(paths(await look())).toEqual(everything);
    expect(paths(await search.run([{ place: 'workspace', folder }]))).toEqual([
      '.git/config',
      'git/objects/a',
    ]);
  });
});

describe('folders inside each other', () => {
  it('end somewhere, and are said to', async () => {
    await put(`${'a/'.repeat(99)}b.txt`);
    expect(await look()).toMatchObject({ files: [{}], unreadable: 0 });
    await put(`${'a/'.repeat(110)}b.txt`);
    expect(await look()).toMatchObject({ files: [{}], unreadable: 1, isWhole: true });
  });
});
