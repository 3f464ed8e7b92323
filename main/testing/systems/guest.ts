/**
 * The system inside a machine, as the scripts that lie there would answer: the home's unit, its state and its copies,
 * and OpenClaw in it as {@link createTestSandbox} has measured it. Whatever nobody foresaw throws.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command, Outcome } from '../../doors.ts';
import { exited } from '../../host/strict-run.ts';
import { archiveOf } from '../../sandbox/distro/copied-folder.ts';
import { inspectionQuestion } from '../../sandbox/distro/inspect.ts';
import {
  fenceUnit,
  givenFolders,
  homeSlice,
  homeUnit,
  inside,
  recordFile,
  rehearsalUnit,
  tools,
  unitFolder,
} from '../../sandbox/distro/names.ts';
import { type HomeRecord, parseRecord } from '../../sandbox/distro/record.ts';
import type { ExecResult, HomeSpec, MadeBy, StateCopy } from '../../sandbox/sandbox.ts';
import type { Machine, StateVolume } from '../machine.ts';
import { createTestSandbox } from '../sandbox.ts';

/** What is inside it besides what ClawCove lays there. */
export interface GuestOptions {
  /** The computer that OpenClaw in it is measured on. */
  readonly machine: Machine;
  readonly agentId: number;
  readonly sharedInside: string;
  /** How the machine mounts the shared folder: a line of mountinfo from the fields behind the target on. */
  readonly sharedMount: () => string;
}

/** What goes into a command, and out of it, besides its output. */
type Streams = Pick<Command, 'input' | 'inputFile' | 'outputFile'>;

export interface TestGuest {
  /** Runs a command as root inside. */
  run(argv: readonly string[], command: Streams): Promise<Outcome>;
  /** Files by their paths. */
  readonly files: Map<string, string>;
  /** The machine goes to sleep, and everything in it. */
  rest(): void;
  /** Whether nothing of it is left. */
  forget(): void;
}

const said = ({ exitCode, untrustedOut, untrustedErr }: ExecResult): Outcome =>
  exited(exitCode, untrustedOut, untrustedErr);
const quiet = () => new AbortController().signal;
const report = () => ({ signal: quiet(), progress() {}, log() {} });
const gone = exited(66);
const no = exited(1);
const ok = exited(0);

/** An archive without a file in it. Source: ustar in pax(1). */
async function emptyArchive({ outputFile }: Streams): Promise<Outcome> {
  if (outputFile === undefined) throw new Error('an archive that nobody keeps');
  await writeFile(outputFile, Buffer.alloc(1024), { flag: 'wx' });
  return ok;
}

/** Settings of a unit as `systemctl show` says them: what stands there more than once is joined. */
function shown(unit: string): (name: string) => string {
  const fields = new Map<string, string[]>();
  for (const line of unit.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) fields.set(line.slice(0, at), [...(fields.get(line.slice(0, at)) ?? []), line.slice(at + 1)]);
  }
  return (name) => (fields.get(name) ?? []).join(' ');
}

/** How systemd, since 252, says what it was told. */
const properties = [
  ...['User', 'Group', 'CapabilityBoundingSet', 'AmbientCapabilities', 'NoNewPrivileges', 'RootDirectory'],
  ...['ProtectSystem', 'BindPaths', 'BindReadOnlyPaths', 'TemporaryFileSystem'],
];

/** What a call of systemd-run runs, without what every call begins with. */
function innerArgv(words: readonly string[]): string[] {
  const argv = words.slice(words.indexOf('--') + 1).map((word) => word.replaceAll('$$', '$'));
  if (words[0] !== 'systemd-run' || argv[0] !== '/bin/sh' || argv[3] !== 'clawcove')
    throw new Error(`unexpected call: ${words.join(' ')}`);
  return argv.slice(4);
}

