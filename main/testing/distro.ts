/**
 * A home in a machine, on a computer in memory: the real driver of that family (sandbox/distro) on a machine that is a
 * double. What OpenClaw's own commands do inside, the sandbox in memory does; what the system around it is asked,
 * systemd's answers as recorded, and files of its /proc as recorded or made up of what units say. Strict: a command that
 * nobody foresaw throws.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Doors } from '../doors.ts';
import { testFolder } from '../host/test-folder.ts';
import { createSelfAudit } from '../openclaw/audit.ts';
import { createReleases } from '../openclaw/releases.ts';
import { ProblemError } from '../problem.ts';
import { homesOf } from '../sandbox/chosen.ts';
import { createDistroSandbox } from '../sandbox/distro/home.ts';
import type {
  Machine as GuestMachine,
  MachineFault,
  MachineSeen,
  MachineSpec,
  MachineState,
  Mended,
} from '../sandbox/distro/machine.ts';
import {
  fenceUnit,
  homeSlice,
  homeUnit,
  recordFile,
  rehearsalUnit,
  tools,
  unitFolder,
} from '../sandbox/distro/names.ts';
import { fixture } from '../sandbox/fixtures.ts';
import type {
  EngineState,
  ExecOptions,
  ExecResult,
  HomeSpec,
  Sandbox,
  StateCopy,
} from '../sandbox/sandbox.ts';
import { openDoors, type TestDoors } from './doors.ts';
import { createMachine, type Machine } from './machine.ts';
import { createTestSandbox } from './sandbox.ts';

const GiB = 1024 ** 3;
const uid = 1000;
const sharedInside = '/srv/shared';
const done: ExecResult = { exitCode: 0, untrustedOut: '', untrustedErr: '', truncated: false };
const says = (untrustedOut: string): ExecResult => ({ ...done, untrustedOut });
const fails = (exitCode: number, untrustedErr = ''): ExecResult => ({ ...done, exitCode, untrustedErr });

/** As a jailed QEMU is seen. */
const confinement = [
  'seccomp filter',
  'no new privileges',
  'no capabilities',
  'net namespace',
  'user namespace',
];

/** What a test may do to the machine, as a stranger or bad luck would. */
export interface Bench {
  engine: EngineState;
  isUp: boolean;
  fault: { readonly why: MachineFault; readonly detail: string } | null;
  /** What becomes of its disks when it is mended. */
  mended: Mended;
  /** By how much its clock is ahead (ms). */
  ahead: number;
  seen: Partial<MachineSeen>;
  /** Lines of `systemctl show` that say something else: `NoNewPrivileges` → `no`. */
  readonly shown: Map<string, string>;
  /** The same of files in its /proc, by what their path ends with. */
  readonly proc: Map<string, (text: string) => string>;
  /** Programs that somebody has put into the home's /usr/bin. */
  readonly programs: string[];
  /** What the script about security fixes says in place of its usual words. */
  readonly fixes: Map<string, string>;
  /** Nobody inside gives an answer to these scripts. */
  readonly silentTools: Set<string>;
  readonly files: Map<string, string>;
}

export interface DistroTest extends TestDoors {
  readonly doors: Doors;
  readonly bench: Bench;
}

const pid = 700;
const inode = 90_210;
const at = `/proc/${pid}`;

