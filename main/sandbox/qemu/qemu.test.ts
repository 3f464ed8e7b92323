/** The machine around doubles of its programs; what they do for real, qemu.real.test.ts shows. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock, Command } from '../../doors.ts';
import { type Answer, exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle, silentReport } from '../silent-report.ts';
import { debianSource } from './base.ts';
import { type Places, placesIn } from './names.ts';
import { createQemuMachine } from './qemu.ts';
import { type MachineRecord, readRecord, writeRecord } from './record.ts';

/** As recorded. */
const versionText = 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\n';
const noBus = exited(1, '', 'Failed to connect to bus: No medium found');
const base = 'QFI, or so';
const port = 18_989;

let folder: string;
let places: Places;
let record: MachineRecord;
/** What whoever is started says before it ends. */
let words: string;
let launched: Command[];

/** Goes on by itself. */
function testClock(): Clock {
  let now = Date.now();
  return {
    now: () => now,
    monotonic: () => now,
    zone: () => 'Europe/Berlin',
    sleep: async (ms) => {
      // A test waits for nobody.
      now += ms * 60;
    },
  };
}

function machineWith(answers: Record<string, Answer> = {}) {
  const double = strictRun({
    'qemu-system-x86_64 --version': exited(0, versionText),
    'qemu-img --version': exited(0),
    'ssh -V': exited(0),
    'ssh-keygen -?': exited(1),
    'gpgv --version': exited(0),
    'pasta …': exited(0),
    'systemctl --user …': noBus,
    'qemu-img check …': exited(0),
    ...answers,
  });
  return createQemuMachine({
    async run(command) {
      if (command.file !== '/bin/sh') return double.run(command);
      launched.push(command);
      await writeFile(places.words, words);
      return exited(0);
    },
    clock: testClock(),
    log: { info() {}, error() {} },
    portHolder: async () => ({ program: 'nginx', pid: 7 }),
    uid: 1000,
    gid: 1000,
    dataFolder: folder,
    configFolder: join(folder, 'config'),
    source: debianSource,
  });
}

beforeEach(async () => {
  folder = await testFolder();
  places = placesIn(folder);
  launched = [];
  words = 'clawcove: ended with 1\n';
  await mkdir(places.folder);
  await mkdir(join(folder, 'shared'));
  await writeFile(places.base, base);
  await writeFile(places.good, '');
  await writeFile(places.disk, '');
  const { size, mtimeMs } = await stat(places.base);
  record = {
    form: 1,
    instance: 'one',
    spec: {
      memoryBytes: 2 * 1024 ** 3,
      cpus: 2,
      diskBytes: 20 * 1024 ** 3,
      port,
      sharedFolder: join(folder, 'shared'),
      fence: { refused: ['203.0.113.9'], allowed: [] },
      certificates: null,
    },
    sshPort: 0,
    base: { sha512: createHash('sha512').update(base).digest('hex'), bytes: size, changedAt: mtimeMs },
    isSettled: true,
    certificatesInside: null,
    roomInside: 20 * 1024 ** 3,
  };
  await writeRecord(places.record, record);
});

describe('a machine at rest', () => {
  it('is missing, somebody else’s, or stopped', async () => {
    expect(await machineWith().state(idle())).toEqual({ is: 'stopped' });
    await writeFile(places.record, '{"form":2}');
    expect(await machineWith().state(idle())).toEqual({ is: 'foreign', name: places.folder });
    expect(await problemCode(machineWith().create(record.spec, silentReport()))).toBe('home-not-ours');
    await machineWith().destroy(silentReport());
    expect(existsSync(places.disk)).toBe(true);
    const other = placesIn(await testFolder());
    expect(await readRecord(other.record)).toEqual({ is: 'none' });
  });

  it('is faulty when a disk of it is damaged, and doesn’t begin', async () => {
    const damaged = machineWith({
      'qemu-img check …': exited(1, '', "qemu-img: Could not open 'x': Image is not in qcow2 format\n"),
    });
    expect(await damaged.state(idle())).toMatchObject({ is: 'faulty', why: 'disk-damaged' });
    expect(await problemCode(damaged.start(silentReport()))).toBe('machine-disk-damaged');
    await writeFile(places.base, 'QFI, or  so');
    expect(await machineWith().state(idle())).toMatchObject({ is: 'faulty', detail: 'base' });
    expect(await problemCode(machineWith().start(silentReport()))).toBe('machine-disk-damaged');
    expect(launched).toEqual([]);
  });
});

