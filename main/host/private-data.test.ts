import { execFile } from 'node:child_process';
import {
  appendFile,
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrivateData } from '../doors.ts';
import type { SearchedPlace } from '../private-data/found.ts';
import type { ScanProgram } from '../private-data/messages.ts';
import { type Limits, usualLimits } from '../private-data/read/limits.ts';
import { zip } from '../private-data/testing/archives.ts';
import { docx, pdf } from '../private-data/testing/documents.ts';
import { deadlyProgram, scanProgram } from '../private-data/testing/program.ts';
import { idLine, latinIdLine } from '../private-data/testing/secrets.ts';
import { Cancelled, problemOf } from '../problem.ts';
import { createPrivateData, soFar } from './private-data.ts';
import { testFolder } from './test-folder.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
/** As long as it takes: whatever hangs ends the test. */
const forever = 10 * 60_000;
const isRoot = process.getuid?.() === 0;

let folder: string;
let door: PrivateData;
const errors: unknown[] = [];
/** How folders are opened, see search/folder.ts. */
let hasProc = true;
const openDoor = (program: ScanProgram = scanProgram, limits: Partial<Limits> = {}) =>
  createPrivateData({
    program: { ...program, hasProc },
    limits: { ...usualLimits, ...limits },
    log: { info() {}, error: (message, error) => void errors.push(message, error) },
  });
const at = (...path: string[]) => join(folder, ...path);
const shared = (): SearchedPlace => ({ place: 'shared', folder: at('shared') });
const look = (patience = forever) => door.look([shared()], patience, never);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => problemOf(error).code,
  );