/** `/proc` of the machine, as look.sh tells of it. */
function lookedAt(bench: Bench, machine: Machine): string {
  const { home } = machine;
  const records: string[] = [];
  const put = (path: string, kind: string, text: string) => {
    const [, change] = [...bench.proc].find(([end]) => path.endsWith(end)) ?? [];
    records.push(path, kind, change ? change(text) : text);
  };
  put('main', 'text', home?.isRunning ? String(pid) : '0');
  put('/proc/sys/kernel/random/boot_id', 'text', 'another-kernel\n');
  put(
    '/proc/self/mountinfo',
    'text',
    `26 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n40 26 0:31 / ${sharedInside} rw,nosuid,nodev - 9p shared rw\n`,
  );
  if (!home?.isRunning) return records.map((field) => `${field}\0`).join('');
  put(at, 'stat', 'd 555');
  const status = fixture('proc.status.recorded.txt')
    .replace(/^Name:.*$/m, 'Name:\topenclaw')
    .replace(/^Pid:.*$/m, `Pid:\t${pid}`)
    .replace(/^PPid:.*$/m, 'PPid:\t1')
    .replace(/^Uid:.*$/m, 'Uid:\t1000\t1000\t1000\t1000')
    .replace(/^Gid:.*$/m, 'Gid:\t1000\t1000\t1000\t1000')
    .replace(/^Groups:.*$/m, 'Groups:\t');
  put(`${at}/status`, 'text', status);
  // `PrivateUsers=yes`: root and the unit's own. Source: systemd.exec(5).
  for (const name of ['uid_map', 'gid_map']) put(`${at}/${name}`, 'text', '0 0 1\n1000 1000 1\n');
  put(`${at}/limits`, 'text', fixture('proc.limits.recorded.txt'));
  const group = `/clawcove.slice/${homeSlice}`;
  put(`${at}/cgroup`, 'text', `0::${group}/${homeUnit}\n`);
  const mounts = [
    '100 99 0:50 / / ro,nosuid,nodev - overlay overlay ro',
    '101 100 0:51 / /proc rw,nosuid,nodev,noexec - proc proc rw',
    '102 100 254:1 /var/lib/clawcove/state /home/node/.openclaw rw - ext4 /dev/vda1 rw',
    '103 100 254:1 /var/lib/clawcove/cache /home/node/.cache rw - ext4 /dev/vda1 rw',
    '104 100 0:31 / /home/node/shared rw,nosuid,nodev - 9p shared rw',
    '105 100 0:52 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw',
  ];
  put(`${at}/mountinfo`, 'text', `${mounts.join('\n')}\n`);
  put(`${at}/fd/19`, 'link', `socket:[${inode}]`);
  put(`${at}/fd`, 'listed', '');
  put('/proc', 'listed', '');
  const port = home.spec.port.toString(16).toUpperCase().padStart(4, '0');
  put(
    `${at}/net/tcp`,
    'text',
    `  sl  local_address rem_address   st\n   0: 00000000:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1\n`,
  );
  const slice = bench.files.get(`${unitFolder}/${homeSlice}`) ?? '';
  const limit = (name: string) => new RegExp(`^${name}=(\\d+)$`, 'm').exec(slice)?.[1] ?? 'max';
  put(`/sys/fs/cgroup${group}/memory.max`, 'text', `${limit('MemoryMax')}\n`);
  put(`/sys/fs/cgroup${group}/pids.max`, 'text', `${limit('TasksMax')}\n`);
  put(`${at}/root`, 'stat', 'd 755');
  put(`${at}/root`, 'listed', '');
  put(`${at}/root/usr`, 'stat', 'd 755');
  put(`${at}/root/usr/bin`, 'stat', 'd 755');
  for (const name of ['node', ...bench.programs]) put(`${at}/root/usr/bin/${name}`, 'stat', 'f 755');
  put(`${at}/root/usr/bin`, 'listed', '');
  return records.map((field) => `${field}\0`).join('');
}