describe('starting', () => {
  it('is by this computer’s own virtualization, in the jail, and by nothing else', async () => {
    expect(await problemCode(machineWith().start(silentReport()))).toBe('machine-failed');
    const [args = []] = launched.map((command) => command.args);
    expect(args).toContain('q35,accel=kvm,vmport=off,usb=off');
    expect(args.join(' ')).not.toContain('tcg');
    expect(args.indexOf('pasta')).toBeLessThan(args.indexOf('qemu-system-x86_64'));
    expect(args.join(' ')).toContain('203.0.113.9');
    expect(args.join(' ')).not.toContain('seed');
  });

  it.each([
    [`Failed to bind port ${port} (Address already in use)`, 'port-taken'],
    ['netlink: Error: cache initialization failed: Operation not permitted', 'fence-failed'],
    ['qemu-system-x86_64: something else', 'machine-failed'],
  ])('says why it didn’t begin: %s', async (said, code) => {
    words = `${said}\nclawcove: ended with 1\n`;
    const machine = machineWith();
    expect(await problemCode(machine.start(silentReport()))).toBe(code);
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
  });

  it('remembers that virtualization doesn’t work', async () => {
    words =
      'qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69\nkvm_buf_set_msrs: Assertion\nclawcove: ended with 134\n';
    expect(await problemCode(machineWith().start(silentReport()))).toBe('virtualization-broken');
    expect((await readFile(places.verdict, 'utf8')).trim()).not.toBe('');
  });

  it('gives up a machine that never appears', async () => {
    words = '';
    expect(await problemCode(machineWith().start(silentReport()))).toBe('machine-no-answer');
  });

  it('waits for nobody else’s port', async () => {
    const squatter = createServer().listen(port, '127.0.0.1');
    expect(await problemCode(machineWith().start(silentReport()))).toBe('port-taken');
    squatter.close();
    expect(launched).toEqual([]);
  });

  it('needs the shared folder', async () => {
    await writeRecord(places.record, {
      ...record,
      spec: { ...record.spec, sharedFolder: join(folder, 'gone') },
    });
    expect(await problemCode(machineWith().start(silentReport()))).toBe('shared-folder-gone');
  });

  it('keeps what the last run left only when that ended in good order', async () => {
    await writeFile(places.endedWell, '');
    const machine = machineWith({
      'qemu-img info …': exited(0, '{"virtual-size": 21474836480, "actual-size": 200000}'),
      'qemu-img commit …': exited(1, '', 'qemu-img: No space left on device\n'),
    });
    expect(await problemCode(machine.start(silentReport()))).toBe('no-room-on-disk');
    // It can be done again.
    expect(existsSync(places.endedWell)).toBe(true);
  });
});

describe('the good disk', () => {
  const info = exited(0, '{"virtual-size": 21474836480, "actual-size": 200000}');
  const stoppedAt = new Date(Date.UTC(2026, 10, 20));

  it('takes in what was stopped in good order, and no run that begins may be taken for one', async () => {
    await writeFile(places.endedWell, '');
    await utimes(places.endedWell, stoppedAt, stoppedAt);
    let bytes = 0;
    const machine = machineWith({
      'qemu-img info …': info,
      'qemu-img commit …': exited(0),
      'qemu-img create …': async ({ args }) => {
        await writeFile(args.at(-2) ?? '', 'new');
        bytes = Number(args.at(-1));
        return exited(0);
      },
    });
    expect(await problemCode(machine.start(silentReport()))).toBe('machine-failed');
    expect(bytes).toBe(21_474_836_480);
    expect(existsSync(places.endedWell)).toBe(false);
    expect((await stat(places.keptWell)).mtimeMs).toBe(stoppedAt.getTime());
  });
});

describe('mending', () => {
  const stoppedAt = new Date(Date.UTC(2026, 10, 20));
  const notQcow = exited(1, '', 'qemu-img: Image is not in qcow2 format\n');
  const makes: Answer = async ({ args }) => {
    await writeFile(args.at(-2) ?? '', 'new');
    return exited(0);
  };
  const info = exited(0, '{"virtual-size": 21474836480, "actual-size": 200000}');
  const damagedDisk: Record<string, Answer> = {
    'qemu-img check …': async ({ args }) => {
      const file = args.at(-1) ?? '';
      return file === places.disk && (await readFile(file, 'utf8')) === '<html>' ? notQcow : exited(0);
    },
    'qemu-img info …': info,
    'qemu-img create …': makes,
  };
  const keep = async () => {
    await writeFile(places.keptWell, '');
    await utimes(places.keptWell, stoppedAt, stoppedAt);
  };

  it('leaves a machine alone that is well', async () => {
    expect(await machineWith().mend(silentReport())).toEqual({ is: 'as-it-was' });
  });

  it('goes back to the last stop in good order when the disk is damaged, and keeps that disk', async () => {
    await keep();
    await writeFile(places.disk, '<html>');
    const machine = machineWith(damagedDisk);
    expect(await machine.state(idle())).toMatchObject({ is: 'faulty', why: 'disk-damaged' });
    expect(await machine.mend(silentReport())).toEqual({ is: 'went-back', to: stoppedAt.getTime() });
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    expect(await readFile(`${places.disk}.damaged`, 'utf8')).toBe('<html>');
    // The system inside has to be told again what it was told since.
    expect(await readRecord(places.record)).toMatchObject({
      record: { roomInside: 0, certificatesInside: null },
    });
  });

  it('sets a machine aside that has nothing to go back to', async () => {
    await writeFile(places.disk, '<html>');
    const machine = machineWith(damagedDisk);
    expect(await machine.mend(silentReport())).toEqual({ is: 'gone' });
    expect(await machine.state(idle())).toEqual({ is: 'missing' });
    const [aside = ''] = (await readdir(folder)).filter((name) => name.startsWith('vm.damaged-'));
    expect(await readFile(join(folder, aside, 'disk.qcow2'), 'utf8')).toBe('<html>');
    await machine.destroy(silentReport());
    expect((await readdir(folder)).filter((name) => name.startsWith('vm'))).toEqual([]);
  });

  it('sets a machine aside whose good disk is damaged', async () => {
    await keep();
    const machine = machineWith({ 'qemu-img check …': notQcow });
    expect(await machine.mend(silentReport())).toEqual({ is: 'gone' });
  });

  it('takes the spare base when one bit of the other has changed, which nothing shows but its sum', async () => {
    await writeFile(places.spareBase, base);
    await writeFile(places.base, base.replace('so', 'sp'));
    await utimes(places.base, stoppedAt, stoppedAt);
    const changedAt = stoppedAt.getTime();
    await writeRecord(places.record, { ...record, base: { ...record.base, changedAt } });
    const machine = machineWith();
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    expect(await problemCode(machine.start(silentReport()))).toBe('machine-disk-damaged');
    expect(await machine.mend(silentReport())).toEqual({ is: 'as-it-was' });
    expect(await readFile(places.base, 'utf8')).toBe(base);
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
  });
});
