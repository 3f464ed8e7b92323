/** Archives, and that GNU tar, which unpacks them in a home, finds in them what was put in. */
import { execFile } from 'node:child_process';
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Cargo } from '../../moving-in/found.ts';
import { macFiles } from '../macos/file-ways.ts';
import { testFolder } from '../test-folder.ts';
import { targetInside, windowsFiles } from '../windows/file-ways.ts';
import { type FileWays, linuxFiles } from './file-ways.ts';
import { pack } from './pack.ts';
import { everythingIn, write } from './testing/files.ts';

const exec = promisify(execFile);
const report = { signal: new AbortController().signal, progress() {}, log() {} };
const nothing: Cargo = { instead: [], notes: [] };

async function packed(
  fill: (folder: string) => Promise<void>,
  { ways = linuxFiles, cargo = nothing }: { ways?: FileWays; cargo?: Cargo } = {},
) {
  const top = await testFolder();
  const [folder, out, file] = [join(top, '.openclaw'), join(top, 'out'), join(top, 'one.tar')];
  await mkdir(folder);
  await mkdir(out);
  await fill(folder);
  await pack(folder, ways, cargo, file, report);
  const { stderr } = await exec('tar', [
    '--extract',
    `--file=${file}`,
    `--directory=${out}`,
    '--no-same-owner',
  ]);
  expect(stderr).toBe('');
  return { folder, out };
}

describe('an archive', () => {
  const long = Array.from({ length: 12 }, (_, at) => `${at}-${'漢字 & Söhne '.repeat(5)}`).join('/');

  it('holds everything, whatever it is called and however long that is', async () => {
    const files = {
      [`${long}/deep.txt`]: 'deep',
      'a\nb': 'two lines',
      '-rf': 'a word like an option',
      "it's": 'quoted',
      [`${'x'.repeat(100)}`]: 'just too long',
      [`${'y'.repeat(99)}/z`]: 'in two parts',
      empty: '',
      block: 'b'.repeat(512),
      more: 'm'.repeat(700_001),
    };
    const { folder, out } = await packed(async (at) => {
      await write(at, files);
      await mkdir(join(at, 'hollow'));
      await symlink(`nowhere/${'l'.repeat(150)}/漢`, join(at, 'link'));
      await symlink('/etc', join(at, 'etc'));
      await exec('mkfifo', [join(at, 'pipe')]);
    });
    // There was nothing in it to keep.
    await rm(join(folder, 'pipe'));
    expect(await everythingIn(out)).toEqual(await everythingIn(folder));
  });

  it('keeps who may run what, and when it was written', async () => {
    const { folder, out } = await packed(async (at) => {
      await write(at, { 'run.sh': '#!/bin/sh\n', key: 'k' });
      await chmod(join(at, 'run.sh'), 0o750);
      await chmod(join(at, 'key'), 0o600);
    });
    for (const name of ['run.sh', 'key']) {
      const [before, after] = [await lstat(join(folder, name)), await lstat(join(out, name))];
      expect(after.mode).toBe(before.mode);
      expect(after.mtime.getTime()).toBe(Math.floor(before.mtimeMs / 1000) * 1000);
    }
  });

  it('leaves its program where it is, and what is made anew', async () => {
    const { out } = await packed((at) =>
      write(at, {
        'openclaw.json': '{}',
        'openclaw.json.bak.1': 'old',
        'tools/node-v24.19.0/bin/node': 'program',
        'tools/jq/jq': 'a skill’s',
        'lib/node_modules/openclaw/package.json': 'program',
        'lib/node_modules/other/x': 'else',
        'bin/openclaw': 'program',
        'workspace/bin/openclaw': 'notes',
        'workspace/tmp/x': 'notes',
        'tmp/x': 'lock',
      }),
    );
    const left = (await readdir(out, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    expect(left.map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1)).sort()).toEqual([
      'lib/node_modules/other/x',
      'openclaw.json',
      'tools/jq/jq',
      'workspace/bin/openclaw',
      'workspace/tmp/x',
    ]);
  });

  it('has one file of settings, under the name that counts', async () => {
    const fill = (at: string) => write(at, { 'clawdbot.json': 'old', 'agents/clawdbot.json': 'else' });
    const text = 'new';
    const { out } = await packed(fill, { cargo: { instead: [{ name: 'openclaw.json', text }], notes: [] } });
    expect((await readdir(out)).sort()).toEqual(['agents', 'openclaw.json']);
    // What nobody can read comes along as it is.
    expect(await readdir((await packed(fill)).out)).toContain('clawdbot.json');
  });

  it('of a Mac has names as people write them', async () => {
    const { out } = await packed((at) => write(at, { 'Rene\u0301/me\u0301moire.md': 'm' }), {
      ways: macFiles,
    });
    expect(await readFile(join(out, 'Ren\u00e9/m\u00e9moire.md'), 'utf8')).toBe('m');
  });

  it('of Windows is for one person’s eyes only, and its links lead on', async () => {
    const { out } = await packed(
      async (at) => {
        await write(at, { 'a/b/c': 'c' });
        await symlink(join(at, 'a'), join(at, 'junction'));
        await chmod(join(at, 'a/b/c'), 0o666);
      },
      { ways: windowsFiles },
    );
    expect((await lstat(join(out, 'a/b/c'))).mode & 0o777).toBe(0o600);
    expect((await lstat(join(out, 'a'))).mode & 0o777).toBe(0o700);
    expect(await readlink(join(out, 'junction'))).toBe('a');
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['shrinks', (path) => truncate(path, 10)],
  ])('is not made where a file %s while it is read', async (_, change) => {
    const top = await testFolder();
    const [folder, file] = [join(top, '.openclaw'), join(top, 'backups', 'one.tar')];
    await write(folder, { big: 'b'.repeat(3_000_000) });
    const path = join(folder, 'big');
    const ways: FileWays = {
      ...linuxFiles,
      modeOf(stats) {
        // It has been measured by then, and not been read.
        if (stats.isFile()) void change(path);
        return 0o600;
      },
    };
    await expect(pack(folder, ways, nothing, file, report)).rejects.toMatchObject({
      problem: { code: 'host-unreadable', facts: { path } },
    });
    expect(await readdir(join(top, 'backups'))).toEqual([]);
  });

  it('is not made where nobody wants it any more', async () => {
    const top = await testFolder();
    await write(top, { '.openclaw/x': 'x' });
    const signal = AbortSignal.abort();
    await expect(
      pack(join(top, '.openclaw'), linuxFiles, nothing, join(top, 'b/one.tar'), { ...report, signal }),
    ).rejects.toThrow('cancelled');
    expect(await readdir(join(top, 'b'))).toEqual([]);
  });
});

describe('a link of Windows’', () => {
  const top = 'C:\\Users\\王小明\\.openclaw';
  const link = `${top}\\plugins\\node_modules\\x`;
  it.each([
    ['..\\y', '../y'],
    [`${top}\\store\\x\\`, '../../store/x'],
    ['c:\\users\\王小明\\.OpenClaw\\store\\x', '../../store/x'],
    [`\\\\?\\${top}\\store\\x`, '../../store/x'],
    [`${top}\\plugins\\node_modules`, '.'],
    ['C:\\Users\\王小明\\.openclaw-work\\x', 'C:/Users/王小明/.openclaw-work/x'],
    ['D:\\x', 'D:/x'],
    ['C:\\', 'C:/'],
    ['\\\\server\\share\\x', '//server/share/x'],
  ])('to %s leads to %s', (target, expected) => expect(targetInside(target, link, top)).toBe(expected));
});