/** The answer to distro/inspect.ts's question, in the recorded one's words. */
function inspected(bench: Bench, machine: Machine): string {
  const { home } = machine;
  const record = bench.files.get(recordFile) ?? '';
  const unit = bench.files.get(`${unitFolder}/${homeUnit}`) ?? '';
  const [, , recorded = ''] = fixture('inspect.home-systemd-252.recorded.txt').split('<zero byte>\n');
  const hasEnded = home !== null && !home.isRunning && home.exitCode !== null;
  const now: Record<string, string> = {
    ActiveState: home?.isRunning ? 'active' : home?.exitCode ? 'failed' : 'inactive',
    SubState: home?.isRunning ? 'running' : 'dead',
    ExecMainCode: hasEnded ? '1' : '0',
    ExecMainStatus: String(home?.exitCode ?? 0),
    ExecMainStartTimestamp: home?.startedAt ? `@${Math.floor(home.startedAt / 1000)}` : '',
    ...Object.fromEntries(bench.shown),
  };
  const shown = recorded
    .split('\n')
    .map((line) => {
      const name = line.slice(0, line.indexOf('='));
      return name in now ? `${name}=${now[name]}` : line;
    })
    .join('\n');
  const slice = bench.files.get(`${unitFolder}/${homeSlice}`) ?? '';
  return [record, unit, shown, slice, 'openclaw-home\n'].join('\0');
}

/** What is laid, taken apart as the script in the machine does it. */
function laid(files: Map<string, string>, input: string): void {
  let rest = Buffer.from(input, 'utf8');
  while (rest.length > 0) {
    const end = rest.indexOf('\n');
    const [mode = '', , length = '', path = ''] = rest.subarray(0, end).toString().split(' ');
    rest = rest.subarray(end + 1);
    if (mode === 'gone') {
      for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
      continue;
    }
    files.set(path, rest.subarray(0, Number(length)).toString('utf8'));
    rest = rest.subarray(Number(length));
  }
}

