/** What the machine does between two calls of Windows' programs, with those as a strict double. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command, Outcome } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { type Answer, exited, exitedWith, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { programsIn } from '../../host/windows/programs.ts';
import { commandLine } from '../../host/windows/testing/command-line.ts';
import { wordsOf } from '../../host/windows/words.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import type { MachineSpec } from '../distro/machine.ts';
import type { Report } from '../sandbox.ts';
import { fstab, wslConf } from './texts.ts';
import { createWslMachine } from './wsl.ts';

const idle = () => new AbortController().signal;
const sample = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));
const agent = { name: 'openclaw', uid: 15_789, gid: 15_789 };
const shared = 'C:\\Users\\Jürgen Müller\\OpenClaw Shared';
const inside = '/srv/openclaw/shared';
const programs = programsIn('C:\\Windows');
const name = 'ClawCove-OpenClaw';
const root = `--distribution ${name} --user root --cd / --exec`;
const failed = (words: string) => exitedWith(4_294_967_295, Buffer.from(words, 'utf16le'));
const notFound = exitedWith(
  4_294_967_295,
  sample('terminate.distro-not-found.exit-1.constructed.zh-CN.utf16le.bin'),
);
const list = (file: string, from = 'OpenClawHome', to = name) =>
  exitedWith(0, Buffer.from(sample(file).toString('utf16le').replace(from, to), 'utf16le'));
const running = list('list-verbose.only-ours-running.constructed.utf16le.bin');
const stopped = list('list-verbose.constructed.utf16le.bin');
const spec: MachineSpec = {
  memoryBytes: 3 * 1024 ** 3,
  cpus: 2,
  diskBytes: 32 * 1024 ** 3,
  port: 18_789,
  sharedFolder: shared,
  fence: { refused: [], allowed: [] },
  certificates: null,
};

/** What is seen from inside, in the order of lockdown.ts. */
function insideView(
  change: Partial<Record<'conf' | 'fstab' | 'mounts' | 'first' | 'interop', string>> = {},
): Outcome {
  const windows =
    '76 63 0:42 / /srv/openclaw/shared rw,nosuid,nodev,noatime - 9p C:\\134Users\\134Jürgen\\040Müller\\134OpenClaw\\040Shared rw,dirsync,aname=drvfs;path=C:\\134Users,mmap';
  const parts = [
    change.conf ?? wslConf(),
    change.fstab ?? fstab(shared, inside, agent),
    change.mounts ?? `63 1 8:32 / / rw,relatime - ext4 /dev/sdc rw\n${windows}\n`,
    `${change.first ?? 'systemd'}\n`,
    `${change.interop ?? ''}\n`,
  ];
  return exitedWith(0, Buffer.from(parts.join('=-=-= clawcove =-=-=\n')));
}

