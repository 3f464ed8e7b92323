/** A folder of another system, packed by a real tar and unpacked here. */
import { execFile } from 'node:child_process';
import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../../host/test-folder.ts';
import { archiveOf, copyFolder, tameName, tamePath } from './copied-folder.ts';
import type { Guest } from './machine.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;

/** A guest whose commands run here. */
const here: Guest = {
  run: () => Promise.reject(new Error('nobody asked for this')),
  send: () => Promise.reject(new Error('nobody asked for this')),
  async receive([program = '', ...args], file) {
    const { stdout } = await run(program, args, { encoding: 'buffer', maxBuffer: 1e8 });
    await writeFile(file, stdout, { flag: 'wx' });
    return { exitCode: 0, untrustedOut: '', untrustedErr: '', truncated: false };
  },
};

describe('a copy of a folder inside', () => {
  let inside: string;
  let place: string;
  beforeEach(async () => {
    const folder = await testFolder();
    inside = join(folder, 'inside');
    place = join(folder, 'own', 'seen');
    await mkdir(join(inside, 'notes', '日记'), { recursive: true });
    await writeFile(join(inside, 'notes', '日记', 'a.md'), 'hello');
  });
  const copy = () => copyFolder(here, inside, place, signal);

  it('has its files, for this person alone, and takes the place of an older one', async () => {
    expect(await copy()).toBe(place);
    const file = join(place, 'notes', '日记', 'a.md');
    expect(await readFile(file, 'utf8')).toBe('hello');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(join(inside, 'new'), 'x');
    await copy();
    expect((await readdir(place)).sort()).toEqual(['new', 'notes']);
    expect(await readdir(join(place, '..'))).toEqual(['seen']);
  });

  it('has nothing that leads anywhere else', async () => {
    await symlink('/etc', join(inside, 'etc'));
    await symlink('/etc/passwd', join(inside, 'passwd'));
    await link(join(inside, 'notes', '日记', 'a.md'), join(inside, 'again'));
    await copy();
    expect((await readdir(place)).sort()).not.toContain('etc');
    expect(await readdir(place)).not.toContain('passwd');
  });

  it('is empty where there is no such folder', async () => {
    await copyFolder(here, join(inside, 'gone'), place, signal);
    expect(await readdir(place)).toEqual([]);
  });

  it('is none when the archive was cut off', async () => {
    const cut: Guest = {
      ...here,
      async receive(argv, file, report) {
        const result = await here.receive(argv, file, report);
        await writeFile(file, (await readFile(file)).subarray(0, 700));
        return result;
      },
    };
    await expect(copyFolder(cut, inside, place, signal)).rejects.toThrow();
    expect(await readdir(join(place, '..'))).toEqual([]);
  });

  it('is asked for by one constant script', () => {
    expect(archiveOf("/a'b c")[2]).toBe(archiveOf('/x')[2]);
    expect(archiveOf("/a'b c")[4]).toBe("/a'b c");
  });
});

describe('names from inside', () => {
  it.each([
    ['taxes.pdf', 'taxes.pdf'],
    ['a:b\\c*?', 'a_b_c__'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['end. ', 'end_'],
    ['身份证.txt', '身份证.txt'],
  ])('%j become %j', (name, tame) => expect(tameName(name)).toBe(tame));

  it('are cut where they are too long, with their end', () => {
    const long = `${'很长'.repeat(60)}.txt`;
    expect(Buffer.byteLength(tameName(long))).toBeLessThanOrEqual(150);
    expect(tameName(long)).toMatch(/^[0-9a-f]{16}.*\.txt$/);
    expect(tameName(`x${long}`)).not.toBe(tameName(long));
  });

  it.each(['../x', 'a/../../x', './..', '', '/'])('lead nowhere as %j', (path) => {
    expect(tamePath(path)).toBeNull();
  });

  it('stay below each other', () => expect(tamePath('./a//b')).toEqual(['a', 'b']));
});