describe.each([
  ['by handle, as on Linux', true],
  ['by path, as elsewhere', false],
])('%s', (_, isByHandle) => {
  beforeEach(async () => {
    hasProc = isByHandle;
    folder = await testFolder();
    await mkdir(at('shared'));
    errors.length = 0;
    door = openDoor();
  });
  afterEach(async () => {
    await door.close();
    expect(errors).toEqual([]);
  });

  describe('the search for private data', () => {
    it('finds files of all kinds, wherever they lie, in the order of their paths', async () => {
      await mkdir(at('shared/b/c'), { recursive: true });
      await writeFile(at('shared/b/c/letter.docx'), docx([idLine]));
      await writeFile(at('shared/b/scan.pdf'), pdf([latinIdLine]));
      await writeFile(at('shared/a.zip'), zip({ 'in/c.txt': idLine }));
      await writeFile(at('shared/.hidden'), idLine);
      await writeFile(at('shared/plain.txt'), 'nothing');
      await utimes(at('shared/.hidden'), 5, 5);
      const { files, ...rest } = await look();
      expect(rest).toEqual({ looked: 5, unreadable: 0, isWhole: true, shut: [] });
      expect(files.map(({ untrustedPath, untrustedWithin }) => [untrustedPath, untrustedWithin])).toEqual([
        ['.hidden', null],
        ['a.zip', 'in/c.txt'],
        ['b/c/letter.docx', null],
        ['b/scan.pdf', null],
      ]);
      expect(files[0]).toEqual({
        place: 'shared',
        untrustedPath: '.hidden',
        untrustedWithin: null,
        kinds: ['chinese-id'],
        bytes: Buffer.from(idLine).length,
        changedAt: 5_000,
      });
    });

    it('follows what becomes of files', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      await writeFile(at('shared/b.txt'), 'nothing yet');
      expect((await look()).files).toHaveLength(1);
      await writeFile(at('shared/b.txt'), idLine);
      await rm(at('shared/a.txt'));
      expect(await look()).toMatchObject({ files: [{ untrustedPath: 'b.txt' }], looked: 1, isWhole: true });
    });

    it('answers in time, and goes on by itself', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      expect(await look(0)).toEqual({ files: [], looked: 0, unreadable: 0, isWhole: false, shut: [] });
      for (let whole = await look(0); !whole.isWhole; whole = await look(0)) await setTimeout(20);
      expect((await look(0)).files).toHaveLength(1);
    });

    it('is told of as it stood last, for a while and for the same places', () => {
      const search = { files: [], looked: 3, unreadable: 0, isWhole: true, shut: [] };
      const standing = { of: 'here', at: 0, search };
      expect(soFar(standing, { of: 'here', now: 60_000 })).toEqual(search);
      expect(soFar(standing, { of: 'here', now: 16 * 60_000 })).toEqual({ ...search, isWhole: false });
      expect(soFar(standing, { of: 'there', now: 0 })).toMatchObject({ looked: 0, isWhole: false });
    });

    it('can be waited for no longer', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      const abort = new AbortController();
      const waited = door.look([shared()], forever, abort.signal);
      abort.abort();
      await expect(waited).rejects.toThrow(Cancelled);
      await expect(door.look([shared()], forever, abort.signal)).rejects.toThrow(Cancelled);
      expect((await look()).files).toHaveLength(1);
    });

    it('says which place is shut, and searches the others', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      const gone: SearchedPlace = { place: 'workspace', folder: at('gone') };
      expect(await door.look([gone, shared()], forever, never)).toMatchObject({
        files: [{ place: 'shared' }],
        isWhole: true,
        shut: ['workspace'],
      });
    });

    it.runIf(isByHandle)('enters a running home by no link that the agent has laid', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      await symlink(at('shared'), at('laid'));
      const root = `/proc/${process.pid}/root`;
      const inside = (path: string) => ({ place: 'workspace', folder: `${root}${path}` }) as const;
      expect(await door.look([inside(at('shared'))], forever, never)).toMatchObject({
        files: [{}],
        shut: [],
      });
      expect(await door.look([inside(at('laid'))], forever, never)).toMatchObject({
        files: [],
        shut: ['workspace'],
      });
    });

    it('begins anew after its end', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      const waited = look();
      await door.close();
      await expect(waited).rejects.toThrow(Cancelled);
      expect((await look()).files).toHaveLength(1);
    });
  });

  describe('what the agent may put there', () => {
    it('leads the search nowhere else', async () => {
      await mkdir(at('outside'));
      await writeFile(at('outside/secret.txt'), idLine);
      await symlink(at('outside'), at('shared/folder'));
      await symlink(at('outside/secret.txt'), at('shared/file.txt'));
      await symlink('/etc/shadow', at('shared/shadow'));
      await symlink('.', at('shared/loop'));
      await symlink('nowhere', at('shared/broken'));
      expect(await look()).toEqual({ files: [], looked: 0, unreadable: 0, isWhole: true, shut: [] });
    });

    it('makes it wait for nothing', async () => {
      await run('mkfifo', [at('shared/pipe')]);
      const server = createServer().listen(at('shared/socket'));
      try {
        expect(await look()).toEqual({ files: [], looked: 0, unreadable: 0, isWhole: true, shut: [] });
      } finally {
        server.close();
      }
    });

    it('counts as unreadable where it can’t be opened', async () => {
      await writeFile(at('shared/mine.txt'), idLine);
      await mkdir(at('shared/inner'));
      await writeFile(at('shared/inner/a.txt'), idLine);
      await chmod(at('shared/mine.txt'), 0);
      await chmod(at('shared/inner'), 0);
      const { files, unreadable } = await look();
      await chmod(at('shared/inner'), 0o700);
      // An administrator may open everything.
      expect([files.length, unreadable]).toEqual(isRoot ? [2, 0] : [0, 2]);
    });

    it.runIf(isByHandle)('has names of any bytes, by which it is found again', async () => {
      const names = ['two\nlines.txt', 'turn\u202etxt.exe', '"; rm -rf $HOME', '身份.txt'];
      for (const name of names) await writeFile(at('shared', name), idLine);
      const odd = Buffer.concat([Buffer.from(at('shared/caf')), Buffer.from([0xe9]), Buffer.from('.txt')]);
      await writeFile(odd, idLine);
      const { files } = await look();
      expect(files.map(({ untrustedPath }) => untrustedPath)).toEqual([...names, 'caf\udce9.txt'].sort());
      const kept = [];
      for (const { untrustedPath } of files)
        kept.push(await door.take(shared(), untrustedPath, at('kept'), never));
      expect(kept.sort()).toEqual([
        '"; rm -rf $HOME',
        'caf_.txt',
        'turn_txt.exe',
        'two_lines.txt',
        '身份.txt',
      ]);
      expect(await readdir(at('shared'))).toEqual([]);
      await door.putBack(at('kept'), 'caf_.txt', shared(), 'caf\udce9.txt', never);
      expect(await readFile(odd, 'utf8')).toBe(idLine);
    });

    it('costs little where it is empty, however long it says it is', async () => {
      for (const [name, text] of [
        ['hole', ''],
        ['note.txt', `${'words '.repeat(20_000)}${idLine}\n`],
      ] as const) {
        await writeFile(at('shared', name), text);
        const file = await open(at('shared', name), 'r+');
        await file.truncate(10 * 1024 ** 3);
        await file.close();
      }
      expect(await look()).toMatchObject({
        files: [{ untrustedPath: 'note.txt' }],
        looked: 2,
        unreadable: 1,
        isWhole: true,
      });
    });

    it('costs no memory for its length where its line has no end', async () => {
      // What the threads cost themselves is no cost of the file.
      await writeFile(at('shared', 'short.txt'), 'hello\n');
      await look();
      const piece = Buffer.alloc(1024 ** 2, 'x');
      const file = await open(at('shared', 'line.txt'), 'w');
      for (let number = 0; number < 128; number += 1) await file.write(piece);
      await file.write(` ${idLine}`);
      for (let number = 0; number < 64; number += 1) await file.write(piece);
      await file.close();
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
      }, 10);
      const search = await look();
      clearInterval(watch);
      expect(search).toMatchObject({
        files: [{ untrustedPath: 'line.txt' }],
        looked: 2,
        unreadable: 0,
        isWhole: true,
      });
      // The length is 192 MiB; what is held of it at once is a window of some kilobytes.
      expect(most - before).toBeLessThan(96 * 1024 ** 2);
    });

    it('may change all the time', async () => {
      let isOver = false;
      const writing = (async () => {
        for (let round = 0; !isOver; round += 1) {
          await appendFile(at('shared/log.txt'), 'more and more\n'.repeat(100));
          await setTimeout(5);
          await writeFile(at('shared', `${round % 5}.txt`), idLine);
          await rename(at('shared', `${round % 5}.txt`), at('shared', `${round % 3}.text`)).catch(() => {});
          await rm(at('shared', `${round % 2}.text`), { force: true });
        }
      })();
      try {
        for (let round = 0; round < 5; round += 1) expect(await look()).toMatchObject({ isWhole: true });
      } finally {
        isOver = true;
        await writing;
      }
    });

    it('may end the thread that reads it: then that file is unreadable, and no other', async () => {
      await door.close();
      door = openDoor(deadlyProgram, { patience: 500, memory: 700e6 });
      for (const name of ['hangs', 'dies', 'throws', 'eats', 'fills'])
        await writeFile(at('shared', name), 'x');
      for (const name of ['a.txt', 'ez.txt', 'z.txt']) await writeFile(at('shared', name), idLine);
      expect(await look()).toMatchObject({
        files: [{ untrustedPath: 'a.txt' }, { untrustedPath: 'ez.txt' }, { untrustedPath: 'z.txt' }],
        looked: 8,
        unreadable: 5,
        isWhole: true,
      });
      // It isn’t tried again as long as it is as it was.
      expect(await look()).toMatchObject({ looked: 8, unreadable: 5, isWhole: true });
    });
  });

  describe('the app, meanwhile,', () => {
    it('is not held up', async () => {
      const text = Buffer.alloc(10 * 1024 ** 2, 'All work and no play makes Jack a dull boy.\n');
      for (let number = 0; number < 20; number += 1) await writeFile(at('shared', `${number}.txt`), text);
      let last = performance.now();
      let longest = 0;
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 10);
      const began = performance.now();
      const { looked, unreadable } = await look();
      clearInterval(timer);
      process.stdout.write(
        `200 MiB in ${Math.round(performance.now() - began)} ms; longest gap of a 10 ms timer: ${Math.round(longest)} ms\n`,
      );
      expect([looked, unreadable]).toEqual([20, 0]);
      expect(longest).toBeLessThan(5_000);
    });
  });

  describe('a file that is taken out of its place', () => {
    const take = (path: string, kept = at('kept')) => door.take(shared(), path, kept, never);

    it('lies in the other folder as it was, for this person alone, and can be put back', async () => {
      await mkdir(at('shared/in'));
      await writeFile(at('shared/in/a.txt'), idLine, { mode: 0o644 });
      expect((await look()).files).toHaveLength(1);
      expect(await take('in/a.txt')).toBe('a.txt');
      expect(await readFile(at('kept/a.txt'), 'utf8')).toBe(idLine);
      expect((await stat(at('kept/a.txt'))).mode & 0o777).toBe(0o600);
      expect((await stat(at('kept'))).mode & 0o777).toBe(0o700);
      expect((await look(0)).files).toEqual([]);
      expect(await take('in/a.txt')).toBeNull();
      await rm(at('shared/in'), { recursive: true });
      await door.putBack(at('kept'), 'a.txt', shared(), 'in/a.txt', never);
      expect(await readFile(at('shared/in/a.txt'), 'utf8')).toBe(idLine);
      expect(await readdir(at('kept'))).toEqual([]);
      expect((await look()).files).toHaveLength(1);
    });

    it('takes nobody’s name there, nor when it comes back', async () => {
      await mkdir(at('kept'));
      await writeFile(at('kept/a.txt'), 'older');
      await writeFile(at('shared/a.txt'), idLine);
      expect(await take('a.txt')).toBe('a (2).txt');
      await writeFile(at('shared/a.txt'), 'newer');
      await door.putBack(at('kept'), 'a (2).txt', shared(), 'a.txt', never);
      expect(await readFile(at('shared/a.txt'), 'utf8')).toBe('newer');
      expect(await readFile(at('shared/a (2).txt'), 'utf8')).toBe(idLine);
      expect(await readFile(at('kept/a.txt'), 'utf8')).toBe('older');
      expect(await readdir(at('kept'))).toEqual(['a.txt']);
    });

    it('can go to another disk and back', async () => {
      const other = `/dev/shm/clawcove-test-${process.pid}`;
      const content = Buffer.alloc(3e6, idLine);
      await writeFile(at('shared/a.txt'), content);
      try {
        expect(await take('a.txt', other)).toBe('a.txt');
        expect(await readdir(at('shared'))).toEqual([]);
        expect(await readFile(join(other, 'a.txt'))).toEqual(content);
        expect((await stat(join(other, 'a.txt'))).mode & 0o777).toBe(0o600);
        await door.putBack(other, 'a.txt', shared(), 'a.txt', never);
        expect(await readFile(at('shared/a.txt'))).toEqual(content);
        expect(await readdir(other)).toEqual([]);
      } finally {
        await rm(other, { recursive: true, force: true });
      }
    });

    it('is out of reach of those who have another name for it', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      await link(at('shared/a.txt'), at('shared/b.txt'));
      expect(await take('a.txt')).toBe('a.txt');
      await writeFile(at('shared/b.txt'), 'the agent writes');
      expect(await readFile(at('kept/a.txt'), 'utf8')).toBe(idLine);
    });

    it.each([
      ['a link in its place', async () => symlink(at('outside/a.txt'), at('shared/in/a.txt'))],
      ['a pipe in its place', async () => void (await run('mkfifo', [at('shared/in/a.txt')]))],
      ['a folder in its place', async () => mkdir(at('shared/in/a.txt'))],
      [
        'a link on the way',
        async () => {
          await rm(at('shared/in'), { recursive: true });
          await symlink(at('outside'), at('shared/in'));
        },
      ],
    ])('is never one from elsewhere: %s', async (_, swap) => {
      await mkdir(at('outside'));
      await mkdir(at('shared/in'));
      await writeFile(at('outside/a.txt'), 'the person’s own');
      await swap();
      expect(await take('in/a.txt')).toBeNull();
      expect(await take('../outside/a.txt').catch((error) => problemOf(error).code)).toBe('cannot-keep-file');
      expect(await readFile(at('outside/a.txt'), 'utf8')).toBe('the person’s own');
      expect(await readdir(at('kept')).catch(() => [])).toEqual([]);
    });

    it('isn’t put back through a link, or anywhere else', async () => {
      await mkdir(at('outside'));
      await mkdir(at('kept'));
      await writeFile(at('kept/a.txt'), idLine);
      await symlink(at('outside'), at('shared/in'));
      const back = (kept: string, path: string) =>
        codeOf(door.putBack(at('kept'), kept, shared(), path, never));
      expect(await back('a.txt', 'in/a.txt')).toBe('cannot-put-back');
      expect(await back('a.txt', '../outside/a.txt')).toBe('cannot-put-back');
      expect(await back('../outside', 'a.txt')).toBe('cannot-put-back');
      expect(await back('gone.txt', 'a.txt')).toBe('cannot-put-back');
      expect(await readdir(at('outside'))).toEqual([]);
      expect(await readdir(at('kept'))).toEqual(['a.txt']);
    });

    it('stays where there is no way to move it', async () => {
      await writeFile(at('shared/a.txt'), idLine);
      await writeFile(at('kept'), 'no folder');
      expect(await codeOf(take('a.txt'))).toBe('cannot-keep-file');
      expect(await codeOf(door.take({ ...shared(), folder: at('gone') }, 'a.txt', at('k'), never))).toBe(
        'cannot-keep-file',
      );
      expect(await readFile(at('shared/a.txt'), 'utf8')).toBe(idLine);
    });

    it('stays when it was cancelled on its way to another disk', async () => {
      await writeFile(at('shared/a.txt'), Buffer.alloc(50e6, idLine));
      const other = `/dev/shm/clawcove-test-cancel-${process.pid}`;
      const abort = new AbortController();
      try {
        await look(0);
        const taken = door.take(shared(), 'a.txt', other, abort.signal);
        abort.abort();
        await expect(taken).rejects.toThrow(Cancelled);
        expect((await stat(at('shared/a.txt'))).size).toBe(50e6);
        expect(await readdir(other).catch(() => [])).toEqual([]);
      } finally {
        await rm(other, { recursive: true, force: true });
      }
    });
  });
});