describe('the WSL machine', () => {
  let folder: string;
  let now: number;
  beforeEach(async () => {
    folder = await testFolder();
    now = 1_000_000;
  });
  const disk = () => join(folder, 'wsl', 'disk');
  const ext4 = Buffer.from('a root file system');
  const base = {
    urls: ['https://example.org/base.wsl'],
    sha256: createHash('sha256').update(ext4).digest('hex'),
  };
  const baseFile = () => join(folder, 'wsl', 'base', `${base.sha256}.wsl`);
  const registered = (change: (text: string) => string = (text) => text) =>
    exited(
      0,
      change(
        sample('reg-lxss-distros.constructed.txt')
          .toString('utf8')
          .replace('OpenClawHome\n', `${name}\n`)
          .replace(/OpenClawHome\r?\n/, `${name}\n`)
          .replace(/\\\\\?\\C:.*/, `\\\\?\\${disk()}`),
      ),
    );
  const noDistros = exited(1);
  const attributes = exited(0, '["Directory"]');

  /** A machine whose Windows gives these answers; names of programs and of the distribution are shortened. */
  const machine = (answers: Record<string, Answer>) => {
    const double = strictRun(answers);
    const held: Command[] = [];
    const raw: Command[] = [];
    const log: string[] = [];
    const made = createWslMachine({
      run(command) {
        raw.push(command);
        // Whatever is run reaches the program as the words that were meant.
        const words = [command.file, ...command.args];
        expect(wordsOf(commandLine(words))).toEqual(words);
        if (command.args.at(-1) === 'infinity') {
          held.push(command);
          return new Promise((_, reject) => {
            command.signal.addEventListener('abort', () => reject(new Cancelled()));
          });
        }
        const file = command.file.replace(/^C:\\Windows\\System32\\(?:.*\\)?(\w+)\.exe$/, '$1');
        const args = command.args.join(' ').replace(root, 'in');
        return double.run({
          ...command,
          file: file === command.file ? 'not by its full path' : file,
          args: [args],
        });
      },
      programs,
      clock: {
        ...systemClock,
        now: () => now,
        monotonic: () => now,
        async sleep(ms) {
          now += ms;
        },
      },
      log: { info: (line) => log.push(line), error: (line) => log.push(line) },
      download: async (_, file) => writeFile(file, ext4),
      base,
      dataFolder: folder,
      home: folder,
      agent,
      isThere: async (path) => path === shared || existsSync(path),
    });
    return { machine: made, ...double, raw, held, log };
  };
  const problemOf = async (promise: Promise<unknown>) => {
    const error = await promise.catch((reason: unknown) => reason);
    if (!(error instanceof ProblemError)) throw new Error(`no problem: ${error}`);
    return error.problem;
  };
  const report = (): Report & { readonly said: string[] } => {
    const said: string[] = [];
    return { signal: idle(), progress() {}, log: (line) => said.push(line), said };
  };
  const there = async () => {
    await mkdir(disk(), { recursive: true });
    await writeFile(join(disk(), 'ext4.vhdx'), 'disk');
    await writeFile(
      join(folder, 'wsl', 'machine.json'),
      JSON.stringify({ port: 18_789, sharedFolder: shared }),
    );
  };
  const reg = 'reg query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss /s';

  describe('looking', () => {
    it.each<[string, (text: string) => string, object]>([
      ['nothing', () => '', { is: 'missing' }],
      ['another’s', (text) => text.replace(name, 'OpenClawGateway'), { is: 'missing' }],
      ['ours', (text) => text, { is: 'stopped' }],
      [
        'somebody else’s with our name',
        (text) => text.replace(/BasePath.*/, 'BasePath    REG_SZ    D:\\wsl\\claw'),
        { is: 'foreign', name },
      ],
      [
        'a half made one',
        (text) => text.replace(/(State {4}REG_DWORD {4})0x1/, '$10x3'),
        { is: 'faulty', why: 'disk-damaged' },
      ],
      [
        'one of the old kind',
        (text) => text.replace(/(\n {4}Version {4}REG_DWORD {4})0x2/, '$10x1'),
        { is: 'faulty', why: 'no-virtualization' },
      ],
      [
        'one without its disk',
        (text) => text.replace('ext4.vhdx', 'gone.vhdx'),
        { is: 'faulty', why: 'disk-damaged' },
      ],
    ])('finds %s', async (_, change, expected) => {
      await there();
      const { machine: it } = machine({
        [reg]: registered(change),
        'wsl --list --verbose': stopped,
      });
      expect(await it.state(idle())).toMatchObject(expected);
    });

    it('finds none where WSL has no list at all', async () => {
      expect(await machine({ [reg]: noDistros }).machine.state(idle())).toEqual({ is: 'missing' });
    });

    it('does not take a failure for an answer', async () => {
      const { machine: it } = machine({ [reg]: { is: 'not-found' } });
      expect(await problemOf(it.state(idle()))).toMatchObject({ code: 'engine-failed' });
    });

    it('asks for the list no more once it holds the home awake', async () => {
      await there();
      const { machine: it, calls } = machine({
        [reg]: registered(),
        'wsl --list --verbose': running,
        'wsl in id': exited(0, 'uid=0(root)\n'),
      });
      for (let times = 0; times < 3; times++)
        expect(await it.guest.run(['id'], { timeoutMs: 1, signal: idle() })).toMatchObject({ exitCode: 0 });
      expect(calls).toEqual([reg, 'wsl --list --verbose', 'wsl in id', 'wsl in id', 'wsl in id']);
      expect(await it.state(idle())).toMatchObject({ is: 'running' });
    });

    it('never wakes a home that sleeps', async () => {
      await there();
      const { machine: it, calls } = machine({ [reg]: registered(), 'wsl --list --verbose': stopped });
      expect(await problemOf(it.guest.run(['id'], { timeoutMs: 1, signal: idle() }))).toMatchObject({
        code: 'home-not-running',
      });
      expect(await it.untrustedLog(10, idle())).toBe('');
      expect(calls.filter((line) => line.startsWith('wsl in'))).toEqual([]);
    });
  });

  const made: Record<string, Answer> = {
    'powershell …': attributes,
    'wsl --terminate ClawCove-OpenClaw': exited(0),
    'wsl --manage ClawCove-OpenClaw --resize 32768MB': exited(0),
    'wsl in /bin/sh -c set -e; umask 022; …': exited(0),
    'wsl in /bin/sh -c mkdir -p …': exited(0),
    'wsl in /bin/rm -f -- /usr/local/share/ca-certificates/clawcove.crt': exited(0),
    'wsl in /usr/sbin/update-ca-certificates --fresh': exited(0),
    'wsl in /bin/sh -c cat /etc/wsl.conf; …': insideView(),
  };

  describe('making it', () => {
    const importing = () => `wsl --import ${name} ${disk()} ${baseFile()} --version 2`;

    it('imports the verified file, locks it down and reads that back after a new start', async () => {
      const {
        machine: it,
        calls,
        commands,
      } = machine({ ...made, [reg]: noDistros, [importing()]: exited(0) });
      await it.create(spec, report());
      const verbs = calls.map((line) => line.slice(0, 42));
      expect(calls.filter((line) => line === importing())).toHaveLength(1);
      expect(verbs.at(-1)).toBe('wsl --terminate ClawCove-OpenClaw');
      expect(verbs.at(-2)).toBe('wsl in /bin/sh -c cat /etc/wsl.conf; echo ');
      expect(verbs.at(-3)).toBe('wsl --terminate ClawCove-OpenClaw');
      const written = commands.filter(({ input }) => input !== undefined).map(({ input }) => input);
      expect(written).toEqual([wslConf(), fstab(shared, inside, agent)]);
      expect(JSON.parse(await readFile(join(folder, 'wsl', 'machine.json'), 'utf8'))).toEqual({
        port: 18_789,
        sharedFolder: shared,
        settings: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      // Nothing of what concerns all of the person's distributions is ever said.
      expect(calls.join('\n')).not.toMatch(/--shutdown|--set-default|--update|--unregister/);
    });

    it('is not done with one that sees more after its new start than it was told', async () => {
      const mounts = '77 63 0:43 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=0\n';
      const { machine: it, calls } = machine({
        ...made,
        'wsl in /bin/sh -c cat /etc/wsl.conf; …': insideView({ mounts }),
        [reg]: noDistros,
        [importing()]: exited(0),
      });
      expect(await problemOf(it.create(spec, report()))).toMatchObject({ code: 'home-not-locked' });
      expect(calls.at(-1)).toBe('wsl --terminate ClawCove-OpenClaw');
    });

    it('carries certificates in on standard input', async () => {
      const { machine: it, commands } = machine({ ...made, [reg]: noDistros, [importing()]: exited(0) });
      await it.create({ ...spec, certificates: 'PEM' }, report());
      expect(commands.find(({ input }) => input === 'PEM')?.args[0]).toMatch(
        /ca-certificates\/clawcove\.crt$/,
      );
    });

    it('takes nothing that has another checksum', async () => {
      const { machine: it, calls } = machine({ [reg]: noDistros });
      await mkdir(join(folder, 'wsl', 'base'), { recursive: true });
      ext4.write('b');
      expect(await problemOf(it.create(spec, report()))).toMatchObject({ code: 'system-damaged' });
      ext4.write('a');
      expect(calls).toEqual([reg]);
      expect(await readdir(join(folder, 'wsl', 'base'))).toEqual([]);
    });

    it.each(['Directory, Compressed', 'Directory, Encrypted', 'Directory, ReparsePoint'])(
      'puts it into no folder that is %s',
      async (seen) => {
        const answers = { ...made, [reg]: noDistros, 'powershell …': exited(0, JSON.stringify([seen])) };
        expect(await problemOf(machine(answers).machine.create(spec, report()))).toMatchObject({
          code: 'home-place-not-fit',
        });
      },
    );

    it('puts it into no folder in which something lies', async () => {
      await there();
      expect(
        await problemOf(machine({ ...made, [reg]: noDistros }).machine.create(spec, report())),
      ).toMatchObject({
        code: 'home-place-not-fit',
        facts: { path: disk() },
      });
      expect(await readdir(disk())).toEqual(['ext4.vhdx']);
    });

    it('never touches somebody else’s that has our name', async () => {
      const foreign = registered((text) => text.replace(/BasePath.*/, 'BasePath    REG_SZ    D:\\claw'));
      const { machine: it, calls } = machine({ [reg]: foreign, 'schtasks /Delete …': exited(1) });
      for (const verb of [
        () => it.create(spec, report()),
        () => it.start(report()),
        () => it.putDiskBack(join(import.meta.dirname, 'wsl.ts'), report()),
        () => it.keepDisk(join(folder, 'x'), report()),
      ])
        expect(await problemOf(verb())).toMatchObject({ code: 'home-not-ours', facts: { name } });
      await it.stop(idle());
      await it.destroy(report());
      expect(calls.filter((line) => line.startsWith('wsl'))).toEqual([]);
    });

    it('changes one that is there around the same disk', async () => {
      await there();
      const { machine: it, calls } = machine({
        ...made,
        [reg]: registered(),
        'wsl --list --verbose': stopped,
      });
      await it.create(spec, report());
      expect(calls.join('\n')).not.toMatch(/--import|--unregister/);
      expect(await readdir(disk())).toEqual(['ext4.vhdx']);
    });

    it('leaves one alone that is as asked, running or not', async () => {
      const first = machine({ ...made, [reg]: noDistros, [importing()]: exited(0) });
      await first.machine.create(spec, report());
      await writeFile(join(disk(), 'ext4.vhdx'), 'disk').catch(() => mkdir(disk(), { recursive: true }));
      const { machine: it, calls } = machine({
        ...made,
        [reg]: registered(),
        'wsl --list --verbose': stopped,
      });
      await it.create(spec, report());
      expect(calls).toEqual([reg]);
      await it.create({ ...spec, certificates: 'PEM' }, report());
      expect(calls).toContain('wsl --terminate ClawCove-OpenClaw');
    });

    it('makes one anew that was never finished', async () => {
      await there();
      const half = registered((text) => text.replace(/(State {4}REG_DWORD {4})0x1/, '$10x3'));
      const { machine: it, calls } = machine({
        ...made,
        [reg]: half,
        'wsl --unregister ClawCove-OpenClaw': exited(0),
        [importing()]: exited(0),
      });
      await it.create(spec, report());
      expect(calls.indexOf('wsl --unregister ClawCove-OpenClaw')).toBeLessThan(calls.indexOf(importing()));
    });

    it.each(['0x0', '0x2', '0x5', '0x6', '0xff'])(
      'never takes one whose state is %s for one that holds nothing',
      async (state) => {
        await there();
        const busy = registered((text) => text.replace(/(State {4}REG_DWORD {4})0x1/, `$1${state}`));
        const { machine: it, calls } = machine({ ...made, [reg]: busy });
        expect(await it.state(idle())).toMatchObject({ is: 'faulty', why: 'gives-no-answer' });
        expect(await problemOf(it.create(spec, report()))).toMatchObject({ code: 'engine-too-slow' });
        expect(calls.filter((line) => line.startsWith('wsl'))).toEqual([]);
      },
    );

    it('leaves nothing behind when it is broken off', async () => {
      const { machine: it, calls } = machine({
        ...made,
        [reg]: [noDistros, registered((text) => text.replace(/(State {4}REG_DWORD {4})0x1/, '$10x3'))],
        [importing()]: exitedWith(
          4_294_967_295,
          sample('import.service-not-available.recorded.fr-mixed.utf16le.bin'),
        ),
        'wsl --unregister ClawCove-OpenClaw': exited(0),
      });
      expect(await problemOf(it.create(spec, report()))).toMatchObject({ code: 'engine-not-ready' });
      expect(calls.at(-1)).toBe('wsl --unregister ClawCove-OpenClaw');
    });

    it('never removes one that is whole, whatever went wrong', async () => {
      const { machine: it, calls } = machine({
        ...made,
        [reg]: [noDistros, registered()],
        [importing()]: failed('Wsl/Service/RegisterDistro/ERROR_ALREADY_EXISTS'),
      });
      expect(await problemOf(it.create(spec, report()))).toMatchObject({ code: 'home-not-ours' });
      expect(calls.join('\n')).not.toContain('--unregister');
    });

    it('says so when the disk is full, or can’t be resized', async () => {
      const full = failed('Fehler\nWsl/Service/ERROR_DISK_FULL');
      expect(
        await problemOf(
          machine({ ...made, [reg]: noDistros, [importing()]: full }).machine.create(spec, report()),
        ),
      ).toMatchObject({ code: 'no-room-on-disk' });
      const old = { ...made, [reg]: noDistros, [importing()]: exited(0) };
      const saying = report();
      await machine({
        ...old,
        'wsl --manage ClawCove-OpenClaw --resize 32768MB': failed('Wsl/E_INVALIDARG'),
      }).machine.create(spec, saying);
      expect(saying.said).toEqual(["the home's disk keeps its size: Wsl/E_INVALIDARG"]);
    });

    it.each([
      ['[wsl2]\nnetworkingMode=bridged', 'networkingMode=bridged'],
      ['[wsl2]\nlocalhostForwarding=false', 'localhostForwarding=false'],
    ])('says which of the person’s settings is in the way: %j', async (text, setting) => {
      await writeFile(join(folder, '.wslconfig'), text);
      expect(await problemOf(machine({}).machine.create(spec, report()))).toMatchObject({
        code: 'wsl-settings',
        facts: { setting },
      });
    });

    it('shares no folder that isn’t there, and none of another computer', async () => {
      expect(
        await problemOf(machine({}).machine.create({ ...spec, sharedFolder: 'C:\\gone' }, report())),
      ).toMatchObject({ code: 'shared-folder-gone' });
      expect(
        await problemOf(machine({}).machine.create({ ...spec, sharedFolder: folder }, report())),
      ).toMatchObject({ code: 'shared-folder-not-seen' });
    });
  });

  describe('a home that does not keep to what it was told', () => {
    const elsewhere = '77 63 0:43 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=0';
    const other = (view: Outcome) => ({
      ...made,
      'wsl in /bin/sh -c cat /etc/wsl.conf; …': view,
    });

    it.each<[string, Parameters<typeof insideView>[0], string]>([
      ['sees all of drive C', { mounts: `${elsewhere}\n` }, 'home-not-locked'],
      ['has no systemd', { first: 'init' }, 'home-not-locked'],
      ['could start programs of Windows', { interop: '/run/WSL/1_interop' }, 'home-not-locked'],
      ['does not see its folder', { mounts: '' }, 'shared-folder-not-seen'],
    ])('and %s is ended', async (_, change, code) => {
      await there();
      const { machine: it, calls, held } = machine({ ...other(insideView(change)), [reg]: registered() });
      expect(await problemOf(it.start(report()))).toMatchObject({ code });
      expect(calls.at(-1)).toBe('wsl --terminate ClawCove-OpenClaw');
      expect(held.every(({ signal }) => signal.aborted)).toBe(true);
    });

    it('is told again, once, and goes on when it heeds that', async () => {
      await there();
      const views = [insideView({ conf: '[automount]\nenabled=true\n' }), insideView()];
      const {
        machine: it,
        commands,
        held,
      } = machine({
        ...made,
        'wsl in /bin/sh -c cat /etc/wsl.conf; …': views,
        [reg]: registered(),
      });
      const saying = report();
      await it.start(saying);
      expect(saying.said).toEqual(['the home did not keep to its settings; they are written anew']);
      expect(commands.filter(({ input }) => input !== undefined).map(({ input }) => input)).toEqual([
        wslConf(),
        fstab(shared, inside, agent),
      ]);
      expect(held.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    });
  });

  describe('starting and stopping', () => {
    it('holds it awake with one child, and lets it go', async () => {
      await there();
      const {
        machine: it,
        held,
        calls,
      } = machine({
        ...made,
        [reg]: registered(),
        'wsl in /usr/bin/systemctl --no-block poweroff': exited(0),
        'wsl --list --verbose': [running, stopped, stopped],
      });
      await it.start(report());
      await it.start(report());
      expect(held).toHaveLength(1);
      expect(held[0]?.args).toEqual([...root.split(' '), '/bin/sleep', 'infinity']);
      expect(held[0]?.timeoutMs).toBeLessThan(2 ** 31);
      expect(await it.state(idle())).toEqual({ is: 'running', startedAt: 1_000_000 });
      await it.stop(idle());
      expect(held[0]?.signal.aborted).toBe(true);
      expect(calls.slice(-4)).toEqual([
        'wsl in /usr/bin/systemctl --no-block poweroff',
        'wsl --list --verbose',
        'wsl --list --verbose',
        'wsl --terminate ClawCove-OpenClaw',
      ]);
      expect(await it.state(idle())).toEqual({ is: 'stopped' });
    });

    it('ends one by force that does not end by itself', async () => {
      await there();
      const { machine: it, calls } = machine({
        ...made,
        [reg]: registered(),
        'wsl in /usr/bin/systemctl --no-block poweroff': exited(0),
        'wsl --list --verbose': running,
      });
      await it.stop(idle());
      expect(now - 1_000_000).toBeGreaterThanOrEqual(60_000);
      expect(calls.at(-1)).toBe('wsl --terminate ClawCove-OpenClaw');
    });

    it('asks nothing about the engine while a home lives in it', async () => {
      await there();
      const { machine: it, calls } = machine({
        ...made,
        [reg]: registered(),
        'reg query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Lxss\\MSI /v Version /reg:64':
          exitedWith(0, sample('reg-lxss-msi.constructed.txt')),
        'sc query vmcompute': exited(0),
        'reg query HKLM\\Software\\Policies\\WSL /v AllowWSL /reg:64': exited(1),
        'wsl --status': exitedWith(0, sample('status.ok.constructed.de-DE.utf16le.bin')),
        'wsl --version': exitedWith(0, sample('version.recorded.en.utf16le.bin')),
      });
      expect(await it.probe(idle())).toMatchObject({ is: 'ready', version: '2.5.9.0' });
      await it.start(report());
      const before = calls.length;
      expect(await it.probe(idle())).toMatchObject({ is: 'ready', version: '2.5.9.0' });
      expect(calls).toHaveLength(before);
    });

    it('is quiet about one that is not there', async () => {
      const { machine: it, calls } = machine({ [reg]: noDistros });
      await it.stop(idle());
      expect(calls).toEqual([reg]);
    });
  });

  describe('commands inside', () => {
    const awake = async (answers: Record<string, Answer>) => {
      await there();
      const all = machine({ [reg]: registered(), 'wsl --list --verbose': running, ...answers });
      return all;
    };

    it('answer in UTF-8 with their own exit code', async () => {
      const { machine: it, commands } = await awake({ 'wsl in cat': exitedWith(7, Buffer.from('süß 你好')) });
      expect(await it.guest.run(['cat'], { input: 'x', timeoutMs: 5, signal: idle() })).toEqual({
        exitCode: 7,
        untrustedOut: 'süß 你好',
        untrustedErr: '',
        truncated: false,
      });
      const [, , command] = commands;
      expect(command).toMatchObject({ input: 'x', timeoutMs: 5, maxBytes: 1024 * 1024, encoding: 'latin1' });
      expect(command?.environment).toEqual({ WSL_UTF8: '1', WSL_DISABLE_WARNINGS: '1' });
    });

    it('tell wsl.exe’s failures from their own', async () => {
      expect(
        await problemOf(
          (await awake({ 'wsl in id': notFound })).machine.guest.run(['id'], {
            timeoutMs: 5,
            signal: idle(),
          }),
        ),
      ).toMatchObject({ code: 'home-not-running' });
      const { machine: it } = await awake({ 'wsl in id': exited(255) });
      expect(await it.guest.run(['id'], { timeoutMs: 5, signal: idle() })).toMatchObject({ exitCode: 255 });
    });

    it('take files in and give them out, and leave none behind that isn’t whole', async () => {
      const { machine: it, commands } = await awake({
        'wsl in tar -x': exited(0),
        'wsl in tar -c': [exited(0), exited(2)],
      });
      const file = join(folder, 'archive');
      await it.guest.send(file, ['tar', '-x'], report());
      expect(commands.at(-1)).toMatchObject({ inputFile: file });
      await it.guest.receive(['tar', '-c'], file, report());
      expect(commands.at(-1)).toMatchObject({ outputFile: file });
      await writeFile(file, 'half');
      expect(await it.guest.receive(['tar', '-c'], file, report())).toMatchObject({ exitCode: 2 });
      expect(existsSync(file)).toBe(false);
    });

    it('reach Windows as the words that they are', async () => {
      const hostile = [
        'a b',
        `'"`,
        '$(id)',
        '`id`',
        '--',
        '-x',
        'C:\\dir\\',
        'line\nbreak',
        '😀',
        '*',
        '',
        '%PATH%',
        '\\"',
        '^&|<>',
      ];
      const { machine: it, raw } = await awake({ 'wsl in printf …': exited(0) });
      await it.guest.run(['printf', ...hostile], { timeoutMs: 5, signal: idle() });
      expect(raw.at(-1)).toMatchObject({
        file: programs.wsl,
        args: [...root.split(' '), 'printf', ...hostile],
      });
    });

    it.each([[[]], [['--help']], [['rm -rf']], [['x'.repeat(20_000)]], [['sh', 'x'.repeat(20_000)]]])(
      'that Windows could misread are not run: %#',
      async (argv) => {
        const { machine: it, calls } = await awake({});
        await expect(it.guest.run(argv, { timeoutMs: 5, signal: idle() })).rejects.toThrow(
          /program|too long/,
        );
        expect(calls.filter((line) => line.startsWith('wsl in'))).toEqual([]);
      },
    );
  });

  describe('what is seen from outside', () => {
    const listening = (program: string, ...addresses: string[]) =>
      exited(
        0,
        JSON.stringify(
          addresses.map((LocalAddress) => ({ LocalAddress, OwningProcess: 9032, Program: program })),
        ),
      );

    it('is the port that WSL hands on, and the folder', async () => {
      await there();
      const { machine: it, commands } = machine({
        ...made,
        [reg]: registered(),
        'wsl --list --verbose': running,
        'powershell …': listening('wslrelay', '127.0.0.1', '::1'),
      });
      const seen = await it.see(idle());
      expect(seen).toMatchObject({ hostUid: null, sharedFolders: [shared] });
      expect(seen.ports).toEqual([
        { address: '127.0.0.1', port: 18_789, insidePort: 18_789 },
        { address: '::1', port: 18_789, insidePort: 18_789 },
      ]);
      expect(commands.find(({ file }) => file === 'powershell')?.environment).toEqual({
        CLAWCOVE_DATA: '18789',
      });
    });

    it('is not somebody else’s port, and no guess where nobody can tell', async () => {
      await there();
      const answers = { ...made, [reg]: registered(), 'wsl --list --verbose': running };
      const other = machine({ ...answers, 'powershell …': listening('nginx', '0.0.0.0') });
      expect((await other.machine.see(idle())).ports).toEqual([]);
      const silent = machine({ ...answers, 'powershell …': exited(1) });
      expect(await problemOf(silent.machine.see(idle()))).toMatchObject({ code: 'engine-failed' });
    });

    it('is what listens inside where the two share their interfaces', async () => {
      await there();
      await writeFile(join(folder, '.wslconfig'), '[wsl2]\r\nnetworkingMode=mirrored\r\n');
      const { machine: it } = machine({
        ...made,
        [reg]: registered(),
        'wsl in /usr/bin/ss -H -l -t -n sport = :18789': exited(
          0,
          'LISTEN 0 511 127.0.0.1:18789 0.0.0.0:*\nLISTEN 0 511 *:18789 *:*\n',
        ),
      });
      expect(it.computer).toEqual([]);
      await it.start(report());
      expect(it.computer).toEqual(['127.0.0.1']);
      const { ports, confinement } = await it.see(idle());
      expect(ports.map(({ address }) => address)).toEqual(['127.0.0.1', '0.0.0.0']);
      expect(confinement).toContain('networking: mirrored');
    });
  });

  describe('keeping it as a file', () => {
    it('writes the disk of a resting machine, whole or not at all', async () => {
      await there();
      const file = join(folder, 'kept.vhdx');
      const { machine: it } = machine({
        [reg]: registered(),
        'wsl --list --verbose': stopped,
        [`wsl --export ${name} ${file}.part.vhdx --format vhd`]: async () => {
          await writeFile(`${file}.part.vhdx`, 'disk');
          return exited(0);
        },
      });
      await it.keepDisk(file, report());
      expect(await readFile(file, 'utf8')).toBe('disk');
    });

    it('does not while it runs', async () => {
      await there();
      const { machine: it } = machine({ [reg]: registered(), 'wsl --list --verbose': running });
      expect(await problemOf(it.keepDisk(join(folder, 'x'), report()))).toMatchObject({
        code: 'home-is-running',
      });
    });

    it('makes the machine anew from one', async () => {
      await there();
      const file = join(folder, 'kept.vhdx');
      await writeFile(file, 'disk');
      const { machine: it, calls } = machine({
        ...made,
        [reg]: registered(),
        'wsl --unregister ClawCove-OpenClaw': exited(0),
        [`wsl --import ${name} ${disk()} ${file} --vhd --version 2`]: exited(0),
      });
      await it.putDiskBack(file, report());
      expect(calls.filter((line) => /--(unregister|import)/.test(line))).toHaveLength(2);
      expect(await problemOf(it.putDiskBack(join(folder, 'none'), report()))).toMatchObject({
        code: 'state-gone',
      });
    });
  });

  describe('taking it away', () => {
    it('ends and removes ours, its task and its folder', async () => {
      await there();
      const { machine: it, calls } = machine({
        [reg]: registered(),
        'schtasks /Delete /TN \\ClawCove\\OpenClaw /F': exited(0),
        'wsl --terminate ClawCove-OpenClaw': notFound,
        'wsl --unregister ClawCove-OpenClaw': exited(0),
      });
      await it.destroy(report());
      expect(calls.at(-1)).toBe('wsl --unregister ClawCove-OpenClaw');
      expect(existsSync(join(folder, 'wsl'))).toBe(false);
    });
  });
});