/** Reads what putFiles hands over: a line about each file before its contents. */
function filesIn(input: string): { readonly path: string; readonly text: string | null }[] {
  const bytes = Buffer.from(input);
  const found: { path: string; text: string | null }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    const [mode = '', , length = '', path = ''] = bytes.toString('utf8', at, end).split(' ');
    const from = end + 1;
    const to = from + Number(length);
    found.push({ path, text: mode === 'gone' ? null : bytes.toString('utf8', from, to) });
    at = to;
  }
  return found;
}

export function createTestGuest({ machine, agentId, sharedInside, sharedMount }: GuestOptions): TestGuest {
  const openClaw = createTestSandbox(machine);
  const files = new Map<string, string>();
  const layers = new Set<string>();
  let making: StateVolume | null = null;
  let startedFrom: string | null = null;

  const record = () => parseRecord(files.get(recordFile) ?? '');
  const given = (kind: keyof typeof givenFolders, name: string) => files.get(`${givenFolders[kind]}/${name}`);

  /** What a sandbox of that kind was made from, as far as OpenClaw in it cares. */
  function specOf(
    kind: keyof typeof givenFolders,
    from: Pick<HomeRecord, 'image' | 'version' | 'port'>,
  ): HomeSpec {
    const folder = `${givenFolders[kind]}/environment/`;
    const names = [...files.keys()].filter((path) => path.startsWith(folder));
    const environment = Object.fromEntries(
      names.map((path) => [path.slice(folder.length), files.get(path) ?? '']),
    );
    const commandFolder = `${givenFolders[kind]}/command/`;
    const command = [...files.keys()].filter((path) => path.startsWith(commandFolder)).sort();
    const token = given(kind, inside.gatewaySecret.slice(inside.gatewaySecret.lastIndexOf('/') + 1));
    if (token !== undefined) machine.secrets.set('gateway', token);
    const { image, version, port } = from;
    const sharedFolder = '/shared';
    machine.folders.add(sharedFolder);
    machine.images.set(version, {
      reference: image,
      digest: image.slice(image.indexOf('@') + 1),
      version,
      sizeBytes: 1,
    });
    return {
      ...{ image, version, port, sharedFolder, environment, certificates: null },
      ...{ memoryBytes: 3 * 1024 ** 3, cpus: 2, pids: 512 },
      command: command.map((path) => files.get(path) ?? ''),
      secrets: token === undefined ? [] : [{ id: 'gateway', as: 'file' }],
      fence: { refused: [], allowed: [] },
    };
  }

  /** For calls beside no home of their own: what was last asked for says which version it is. */
  function lastImage(): Pick<HomeRecord, 'image' | 'version' | 'port'> {
    const there = record();
    if (there) return there;
    const onboarded = given('once', 'environment/OPENCLAW_GATEWAY_PORT');
    return { image: `x@${[...layers].at(-1)}`, version: newest(), port: Number(onboarded) };
  }
  const newest = () => machine.offered?.filter((tag) => /^\d{4}\.\d+\.\d+$/.test(tag)).at(-1) ?? '';

  async function startHome(): Promise<Outcome> {
    const made = record();
    if (!made) return exited(5, '', `Unit ${homeUnit} not found.\n`);
    if (startedFrom !== made.id) await openClaw.create(specOf('home', made), report());
    startedFrom = made.id;
    await openClaw.start(quiet());
    return ok;
  }

  /** What look.sh prints. */
  function looked(): string {
    const fields: string[] = [];
    const say = (path: string, kind: string, contents = '') => void fields.push(path, kind, contents);
    const made = record();
    const pid = machine.home?.isRunning && made ? 4242 : 0;
    say('main', 'text', String(pid));
    say('/proc/sys/kernel/random/boot_id', 'text', 'another kernel\n');
    say(
      '/proc/self/mountinfo',
      'text',
      `63 1 8:32 / / rw - ext4 /dev/sdc rw\n76 63 0:42 / ${sharedInside} ${sharedMount()}\n`,
    );
    if (pid === 0 || !made) return fields.map((field) => `${field}\0`).join('');
    const at = `/proc/${pid}`;
    const group = `/clawcove.slice/${homeSlice}/${homeUnit}`;
    const status = {
      ...{
        Name: 'openclaw',
        PPid: 1,
        Uid: Array(4).fill(agentId).join('\t'),
        Gid: Array(4).fill(agentId).join('\t'),
      },
      ...{ Groups: agentId, CapEff: '0'.repeat(16), CapBnd: '0'.repeat(16), NoNewPrivs: 1, Seccomp: 2 },
    };
    say(at, 'stat', 'd 555');
    say(
      `${at}/status`,
      'text',
      Object.entries(status)
        .map(([name, value]) => `${name}:\t${value}\n`)
        .join(''),
    );
    for (const map of ['uid_map', 'gid_map']) say(`${at}/${map}`, 'text', `0 0 1\n${agentId} ${agentId} 1\n`);
    say(
      `${at}/limits`,
      'text',
      'Limit                     Soft Limit           Hard Limit           Units\nMax processes             31000                31000                processes\n',
    );
    say(`${at}/cgroup`, 'text', `0::${group}\n`);
    const mounts = [
      '90 1 0:50 / / ro,nosuid,nodev - overlay overlay ro',
      `91 90 8:32 /var/lib/clawcove/state ${inside.state} rw - ext4 /dev/sdc rw`,
      `92 90 0:42 / ${inside.shared} ${sharedMount()}`,
      '93 90 0:51 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw',
    ];
    say(`${at}/mountinfo`, 'text', `${mounts.join('\n')}\n`);
    say(`${at}/fd/19`, 'link', 'socket:[777]');
    say(`${at}/fd`, 'listed');
    say('/proc', 'listed');
    const port = made.port.toString(16).toUpperCase().padStart(4, '0');
    say(
      `${at}/net/tcp`,
      'text',
      `  sl  local_address\n   0: 00000000:${port} 00000000:0000 0A 0 0 0 ${agentId} 0 777 1\n`,
    );
    const slice = shown(files.get(`${unitFolder}/${homeSlice}`) ?? '');
    say(`/sys/fs/cgroup/clawcove.slice/${homeSlice}/memory.max`, 'text', `${slice('MemoryMax')}\n`);
    say(`/sys/fs/cgroup/clawcove.slice/${homeSlice}/pids.max`, 'text', `${slice('TasksMax')}\n`);
    for (const folder of ['usr', 'usr/bin', 'run']) say(`${at}/root/${folder}`, 'stat', 'd 755');
    say(`${at}/root`, 'listed');
    say(`${at}/root/usr/bin/node`, 'stat', 'f 755');
    say(`${at}/root/usr/bin`, 'listed');
    return fields.map((field) => `${field}\0`).join('');
  }

  /** What fixes.sh says of a system that was just made, and looks after itself. */
  function ownSystem(): string {
    const now = Math.floor(machine.now / 1000);
    const said = {
      name: 'Ubuntu 24.04.3 LTS',
      automatic: 'yes',
      asked: now - 60,
      fixed: now - 60,
      up: now - 600,
    };
    return Object.entries(said)
      .map(([name, value]) => `${name} ${value}\n`)
      .join('');
  }

  function inspected(): string {
    const unit = files.get(`${unitFolder}/${homeUnit}`) ?? '';
    const field = shown(unit);
    const slice = shown(files.get(`${unitFolder}/${homeSlice}`) ?? '');
    const { home } = machine;
    const state = {
      ActiveState: home?.isRunning ? 'active' : 'inactive',
      SubState: home?.isRunning ? 'running' : 'dead',
      ExecMainStatus: home?.exitCode ?? 0,
      ExecMainCode: home && !home.isRunning && home.exitCode !== null ? 1 : 0,
      ExecMainStartTimestamp: home?.startedAt ? `@${Math.floor(home.startedAt / 1000)}` : '',
      ...{ NRestarts: 0, DropInPaths: '', ReadWritePaths: '' },
    };
    const lines = [...Object.entries(state), ...properties.map((name) => [name, field(name)] as const)];
    return [
      files.get(recordFile) ?? '',
      unit,
      `${lines.map(([name, value]) => `${name}=${value}`).join('\n')}\n`,
      `MemoryMax=${slice('MemoryMax')}\nTasksMax=${slice('TasksMax')}\n`,
      'openclaw-home\n',
    ].join('\0');
  }

  async function changeState(words: readonly string[], input: string): Promise<Outcome> {
    const [verb, name = ''] = words;
    const copy = name as StateCopy;
    const of = (): MadeBy => JSON.parse(input);
    switch (verb) {
      case 'has':
        return machine.state === null ? no : ok;
      case 'note':
        return exited(0, JSON.stringify((await openClaw.findCopy(copy, quiet())) ?? '').replace(/^""$/, ''));
      case 'copy':
        if (machine.state === null) return gone;
        await openClaw.copyState(copy, of(), report());
        return ok;
      case 'exchange':
        await openClaw.exchangeState(copy as 'before', of(), quiet());
        return ok;
      case 'size':
        return machine.copies.has(copy) ? exited(0, `${machine.stateBytes}\t${copy}\n`) : gone;
      case 'drop':
        await openClaw.dropCopy(copy, quiet());
        return ok;
      case 'begin':
      case 'settle':
        return ok;
      case 'finish':
        if (making === null) return gone;
        machine.copies.set(copy, { of: of(), state: making });
        return ok;
      case 'tidy':
        await openClaw.tidy(quiet());
        return ok;
      default:
        throw new Error(`unexpected: state.sh ${words.join(' ')}`);
    }
  }

  async function runTool(words: readonly string[], input: string): Promise<Outcome> {
    const [path = '', ...rest] = words;
    const name = path.slice(tools.length + 1);
    // As dash says it.
    if (!files.has(path)) return exited(2, '', `/bin/sh: 0: cannot open ${path}: No such file\n`);
    switch (name) {
      case 'home.sh':
        return homeVerb(rest, input);
      case 'state.sh':
        return changeState(rest, input);
      case 'hold.sh':
        return ok;
      case 'look.sh':
        return exited(0, looked());
      case 'fixes.sh':
        if (rest.join(' ') !== 'look') throw new Error(`unexpected: ${words.join(' ')}`);
        return exited(0, ownSystem());
      case 'marked.sh':
        return ok;
      case 'unpack-layer.sh': {
        const [, layer = ''] = rest;
        layers.add(layer);
        return ok;
      }
      default:
        throw new Error(`unexpected: ${words.join(' ')}`);
    }
  }

  async function homeVerb([verb, ...rest]: readonly string[], input: string): Promise<Outcome> {
    if (verb === 'settle') return exited(0, files.has(rest[1] ?? '') ? 'image-is-there\n' : '');
    if (verb === 'start' && rest[0] === homeUnit) return startHome();
    if (verb === 'stop') {
      if (rest[0] === homeUnit) await openClaw.stop(quiet());
      else if (rest[0] === rehearsalUnit) machine.rehearsal = null;
      else throw new Error(`unexpected: home.sh stop ${rest.join(' ')}`);
      return ok;
    }
    if (verb === 'run') {
      const argv = innerArgv(rest.slice(3));
      const result = await openClaw.once(specOf('once', lastImage()), argv, {
        ...(input === '' ? {} : { input }),
        ...{ network: rest[0] === 'fenced', timeoutMs: 1, signal: quiet() },
      });
      return said(result);
    }
    throw new Error(`unexpected: home.sh ${verb} ${rest.join(' ')}`);
  }

  /** `beside UNIT systemd-run …`: only while that unit runs. */
  async function beside([unit = '', ...words]: readonly string[], input: string): Promise<Outcome> {
    const isHome = unit === homeUnit;
    if (!isActive(unit)) return exited(69);
    const argv = innerArgv(words);
    const call = { ...(input === '' ? {} : { input }), timeoutMs: 1, signal: quiet() };
    return said(isHome ? await openClaw.exec('agent', argv, call) : await openClaw.inRehearsal(argv, call));
  }

  const isActive = (unit: string) =>
    unit === homeUnit
      ? machine.home?.isRunning === true
      : unit === rehearsalUnit && machine.rehearsal?.isRunning === true;

  async function shell(script: string, words: readonly string[], command: Streams): Promise<Outcome> {
    const { input = '' } = command;
    const [name = '', ...rest] = words;
    if (script === inspectionQuestion[2]) return exited(0, inspected());
    if (name === 'put') {
      for (const { path, text } of filesIn(input)) {
        if (text !== null) files.set(path, text);
        else
          for (const there of [...files.keys()])
            if (there === path || there.startsWith(`${path}/`)) files.delete(there);
      }
      return rest.length === 0 ? ok : run(rest, {});
    }
    if (name === 'beside') return beside(rest, input);
    if (name === 'drop') return ok;
    if (
      name === 'archive' &&
      JSON.stringify(archiveOf(rest[0] ?? '').slice(2)) === JSON.stringify([script, ...words])
    )
      return emptyArchive(command);
    throw new Error(`unexpected script: ${name} ${script.slice(0, 80)}`);
  }

  async function systemctl(words: readonly string[]): Promise<Outcome> {
    const line = words.join(' ');
    if (line === 'daemon-reload') return ok;
    if (words[0] === 'is-active') return isActive(words.at(-1) ?? '') ? ok : exited(3);
    if (line === `start ${rehearsalUnit}`) {
      const copy = machine.copies.get('rehearsal');
      if (!copy) return exited(5, '', 'no copy\n');
      await openClaw.startRehearsal(specOf('rehearsal', { ...lastImage(), ...copy.of }), report());
      return ok;
    }
    throw new Error(`unexpected: systemctl ${line} (${fenceUnit})`);
  }

  async function run(argv: readonly string[], command: Streams): Promise<Outcome> {
    const [program = '', ...words] = argv;
    const input = command.input ?? '';
    switch (program) {
      case '/bin/sh': {
        const [first = '', script = '', ...rest] = words;
        if (first === '-c') return shell(script, rest, command);
        return runTool(words, input);
      }
      case 'systemctl':
        return systemctl(words);
      case 'journalctl':
        return exited(0, machine.printed.slice(-60).join('\n'));
      case 'date':
        if (words.at(-1) === '+%s.%3N') return exited(0, `${(machine.now / 1000).toFixed(3)}\n`);
        return ok;
      case 'install':
      case 'true':
      case 'mkdir':
        return ok;
      case 'rm':
        for (const path of [...files.keys()])
          if (words.some((word) => path === word || path.startsWith(`${word}/`))) files.delete(path);
        return ok;
      case 'tar': {
        const folder =
          /--directory=.*\/copies\/([.\w-]+)\/state$/.exec(
            argv.find((word) => word.startsWith('--directory')) ?? '',
          )?.[1] ?? '';
        if (command.outputFile !== undefined)
          await writeFile(
            command.outputFile,
            JSON.stringify(machine.copies.get(folder as StateCopy)?.state ?? null),
            { flag: 'wx' },
          );
        else if (command.inputFile !== undefined)
          making = JSON.parse(await readFile(command.inputFile, 'utf8'));
        return ok;
      }
      default:
        throw new Error(`unexpected inside: ${argv.join(' ').slice(0, 200)}`);
    }
  }

  return {
    files,
    run,
    rest() {
      if (machine.home?.isRunning)
        Object.assign(machine.home, { isRunning: false, startedAt: null, exitCode: 0 });
      machine.rehearsal = null;
    },
    forget() {
      files.clear();
      layers.clear();
      machine.copies.clear();
      Object.assign(machine, { home: null, state: null, rehearsal: null });
      startedFrom = null;
    },
  };
}
