import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Outcome } from '../../doors.ts';
import { exists } from '../../host/files.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import type { MachineSpec } from '../distro/machine.ts';
import { fixture } from '../fixtures.ts';
import { agentLabel } from './autostart.ts';
import { bases } from './bases.ts';
import { createLimaMachine, keptBase } from './machine.ts';
import { machineName, ours } from './names.ts';
import { asOurs } from './test-samples.ts';

const signal = new AbortController().signal;
const uid = process.getuid?.() ?? 0;
const lima = 'limactl --tty=false';
const trueInside = `${lima} shell --workdir / --shell /bin/bash clawcove sudo -n -- timeout --kill-after=5 35 true`;
const powerOff = `${lima} shell --workdir / --shell /bin/bash clawcove sudo -n -- timeout --kill-after=5 35 systemctl poweroff`;
const stuck = exited(1, '', fixture('lima/start.stuck-ssh.recorded.stderr.txt'));
const running = asOurs('list.running.constructed.ndjson');
const stopped = asOurs('list.stopped.constructed.ndjson');
const broken = asOurs('list.broken.constructed.ndjson');
const foreign = JSON.stringify({
  name: machineName,
  status: 'Running',
  dir: '/d',
  config: { message: 'hi' },
});

type Answers = Parameters<typeof strictRun>[0];

