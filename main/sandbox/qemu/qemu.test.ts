/** The machine around doubles of its programs; what they do for real, qemu.real.test.ts shows. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock, Command, Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
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

function machineWith(answers: Record<string, Outcome> = {}) {
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
    endedWell: false,
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
    // What another ClawCove may keep as good is only what was stopped in good order.
    expect(await readRecord(places.record)).toMatchObject({ record: { endedWell: false } });
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
    await writeRecord(places.record, { ...record, endedWell: true });
    const machine = machineWith({
      'qemu-img info …': exited(0, '{"virtual-size": 21474836480, "actual-size": 200000}'),
      'qemu-img commit …': exited(1, '', 'qemu-img: No space left on device\n'),
    });
    expect(await problemCode(machine.start(silentReport()))).toBe('no-room-on-disk');
    // It can be done again.
    expect(await readRecord(places.record)).toMatchObject({ record: { endedWell: true } });
  });
});
