import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../problem.ts';
import { createRun } from './command.ts';
import { environmentForPrograms } from './environment.ts';
import { testFolder } from './test-folder.ts';

const run = createRun(environmentForPrograms(process.env));
const idle = () => new AbortController().signal;
const sh = (script: string, more: object = {}) =>
  run({ file: '/bin/sh', args: ['-c', script], timeoutMs: 10_000, signal: idle(), ...more });
/** Gone, or a zombie that nobody has collected yet. */
const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('running a program', () => {
  it('hands arguments over untouched', async () => {
    const hostile = ['a b', `'"`, '$(id)', '`id`', '--', '-x', 'line\nbreak', '😀', '*', ''];
    const result = await run({
      file: process.execPath,
      args: ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...hostile],
      timeoutMs: 10_000,
      signal: idle(),
    });
    expect(result.is === 'exited' && JSON.parse(result.stdout)).toEqual(hostile);
  });

  it('tells exit code and both streams', async () => {
    expect(await sh('echo out; echo err >&2; exit 7')).toEqual({
      is: 'exited',
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
  });

  it('takes input from a file and puts output into one, for this person alone', async () => {
    const folder = await testFolder();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    await writeFile(from, Buffer.from([0, 255, 13, 10]));
    expect(await sh('cat; echo said >&2', { inputFile: from, outputFile: to })).toMatchObject({
      stdout: '',
      stderr: 'said\n',
    });
    expect([...(await readFile(to))]).toEqual([0, 255, 13, 10]);
    expect((await stat(to)).mode & 0o777).toBe(0o600);
    // What is there already stays as it is, and so does a link that somebody laid.
    await expect(sh('echo other', { outputFile: to })).rejects.toThrow('EEXIST');
    await expect(sh('cat', { inputFile: join(folder, 'nothing') })).rejects.toThrow('ENOENT');
  });

  it('hands on bytes as they are to who decodes them himself', async () => {
    const result = await sh(`printf 'W\\0S\\0\\377\\376'`, { encoding: 'latin1' });
    expect(result).toMatchObject({ stdout: 'W\0S\0\xff\xfe' });
  });

  it('sends input, even to a program that does not read it', async () => {
    expect(await sh('cat', { input: 'süß 你好' })).toMatchObject({ stdout: 'süß 你好' });
    expect(await sh('exit 0', { input: 'x'.repeat(5_000_000) })).toMatchObject({ code: 0 });
  });

  it('says that a program is not there', async () => {
    expect(await run({ file: 'no-such-program', args: [], timeoutMs: 1_000, signal: idle() })).toEqual({
      is: 'not-found',
    });
  });

  it('hands on nothing that is open here', async () => {
    const file = openSync(import.meta.filename, 'r');
    const result = await sh(`readlink /proc/$$/fd/${file}`);
    closeSync(file);
    expect(result).toMatchObject({ stdout: '/dev/null\n' });
  });

  it('says by what a program was killed', async () => {
    expect(await sh('kill -9 $$')).toEqual({ is: 'killed', by: 'SIGKILL' });
  });

  it('cuts output at the bound and lets the program end', async () => {
    const result = await sh('head -c 50000000 /dev/zero; echo done >&2', { maxBytes: 1_000 });
    expect(result).toMatchObject({ is: 'exited', code: 0, truncated: true, stderr: 'done\n' });
    expect(result.is === 'exited' && result.stdout.length).toBe(1_000);
  });

  it('hands on lines as they come, from both streams, the last one too', async () => {
    const lines: string[] = [];
    await sh('echo one; echo two >&2; sleep 0.1; printf three', {
      onLine: (line: string) => lines.push(line),
    });
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  it('ends a whole tree when time is up, also what ignores being asked', async () => {
    const pids: number[] = [];
    const started = Date.now();
    const result = await sh(
      `trap '' TERM; (trap '' TERM; sleep 60) & echo $!; sleep 60 & echo $!; wait; wait`,
      {
        timeoutMs: 300,
        onLine: (line: string) => pids.push(Number(line)),
      },
    );
    expect(result).toEqual({ is: 'timed-out' });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(pids).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('rejects when cancelled, before and during', async () => {
    await expect(sh('sleep 60', { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Cancelled);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const started = Date.now();
    await expect(sh('sleep 60', { signal: abort.signal })).rejects.toBeInstanceOf(Cancelled);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('does not call a program gone that only could not be started', async () => {
    const args = Array.from({ length: 40 }, () => 'x'.repeat(100_000));
    expect(await run({ file: 'true', args, timeoutMs: 5_000, signal: new AbortController().signal })).toEqual(
      {
        is: 'killed',
        by: 'E2BIG',
      },
    );
  });

  it('does not wait for what a program leaves running', async () => {
    const started = Date.now();
    expect(await sh('setsid sleep 3 & echo started')).toMatchObject({ code: 0, stdout: 'started\n' });
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe('what programs get to know', () => {
  it('leaves out what Electron, Node and an AppImage put there', () => {
    const environment = environmentForPrograms({
      HOME: '/home/anna',
      PATH: '/tmp/.mount_x/usr/bin:/tmp/.mount_x:/usr/bin:/home/anna/bin',
      APPDIR: '/tmp/.mount_x',
      LD_LIBRARY_PATH: '/tmp/.mount_x/lib',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--require x',
      CONTAINER_HOST: 'ssh://other',
      OPENAI_API_KEY: 'sk',
      https_proxy: 'http://proxy:3128',
    });
    expect(environment).toEqual({
      HOME: '/home/anna',
      PATH: '/usr/bin:/home/anna/bin:/usr/local/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
      https_proxy: 'http://proxy:3128',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
    });
  });
});