/** Doors onto a computer whose home is in a machine of its own. */
export async function openDistroDoors(machine: Machine = createMachine()): Promise<DistroTest> {
  const folder = await testFolder();
  const sharedFolder = join(folder, 'shared');
  mkdirSync(sharedFolder);
  machine.engineName = 'QEMU';
  machine.choices = { ...machine.choices, engine: 'QEMU', sharedFolder };
  machine.folders.add(sharedFolder);
  const test = openDoors(machine);
  const inner = createTestSandbox(machine);
  const bench: Bench = {
    engine: { is: 'ready', version: '7.2.22', limits: 'enforced' },
    isUp: false,
    fault: null,
    mended: { is: 'as-it-was' },
    ahead: 0,
    seen: {},
    shown: new Map(),
    proc: new Map(),
    programs: [],
    fixes: new Map(),
    silentTools: new Set(),
    files: new Map(),
  };
  const { files } = bench;
  let spec: HomeSpec | null = null;
  let made: MachineSpec | null = null;
  const idle = () => new AbortController().signal;
  const quiet = { signal: idle(), progress() {}, log() {} };

  const mustBeMade = () => {
    if (!spec) throw new Error('nobody has said what home it is');
    return spec;
  };
  const cutPower = async () => {
    await inner.stop(idle());
    bench.isUp = false;
  };

  /** What the double's own scripts do. */
  async function runTool(name: string, words: readonly string[], options: ExecOptions): Promise<ExecResult> {
    if (!files.has(`${tools}/${name}.sh`)) return fails(127, `${name}.sh: No such file or directory`);
    if (bench.silentTools.has(name)) return fails(1, 'silence');
    const [verb = '', ...rest] = words;
    const note = () => JSON.parse(options.input ?? '');
    switch (`${name} ${verb}`) {
      case 'home settle':
        return says(files.has(rest[1] ?? '') ? 'image-is-there\n' : '');
      case 'home stop':
        if (rest[0] === rehearsalUnit) machine.rehearsal = null;
        else await inner.stop(idle());
        return done;
      case 'home start':
        if (!files.has(`${unitFolder}/${fenceUnit}`)) return fails(70, 'no fence');
        await inner.start(idle());
        return done;
      case 'home run': {
        const command = rest.slice(rest.indexOf('--') + 1);
        const argv = command.slice(4).map((word) => word.replaceAll('$$', '$'));
        return inner.once(mustBeMade(), argv, { ...options, network: rest[0] === 'fenced' });
      }
      case 'state has':
        return machine.state === null ? fails(1) : done;
      case 'state copy':
        await inner.copyState(rest[0] as StateCopy, note(), quiet);
        return done;
      case 'state note': {
        const of = machine.copies.get(rest[0] as StateCopy)?.of;
        return says(of ? JSON.stringify(of) : '');
      }
      case 'state exchange':
        await inner.exchangeState(rest[0] as 'before', note(), idle());
        return done;
      case 'state drop':
        machine.copies.delete(rest[0] as StateCopy);
        return done;
      case 'state tidy':
        await inner.tidy(idle());
        return done;
      case 'fixes look': {
        const lately = String(Math.floor(machine.now / 1000) - 3_600);
        const usual = {
          name: 'Debian GNU/Linux 12 (bookworm)',
          automatic: 'yes',
          asked: lately,
          fixed: lately,
        };
        const all = { ...usual, restart: '', up: lately, ...Object.fromEntries(bench.fixes) };
        return says(
          Object.entries(all)
            .map((line) => `${line.join(' ')}\n`)
            .join(''),
        );
      }
      case 'fixes now':
        bench.fixes.clear();
        return done;
    }
    if (name === 'look') return says(lookedAt(bench, machine));
    if (name === 'hold' || name === 'marked') return done;
    throw new Error(`unexpected script ${name} ${words.join(' ')}`);
  }

  async function runInside(argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const [file = '', second = '', third = '', mark = ''] = argv;
    const script = new RegExp(`^${tools}/([\\w-]+)\\.sh$`).exec(second)?.[1];
    if (file === '/bin/sh' && script) return runTool(script, argv.slice(2), options);
    if (file === '/bin/sh' && second === '-c') {
      switch (mark) {
        case 'put': {
          const before = files.get(recordFile);
          laid(files, options.input ?? '');
          const note = files.get(recordFile);
          if (note === undefined) machine.home = null;
          else if (note !== before) await inner.create(mustBeMade(), quiet);
          const then = argv.slice(4);
          return then.length === 0 ? done : runInside(then, { ...options, input: '' });
        }
        case 'inspect':
          return says(inspected(bench, machine));
        case 'beside': {
          const words = argv.slice(argv.indexOf('--') + 5).map((word) => word.replaceAll('$$', '$'));
          if (argv[4] === rehearsalUnit) return inner.inRehearsal(words, options);
          if (!machine.home?.isRunning) return fails(69);
          return inner.exec('agent', words, options);
        }
        case 'end':
        case 'drop':
          return done;
      }
    }
    switch (`${file} ${second}`) {
      case 'systemctl is-active':
        return machine.home?.isRunning ? done : fails(3);
      case 'systemctl daemon-reload':
      case 'install -d':
        return done;
      case 'systemctl start':
        await inner.startRehearsal(mustBeMade(), quiet);
        return done;
      case 'rm -rf':
        for (const path of argv.slice(2)) laid(files, `gone 0 0 ${path}\n`);
        if (!files.has(recordFile)) machine.home = null;
        return done;
      case 'date --utc':
        if (third !== '--set') return says(`${((machine.now + bench.ahead) / 1000).toFixed(3)}\n`);
        bench.ahead = Number(mark.slice(1)) * 1000 - machine.now;
        return done;
    }
    if (file === 'journalctl') return says(machine.printed.join('\n'));
    throw new Error(`unexpected inside: ${argv.join(' ')}`);
  }

  const state = (): MachineState => {
    if (made === null) return { is: 'missing' };
    if (bench.fault) return { is: 'faulty', ...bench.fault };
    return bench.isUp ? { is: 'running', startedAt: machine.now } : { is: 'stopped' };
  };
  const mustAnswer = () => {
    if (state().is !== 'running') throw new ProblemError('home-not-running', {}, ['try-again']);
  };
  const guestMachine: GuestMachine = {
    engine: 'QEMU',
    sharedInside,
    agentId: uid,
    computer: ['10.0.2.2'],
    guest: {
      async run(argv, options) {
        mustAnswer();
        return runInside(argv, options);
      },
      async send() {
        mustAnswer();
        return done;
      },
      async receive() {
        throw new Error('nothing is brought out of a machine in memory');
      },
    },
    probe: async () => bench.engine,
    async unstick() {
      if (bench.fault) await cutPower();
      bench.fault = null;
      return bench.engine;
    },
    state: async () => state(),
    async create(wanted) {
      if (JSON.stringify(wanted) === JSON.stringify(made)) return;
      await cutPower();
      made = wanted;
    },
    async start() {
      if (made && machine.squatters.has(made.port))
        throw new ProblemError('port-taken', { port: made.port, program: '?' }, ['try-again']);
      bench.isUp = true;
      bench.seen = {};
    },
    stop: cutPower,
    async mend() {
      const { mended, fault } = bench;
      if (!fault) return { is: 'as-it-was' };
      if (fault.why === 'host-disk-full') {
        if (machine.isDiskFull) throw new ProblemError('no-room-on-disk', {}, ['try-again']);
        bench.fault = null;
        return { is: 'as-it-was' };
      }
      await cutPower();
      bench.fault = null;
      bench.mended = { is: 'as-it-was' };
      if (mended.is === 'gone') {
        made = null;
        files.clear();
        Object.assign(machine, { home: null, state: null });
      }
      return mended;
    },
    async setClock() {
      await runInside(['date', '--utc', '--set', `@${(machine.now / 1000).toFixed(3)}`], {
        timeoutMs: 1,
        signal: idle(),
      });
    },
    async see() {
      const port = made?.port ?? 0;
      return {
        hostUid: uid,
        ports: made && bench.isUp ? [{ address: '127.0.0.1', port, insidePort: port }] : [],
        sharedFolders: made ? [made.sharedFolder] : [],
        confinement,
        unconfined: [],
        ...bench.seen,
      };
    },
    folderFromOutside: async () => null,
    untrustedLog: async () => 'Debian GNU/Linux 12 clawcove-home ttyS0',
    async setAutostart(on) {
      machine.autostart = on;
    },
    hasAutostart: async () => machine.autostart,
    async destroy() {
      await cutPower();
      made = null;
    },
  };

  const distro = createDistroSandbox({
    machine: guestMachine,
    images: {
      listVersions: inner.listVersions,
      describeVersion: inner.describeVersion,
      find: (version) => inner.findImage(version, idle()),
      date: (reference) => inner.imageDate(reference, idle()),
      fetch: inner.fetchImage,
      async open(reference) {
        const image = [...machine.images.values()].find((each) => each.reference === reference);
        const surroundings = { environment: { PATH: '/usr/bin' }, workingFolder: '/home/node' };
        return image ? { digest: image.digest, layers: [], surroundings } : null;
      },
      drop: (keep) => inner.dropSpareImages(keep ?? [], idle()),
    },
    // The machine stays up: a rest would come in the middle of anything.
    clock: { ...test.doors.clock, sleep: () => new Promise(() => {}) },
    log: test.doors.log,
    computer: test.doors.computer,
    dataFolder: join(folder, 'clawcove'),
    diskBytes: 32 * GiB,
    restAfterMs: 60_000,
  });
  const said =
    <T extends unknown[], R>(verb: (wanted: HomeSpec, ...rest: T) => R) =>
    (wanted: HomeSpec, ...rest: T): R => {
      spec = wanted;
      return verb(wanted, ...rest);
    };
  const sandbox: Sandbox = {
    ...distro,
    create: said(distro.create),
    once: said(distro.once),
    startRehearsal: said(distro.startRehearsal),
    // What the gateway in memory knows its key by.
    async keepSecret(id, value, signal) {
      await inner.keepSecret(id, value, signal);
      await distro.keepSecret(id, value, signal);
    },
  };
  const { store, clock, log } = test.doors;
  return {
    ...test,
    bench,
    doors: {
      ...test.doors,
      sandbox,
      homes: homesOf([sandbox]),
      releases: createReleases({ sandbox, store, clock, log }),
      selfAudit: createSelfAudit({ sandbox, clock }),
    },
  };
}
