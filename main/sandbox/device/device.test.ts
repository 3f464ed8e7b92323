/** The other computer around doubles of ssh; what it does for real, device.real.test.ts shows. */
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OtherComputer } from '../../contract.ts';
import type { Clock, Command, Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle, silentReport } from '../silent-report.ts';
import { createDeviceMachine, type DeviceOptions } from './device.ts';
import { placesIn } from './names.ts';
import { type ComputerRecord, readRecord, writeRecord } from './record.ts';

const laptop: OtherComputer = { host: '192.168.1.30', port: 22, account: 'ada' };
const port = 18_789;
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f clawcove\n';
const known: ComputerRecord = {
  form: 1,
  computer: laptop,
  fingerprint: 'SHA256:x',
  isDedicated: true,
  port,
};
const facts = `machine=x86_64
systemd=252.39
runs=yes
memory=8010000
disk=90000000
groups=yes
fence=yes
packages=apt-get
`;
const spec = {
  memoryBytes: 2 ** 31,
  cpus: 2,
  diskBytes: 0,
  port,
  sharedFolder: '/home/ada/ClawCove',
  fence: { refused: [], allowed: [] },
  certificates: null,
};
const refused = exited(255, '', 'root@192.168.1.30: Permission denied (publickey).\r\n');
const changed = exited(255, '', 'Host key verification failed.\r\n');
const gone = exited(255, '', 'ssh: connect to host 192.168.1.30 port 22: No route to host\r\n');

let dataFolder: string;
/** What root is asked to do over there, word by word. */
let asked: string[][];
let options: DeviceOptions;

/** The words within the one that ssh is given. */
const wordsOf = ({ args }: Command) =>
  Buffer.from(args.at(-1) ?? '', 'base64')
    .toString()
    .split('\0')
    .slice(1, -1);

/** @param answer to what is run there; a greeting is answered by `greeting` */
function machineWith(
  greeting: Outcome | readonly Outcome[] = exited(0),
  answer: (words: readonly string[]) => Outcome = () => exited(0, facts),
  change: Partial<DeviceOptions> = {},
) {
  const greetings = 'is' in greeting ? null : [...greeting];
  const double = strictRun({
    'ssh -V': exited(0, '', 'OpenSSH_9.2p1'),
    '/bin/sh -c umask 077; words=$1…': exited(0),
    'ssh -o ControlPath=none…': async () => greetings?.shift() ?? (greeting as Outcome),
    'ssh -F none…': async (command) => {
      asked.push(wordsOf(command));
      return answer(wordsOf(command));
    },
  });
  const machine = createDeviceMachine({
    ...options,
    run: async (command) => {
      const outcome = await double.run(command);
      // Whoever is launched ends at once: every call greets for itself.
      if (command.file === '/bin/sh') await writeFile(command.args[3] ?? '', 'clawcove: ended with 255\n');
      return outcome;
    },
    ...change,
  });
  return { machine, ...double };
}

const testClock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  zone: () => 'Europe/Berlin',
  sleep: async () => {},
};

beforeEach(async () => {
  dataFolder = await testFolder();
  asked = [];
  options = {
    run: async () => exited(0),
    clock: testClock,
    log: { info() {}, error() {} },
    net: { connect: async () => 'refused' },
    computer: { isPortFree: async () => true, portHolder: async () => null },
    dataFolder,
    arch: 'x64',
    named: () => laptop,
  };
  await mkdir(placesIn(dataFolder).folder);
  await writeFile(`${placesIn(dataFolder).clientKey}.pub`, key);
  await writeRecord(placesIn(dataFolder).record, known);
});
const recorded = () => readRecord(placesIn(dataFolder).record);