describe('a machine of Lima’s', () => {
  let folder: string;
  let home: string;
  let spec: MachineSpec;

  beforeEach(async () => {
    folder = await testFolder();
    home = join(folder, 'h');
    await mkdir(join(folder, 'shared'));
    await mkdir(join(folder, 'Library'));
    spec = {
      memoryBytes: 2 * 1024 ** 3,
      cpus: 2,
      diskBytes: 20 * 1024 ** 3,
      port: 18_789,
      sharedFolder: join(folder, 'shared'),
      fence: { refused: [], allowed: [] },
      certificates: null,
    };
  });

  const machineWith = (answers: Answers, { isFree = true } = {}) => {
    const double = strictRun(answers);
    let now = 0;
    const machine = createLimaMachine({
      run: double.run,
      clock: {
        now: () => 1_795_000_000_500,
        monotonic: () => now,
        async sleep(ms) {
          now += ms;
        },
      },
      isPortFree: async (port) => isFree || port !== 18_789,
      portHolder: async () => ({ program: 'nginx', pid: 7 }),
      program: 'limactl',
      home,
      uid,
      arch: 'arm64',
      library: join(folder, 'Library'),
      freeDisk: async () => 100e9,
    });
    const lines: string[] = [];
    const report = { signal, progress() {}, log: (line: string) => lines.push(line) };
    return { machine, double, report, lines };
  };
  const list = (text: string): Answers => ({ [`${lima} list --json`]: exited(0, text) });
  /** What Lima leaves in a machine's folder while it runs. */
  const markRunning = async () => {
    await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
    await writeFile(join(home, machineName, 'ha.pid'), '4211');
  };

  describe('is made', () => {
    it('from settings that Lima has looked through, with its own name', async () => {
      const file = join(home, 'clawcove.next.yaml');
      const { machine, double, report, lines } = machineWith({
        [`${lima} list --json`]: exited(0, '', fixture('lima/list.none.exit0.constructed.txt')),
        [`${lima} validate ${file}`]: exited(0),
        [`${lima} create --name=clawcove ${file}`]: exited(0, '', 'Downloading the image\n'),
      });
      await machine.create(spec, report);
      expect(double.commands.map(({ args }) => args)).toEqual([
        ['--tty=false', 'list', '--json'],
        ['--tty=false', 'validate', file],
        ['--tty=false', 'create', '--name=clawcove', file],
      ]);
      for (const { environment } of double.commands) expect(environment).toMatchObject({ LIMA_HOME: home });
      expect(lines).toEqual(['Downloading the image']);
      const asked = join(home, 'clawcove.yaml');
      expect(parse(await readFile(asked, 'utf8'))).toMatchObject({
        message: ours,
        mounts: [{ location: spec.sharedFolder }],
      });
      expect([(await stat(home)).mode & 0o777, (await stat(asked)).mode & 0o777]).toEqual([0o700, 0o600]);
    });

    it('anew around the same disks when it differs, which never get smaller', async () => {
      const file = join(home, 'clawcove.next.yaml');
      await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
      const wanted = { ...spec, memoryBytes: 8 * 1024 ** 3, diskBytes: 10 * 1024 ** 3 };
      const { machine, double, report } = machineWith({
        [`${lima} list --json`]: [exited(0, running), exited(0, running), exited(0, stopped)],
        [`${lima} validate ${file}`]: exited(0),
        [powerOff]: exited(0),
      });
      await markRunning();
      await machine.create(wanted, report);
      expect(double.calls).toEqual([
        `${lima} list --json`,
        `${lima} validate ${file}`,
        `${lima} list --json`,
        powerOff,
        `${lima} list --json`,
      ]);
      expect(parse(await readFile(join(home, machineName, 'lima.yaml'), 'utf8'))).toMatchObject({
        memory: '8192MiB',
        disk: '20480MiB',
      });
    });

    it('no second time when it is as asked; unless somebody’s defaults have changed what is in force', async () => {
      const file = join(home, 'clawcove.next.yaml');
      const here = (text: string) => text.replaceAll('/Users/anna/OpenClaw Shared', spec.sharedFolder);
      await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
      const first = machineWith({ ...list(here(stopped)), [`${lima} validate ${file}`]: exited(0) });
      await first.machine.create(spec, first.report);
      const again = machineWith(list(here(stopped)));
      await again.machine.create(spec, again.report);
      expect(again.double.calls).toEqual([`${lima} list --json`]);
      for (const [was, is] of [
        ['"writable": true}]', '"writable": true}, {"location": "/Users/anna", "writable": false}]'],
        ['"hostIP": "127.0.0.1"', '"hostIP": "0.0.0.0"'],
        ['"hostPort": 18789', '"hostPort": 18790'],
        ['"guestIPMustBeZero": false', '"guestIPMustBeZero": true'],
        [
          '"portForwards": [',
          '"portForwards": [{"guestPort": 22, "hostIP": "127.0.0.1", "hostPort": 2222}, ',
        ],
        ['"cpus": 2', '"cpus": 8'],
        ['"plain": false', '"ssh": {"forwardAgent": true}'],
        ['"plain": false', '"networks": [{"vzNAT": true}]'],
      ] as const) {
        const opened = here(stopped).replace(was, is);
        expect(opened).not.toBe(here(stopped));
        const other = machineWith({ ...list(opened), [`${lima} validate ${file}`]: exited(0) });
        await other.machine.create(spec, other.report);
        expect(other.double.calls).toContain(`${lima} validate ${file}`);
      }
    });

    it('not in the place of somebody else’s, nor without the folder', async () => {
      const taken = machineWith(list(foreign));
      await expect(taken.machine.create(spec, taken.report)).rejects.toMatchObject({
        problem: { code: 'home-not-ours', facts: { name: machineName } },
      });
      await rm(spec.sharedFolder, { recursive: true });
      const without = machineWith({});
      await expect(without.machine.create(spec, without.report)).rejects.toMatchObject({
        problem: { code: 'shared-folder-gone' },
      });
    });

    it('whole again when its settings are gone, around the same disks', async () => {
      const file = join(home, 'clawcove.next.yaml');
      await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
      const { machine, report } = machineWith({
        ...list(broken),
        [`${lima} validate ${file}`]: exited(0),
        [`${lima} stop --force clawcove`]: exited(1, '', 'level=fatal msg="no such file"'),
      });
      await machine.create(spec, report);
      expect(parse(await readFile(join(home, machineName, 'lima.yaml'), 'utf8'))).toMatchObject({
        message: ours,
      });
    });

    it('without anybody’s defaults', async () => {
      const file = join(home, 'clawcove.next.yaml');
      const override = join(home, '_config', 'override.yaml');
      await mkdir(join(home, '_config'), { recursive: true, mode: 0o700 });
      await chmod(home, 0o700);
      await writeFile(override, 'mounts: [{location: "~"}]');
      const { machine, report } = machineWith({
        ...list(''),
        [`${lima} validate ${file}`]: exited(0),
        [`${lima} create --name=clawcove ${file}`]: exited(0),
      });
      await machine.create(spec, report);
      expect(await exists(override)).toBe(false);
    });

    it('not from a base that differs from what its makers published', async () => {
      const file = join(home, 'clawcove.next.yaml');
      const { machine, report } = machineWith({
        ...list(''),
        [`${lima} validate ${file}`]: exited(0),
        [`${lima} create --name=clawcove ${file}`]: exited(1, '', 'level=fatal msg="expected digest of x"'),
      });
      await expect(machine.create(spec, report)).rejects.toMatchObject({
        problem: { code: 'system-damaged' },
      });
    });
  });

  describe('is started', () => {
    const start = `${lima} start --timeout=600s clawcove`;

    it('and asked whether it answers', async () => {
      const { machine, double, report } = machineWith({
        ...list(stopped),
        [start]: exited(0),
        [trueInside]: exited(0),
      });
      await markRunning();
      await machine.start(report);
      expect(double.calls).toEqual([`${lima} list --json`, start, trueInside]);
    });

    it('no second time when it answers', async () => {
      await markRunning();
      const { machine, double, report } = machineWith({ ...list(running), [trueInside]: exited(0) });
      await machine.start(report);
      expect(double.calls).not.toContain(start);
    });

    it('anew when macOS has lost its network, once', async () => {
      await markRunning();
      const force = { [`${lima} stop --force clawcove`]: exited(0) };
      const helped = machineWith({
        ...list(stopped),
        ...force,
        [start]: [stuck, exited(0)],
        [trueInside]: exited(0),
      });
      await helped.machine.start(helped.report);
      expect(helped.double.calls.slice(1, 4)).toEqual([start, `${lima} stop --force clawcove`, start]);
      const lost = machineWith({ ...list(stopped), ...force, [start]: [stuck, stuck] });
      await expect(lost.machine.start(lost.report)).rejects.toMatchObject({
        problem: { code: 'machine-no-answer' },
      });
    });

    it('anew when it hangs since the computer slept', async () => {
      await markRunning();
      for (const silence of [
        { is: 'timed-out' } as const,
        exited(255, '', 'ssh: connect to host 127.0.0.1 port 53187: Connection refused'),
      ]) {
        const { machine, double, report } = machineWith({
          ...list(running),
          [trueInside]: [silence, exited(0)],
          [`${lima} stop --force clawcove`]: exited(0),
          [start]: exited(0),
        });
        await machine.start(report);
        expect(double.calls.filter((call) => !call.endsWith('--json'))).toEqual([
          trueInside,
          `${lima} stop --force clawcove`,
          start,
          trueInside,
        ]);
      }
    });

    it('and told when it never answers', async () => {
      await markRunning();
      const { machine, report } = machineWith({
        ...list(stopped),
        [start]: exited(0),
        [trueInside]: { is: 'timed-out' },
      });
      await expect(machine.start(report)).rejects.toMatchObject({
        problem: { code: 'machine-no-answer' },
      });
    });

    it('after what was left of it has been taken away', async () => {
      await markRunning();
      const { machine, double, report } = machineWith({
        ...list(broken),
        [`${lima} stop --force clawcove`]: exited(0),
        [start]: exited(0),
        [trueInside]: exited(0),
      });
      await machine.start(report);
      expect(double.calls.slice(0, 3)).toEqual([
        `${lima} list --json`,
        `${lima} stop --force clawcove`,
        start,
      ]);
    });

    it.each<[string, Outcome, string]>([
      [
        'without permission, at once',
        exited(
          1,
          '',
          'FATA[0031] exiting, status={} … com.apple.security.virtualization … "ssh" essential requirement 1 of 2',
        ),
        'machine-not-permitted',
      ],
      ['that hangs', { is: 'timed-out' }, 'engine-too-slow'],
      ['that fails', exited(1, '', 'time="t" level=fatal msg="novel"'), 'engine-failed'],
    ])('%s, is told', async (_, outcome, code) => {
      const { machine, report } = machineWith({ ...list(stopped), [start]: [outcome] });
      await expect(machine.start(report)).rejects.toMatchObject({ problem: { code } });
    });

    it('never without the port that it needs', async () => {
      const { machine, double, report } = machineWith(list(stopped), { isFree: false });
      await expect(machine.start(report)).rejects.toMatchObject({
        problem: { code: 'port-taken', facts: { port: 18_789, program: 'nginx' } },
      });
      expect(double.calls).not.toContain(start);
    });

    it('never when it is missing or somebody else’s', async () => {
      for (const [text, code] of [
        ['', 'home-not-there'],
        [foreign, 'home-not-ours'],
      ] as const) {
        const { machine, report } = machineWith(list(text));
        await expect(machine.start(report)).rejects.toMatchObject({ problem: { code } });
      }
    });
  });

  describe('is stopped', () => {
    const look = `${lima} list --json`;
    const force = `${lima} stop --force clawcove`;
    const in65 = Array.from({ length: 65 }, () => exited(0, running));

    it.each<[string, Answers, string[]]>([
      [
        'in order, from inside',
        { [look]: [exited(0, running), exited(0, running), exited(0, stopped)], [powerOff]: exited(0) },
        [look, powerOff, look, look],
      ],
      [
        'in order although it is gone before it has answered',
        {
          [look]: [exited(0, running), exited(0, stopped), exited(0, stopped)],
          [powerOff]: exited(255, '', 'Connection to 127.0.0.1 closed by remote host.\n'),
        },
        [look, powerOff, look, look],
      ],
      [
        'by force at once when it is broken',
        { [look]: exited(0, broken), [force]: exited(0) },
        [look, force],
      ],
      ['quietly when it rests', { [look]: exited(0, stopped) }, [look]],
      ['quietly when there is none', { [look]: exited(0) }, [look]],
    ])('%s', async (_, answers, calls) => {
      await markRunning();
      const { machine, double } = machineWith(answers);
      await machine.stop(signal);
      expect(double.calls).toEqual(calls);
    });

    it('by force after a minute', async () => {
      await markRunning();
      const { machine, double } = machineWith({ [look]: in65, [powerOff]: exited(0), [force]: exited(0) });
      await machine.stop(signal);
      expect(double.calls.filter((call) => call === look)).toHaveLength(61);
      expect(double.calls.at(-1)).toBe(force);
    });

    it('or else it is said', async () => {
      await markRunning();
      const { machine } = machineWith({
        [look]: in65,
        [powerOff]: exited(0),
        [force]: exited(1, '', 'level=fatal msg="x"'),
      });
      await expect(machine.stop(signal)).rejects.toMatchObject({ problem: { code: 'engine-failed' } });
    });

    it('not when it is somebody else’s', async () => {
      const { machine } = machineWith(list(foreign));
      await expect(machine.stop(signal)).rejects.toMatchObject({ problem: { code: 'home-not-ours' } });
    });
  });

  it('that rests is not started by somebody who wants to look inside', async () => {
    const { machine, double } = machineWith({});
    const asked = machine.guest.run(['id'], { timeoutMs: 1_000, signal });
    await expect(asked).rejects.toMatchObject({ problem: { code: 'home-not-running' } });
    expect(double.calls).toEqual([]);
  });

  it('is missing, stopped or running since its process began', async () => {
    await markRunning();
    const began = Math.floor((await stat(join(home, machineName, 'ha.pid'))).mtimeMs);
    expect(await machineWith(list(running)).machine.state(signal)).toEqual({
      is: 'running',
      startedAt: began,
    });
    expect(await machineWith(list(stopped)).machine.state(signal)).toEqual({ is: 'stopped' });
    expect(await machineWith(list('')).machine.state(signal)).toEqual({ is: 'missing' });
  });

  it('is not called missing when Lima can’t be understood', async () => {
    for (const answer of [exited(0, 'gibberish\n'), exited(1, '', 'level=fatal msg="x"')])
      await expect(
        machineWith({ [`${lima} list --json`]: answer }).machine.state(signal),
      ).rejects.toMatchObject({
        problem: { code: 'engine-failed' },
      });
  });

  describe('whose engine is asked', () => {
    const mac: Answers = {
      '/usr/bin/sw_vers -productVersion': exited(0, '15.5\n'),
      '/usr/sbin/sysctl -n hw.optional.arm64': exited(0, '1\n'),
      '/usr/sbin/sysctl -n kern.hv_support': exited(0, '1\n'),
      'limactl --version': exited(0, 'limactl version 2.2.0\n'),
      '/usr/bin/codesign --display --entitlements - --xml limactl': exited(
        0,
        '<plist version="1.0"><dict><key>com.apple.security.virtualization</key><true/></dict></plist>',
      ),
    };

    it('is ready, stuck with a broken machine, and gets going again', async () => {
      expect(await machineWith(mac).machine.probe(signal)).toEqual({
        is: 'ready',
        version: '2.2.0',
        limits: 'enforced',
      });
      await markRunning();
      const halfDead = JSON.stringify({
        ...JSON.parse(running),
        status: 'Broken',
        errors: ['driver is running but host agent is not'],
      });
      expect(await machineWith({ ...mac, ...list(halfDead) }).machine.probe(signal)).toMatchObject({
        is: 'stuck',
      });
      const { machine, double } = machineWith({
        ...mac,
        [`${lima} list --json`]: [exited(0, halfDead), exited(0, stopped)],
        [`${lima} stop --force clawcove`]: exited(0),
      });
      expect(await machine.unstick(signal)).toMatchObject({ is: 'ready' });
      expect(double.calls).toContain(`${lima} stop --force clawcove`);
      const still = machineWith({
        [`${lima} list --json`]: exited(0, halfDead),
        [`${lima} stop --force clawcove`]: exited(0),
      });
      await expect(still.machine.unstick(signal)).rejects.toMatchObject({
        problem: { code: 'engine-failed' },
      });
    });
  });

  it('gets this computer’s time', async () => {
    await markRunning();
    const line = trueInside.replace(/true$/, 'date --utc --set @1795000000.500');
    const { machine, double } = machineWith({ [line]: exited(0) });
    await machine.setClock(signal);
    expect(double.calls).toEqual([line]);
    expect(machine.agentId).toBe(uid);
  });

  describe('that is faulty', () => {
    const look = `${lima} list --json`;
    const force = { [`${lima} stop --force clawcove`]: exited(0) };

    it('gets its settings back', async () => {
      await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
      await writeFile(join(home, 'clawcove.yaml'), 'as it was');
      const { machine, report } = machineWith({ ...force, [look]: [exited(0, broken), exited(0, stopped)] });
      await machine.mend(report);
      expect(await readFile(join(home, machineName, 'lima.yaml'), 'utf8')).toBe('as it was');
    });

    it('is ended when it gives no answer, with its settings as they are', async () => {
      await mkdir(join(home, machineName), { recursive: true, mode: 0o700 });
      for (const file of ['clawcove.yaml', join(machineName, 'lima.yaml')])
        await writeFile(join(home, file), file);
      const silent = running.replace('"Running"', '"Broken"');
      const { machine, double, report } = machineWith({
        ...force,
        [look]: [exited(0, silent), exited(0, stopped)],
      });
      await machine.mend(report);
      expect(double.calls).toContain(`${lima} stop --force clawcove`);
      expect(await readFile(join(home, machineName, 'lima.yaml'), 'utf8')).toBe('clawcove/lima.yaml');
    });

    it('is left alone when it is not, and said when it stays so', async () => {
      const well = machineWith(list(stopped));
      await well.machine.mend(well.report);
      expect(well.double.calls).toEqual([look]);
      const still = machineWith({ ...force, ...list(broken) });
      await expect(still.machine.mend(still.report)).rejects.toMatchObject({
        problem: { code: 'engine-failed' },
      });
      const full = JSON.parse(broken);
      const disk = machineWith(list(JSON.stringify({ ...full, errors: ['write: no space left on device'] })));
      await expect(disk.machine.mend(disk.report)).rejects.toMatchObject({
        problem: { code: 'no-room-on-disk' },
      });
    });
  });

  it('shows the end of whichever console it writes to', async () => {
    await markRunning();
    const { machine } = machineWith({});
    expect(await machine.untrustedLog(5, signal)).toBe('');
    await writeFile(join(home, machineName, 'serial.log'), `${'x'.repeat(600_000)}\nlast but one\nlast\n`);
    expect(await machine.untrustedLog(2, signal)).toBe('last but one\nlast');
    await writeFile(join(home, machineName, 'serialv.log'), 'virtio\n');
    expect(await machine.untrustedLog(2, signal)).toBe('virtio');
  });

  it('goes with all that was made for it, and nothing else', async () => {
    const library = join(folder, 'Library');
    const agent = join(library, 'LaunchAgents', `${agentLabel}.plist`);
    const [base] = bases;
    const kept = keptBase(library, base?.location ?? '');
    const others = join(kept, '..', 'other');
    for (const path of [kept, others, join(home, machineName), join(library, 'LaunchAgents')])
      await mkdir(path, { recursive: true });
    await writeFile(agent, '');
    const { machine, double, report } = machineWith({
      ...list(stopped),
      [`${lima} delete --force clawcove`]: exited(0),
    });
    await machine.destroy(report);
    expect(double.calls).toEqual([`${lima} list --json`, `${lima} delete --force clawcove`]);
    expect(await Promise.all([home, agent, kept, others].map(exists))).toEqual([false, false, false, true]);
  });

  it('stays when it is somebody else’s', async () => {
    await markRunning();
    const { machine, report } = machineWith(list(foreign));
    await expect(machine.destroy(report)).rejects.toMatchObject({ problem: { code: 'home-not-ours' } });
    expect(await exists(home)).toBe(true);
  });
});