describe('another computer', () => {
  it.each<[string, Partial<ComputerRecord> | null, OtherComputer | null, Outcome, object]>([
    ['nobody has named', null, null, exited(0), { is: 'not-prepared', lacks: 'name' }],
    ['nobody knows by its key', null, laptop, exited(0), { is: 'not-prepared', lacks: 'key' }],
    [
      'is another one',
      {},
      { ...laptop, host: '192.168.1.31' },
      exited(0),
      { is: 'not-prepared', lacks: 'key' },
    ],
    ['lets nobody in', {}, laptop, refused, { is: 'not-prepared', lacks: 'way-in' }],
    [
      'may be for something else',
      { isDedicated: false },
      laptop,
      exited(0),
      { is: 'not-prepared', lacks: 'word' },
    ],
    ['is switched off', {}, laptop, gone, { is: 'unreachable', host: laptop.host }],
    ['shows another key', {}, laptop, changed, { is: 'other-key', host: laptop.host }],
    ['is as it should be', {}, laptop, exited(0), { is: 'ready', limits: 'enforced' }],
  ])('that %s', async (_, record, named, greeting, state) => {
    const { record: file, folder } = placesIn(dataFolder);
    if (record === null) await writeFile(file, '');
    else await writeRecord(file, { ...known, ...record });
    const { machine } = machineWith(greeting, undefined, { named: () => named });
    expect(await machine.probe(idle())).toMatchObject(state);
    expect(folder).toBe(`${dataFolder}/computer`);
  });

  it('is absent without SSH', async () => {
    const { machine } = machineWith(exited(0), undefined, { run: async () => ({ is: 'not-found' }) });
    expect(await machine.probe(idle())).toEqual({ is: 'absent' });
  });

  it.each([
    [gone, 'computer-unreachable'],
    [changed, 'computer-other-key'],
    [refused, 'computer-shut'],
  ])('is in no state that could be told when it says %o', async (greeting, code) => {
    const { machine } = machineWith(greeting);
    expect(await problemCode(machine.state(idle()))).toBe(code);
    expect(await problemCode(machine.start(silentReport()))).toBe(code);
    // Nothing is said to it.
    expect(asked).toEqual([]);
  });

  it('has no home until one was made', async () => {
    await writeRecord(placesIn(dataFolder).record, { ...known, port: null });
    const { machine, calls } = machineWith();
    expect(await machine.state(idle())).toEqual({ is: 'missing' });
    expect(await machine.hasAutostart(idle())).toBe(false);
    expect(calls).toEqual([]);
  });

  it('is made ready: its door first, then all that a home takes; the second time nothing is different', async () => {
    await writeRecord(placesIn(dataFolder).record, { ...known, port: null });
    const { machine } = machineWith();
    await machine.create(spec, silentReport());
    expect(asked.map(([first, ...rest]) => `${first} ${rest.at(-1)}`)).toEqual([
      '/bin/sh daemon-reload',
      '/bin/sh /var/lib/clawcove/shared',
    ]);
    expect(await recorded()).toMatchObject({ port });
    const first = asked;
    asked = [];
    await machine.create(spec, silentReport());
    expect(asked).toEqual(first);
  });

  it('opens its door again when that would have shut us out', async () => {
    const { machine } = machineWith(gone);
    expect(await problemCode(machine.create(spec, silentReport()))).toBe('computer-door-stuck');
    expect(asked.slice(2)).toEqual([
      ['nft', 'delete', 'table', 'inet', 'clawcove_inbound'],
      ['systemctl', 'disable', 'clawcove-inbound.service'],
    ]);
  });

  it('has begun anew once it answers and says so itself', async () => {
    const boots = ['one', 'one', 'two'];
    const { machine } = machineWith(exited(0), ([first]) => exited(0, first === 'cat' ? boots.shift() : ''));
    await machine.restart?.(idle());
    expect(asked.map(([first, second]) => `${first} ${second}`)).toEqual([
      'cat /proc/sys/kernel/random/boot_id',
      'systemctl reboot',
      'cat /proc/sys/kernel/random/boot_id',
      'cat /proc/sys/kernel/random/boot_id',
    ]);
  });

  it('leaves a port of this computer to whoever has it', async () => {
    const { machine } = machineWith(exited(0), undefined, {
      computer: { isPortFree: async () => false, portHolder: async () => ({ program: 'squid', pid: 1 }) },
    });
    expect(await problemCode(machine.create(spec, silentReport()))).toBe('port-taken');
    expect(asked).toEqual([]);
  });

  it.each([
    ['refused', ['127.0.0.1']],
    ['timed-out', ['127.0.0.1']],
    ['open', ['127.0.0.1', laptop.host]],
  ] as const)('is knocked at from outside as well: %s', async (answer, addresses) => {
    const { machine } = machineWith(exited(0), undefined, { net: { connect: async () => answer } });
    const { ports } = await machine.see(idle());
    expect(ports.map(({ address }) => address)).toEqual(addresses);
  });

  it('is left with nothing of ours, and forgotten', async () => {
    const { machine } = machineWith();
    await machine.destroy(silentReport());
    expect(asked).toHaveLength(1);
    expect(asked[0]?.at(-1)).toMatch(/^restrict,.* ssh-ed25519 AAAA/);
    expect(await recorded()).toBeNull();
  });

  it('is kept in mind while it can’t be reached, since what is there can’t be taken away', async () => {
    const { machine } = machineWith(gone);
    expect(await problemCode(machine.destroy(silentReport()))).toBe('computer-unreachable');
    expect(await recorded()).toEqual(known);
  });

  it.each([changed, refused])('is only forgotten where somebody else answers: %o', async (greeting) => {
    const { machine } = machineWith(greeting);
    await machine.setAutostart(false, idle()).catch(() => {});
    asked = [];
    await machine.destroy(silentReport());
    expect(asked).toEqual([]);
    expect(await recorded()).toBeNull();
  });
});
