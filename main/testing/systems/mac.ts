/**
 * A Mac's own programs and the Lima inside the app, as far as ClawCove may run them: each answers as recorded or
 * documented, and any other command, or the same in other words, throws.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Command, Outcome } from '../../doors.ts';
import { exited } from '../../host/strict-run.ts';
import { Cancelled } from '../../problem.ts';
import noMachines from '../../sandbox/fixtures/lima/list.none.exit0.constructed.txt?raw';
import stuckStart from '../../sandbox/fixtures/lima/start.stuck-ssh.recorded.stderr.txt?raw';
import { machineName } from '../../sandbox/lima/names.ts';
import type { TestGuest } from './guest.ts';

/** How this Mac is, and becomes. */
export interface MacState {
  /** `15.5`. */
  system: string;
  canVirtualize: boolean;
  /** Whether `limactl` has kept the right to make virtual machines. */
  isEntitled: boolean;
  /** Whether there is a Lima in the app at all. */
  hasLima: boolean;
  /** A machine starts and never answers. */
  neverAnswers: boolean;
  isDiskFull: boolean;
  machine: 'none' | 'stopped' | 'running';
}

export interface MacOptions {
  readonly state: MacState;
  readonly guest: TestGuest;
  readonly limactl: string;
  /** LIMA_HOME. */
  readonly limaHome: string;
  readonly uid: number;
}

const entitlement = 'com.apple.security.virtualization';
const rights = `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "https://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist version="1.0"><dict><key>${entitlement}</key><true/></dict></plist>`;
const pid = 4211;
const fatal = (message: string) =>
  exited(1, '', `time="2026-11-22T12:00:00Z" level=fatal msg="${message}"\n`);

export function createMac(options: MacOptions): {
  run(command: Command): Promise<Outcome>;
  readonly commands: Command[];
  readonly unexpected: string[];
  /** What a restart of the computer does. */
  restart(): Promise<void>;
} {
  const { state, guest, limactl, limaHome, uid } = options;
  const folder = join(limaHome, machineName);
  const settingsFile = join(folder, 'lima.yaml');
  const pidFile = join(folder, 'ha.pid');
  const commands: Command[] = [];
  const unexpected: string[] = [];

  async function listed(): Promise<Outcome> {
    if (state.machine === 'none') return exited(0, '', noMachines);
    const config = parse(await readFile(settingsFile, 'utf8'));
    const isUp = state.machine === 'running';
    const instance = {
      ...{ name: machineName, hostname: `lima-${machineName}`, dir: folder, vmType: 'vz', arch: 'aarch64' },
      ...{ status: isUp ? 'Running' : 'Stopped', cpus: config.cpus, memory: 2 ** 31, disk: 2 ** 35 },
      ...(isUp ? { sshLocalPort: 53_187, hostAgentPID: pid, driverPID: pid } : {}),
      config,
    };
    return exited(0, `${JSON.stringify(instance)}\n`);
  }

  async function create(file: string): Promise<Outcome> {
    if (state.isDiskFull) return fatal('write basedisk: no space left on device');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(settingsFile, await readFile(file));
    state.machine = 'stopped';
    return exited(0);
  }

  async function start(): Promise<Outcome> {
    if (state.neverAnswers) return exited(1, '', stuckStart);
    await writeFile(pidFile, String(pid));
    state.machine = 'running';
    return exited(0, '', 'time="2026-11-22T12:00:00Z" level=info msg="READY"\n');
  }

  async function stop(): Promise<void> {
    guest.rest();
    if (state.machine !== 'none') state.machine = 'stopped';
    await rm(pidFile, { force: true });
  }

  /** What is run inside, without what every order begins with. */
  async function shell(args: readonly string[], command: Command): Promise<Outcome> {
    const order = [
      '--workdir',
      '/',
      '--shell',
      '/bin/bash',
      machineName,
      'sudo',
      '-n',
      '--',
      'timeout',
      '--kill-after=5',
    ];
    if (JSON.stringify(args.slice(0, order.length)) !== JSON.stringify(order))
      throw new Error('another way in');
    if (state.machine !== 'running') return fatal('instance is not running');
    const [seconds = '', ...argv] = args.slice(order.length);
    if (!/^\d+$/.test(seconds)) throw new Error('without a limit');
    if (argv.join(' ') === 'systemctl poweroff') {
      await stop();
      return exited(255);
    }
    return guest.run(argv, command);
  }

  async function lima(command: Command): Promise<Outcome> {
    const { args, environment } = command;
    if (!state.hasLima) return { is: 'not-found' };
    if (environment?.LIMA_HOME !== limaHome) throw new Error('another LIMA_HOME');
    if (args.join(' ') === '--version') return exited(0, 'limactl version 2.2.0\n');
    const [tty, verb, ...rest] = args;
    if (tty !== '--tty=false') throw new Error('it could ask on a terminal');
    const line = rest.join(' ');
    if (verb === 'list' && line === '--json') return listed();
    if (verb === 'validate' && rest.length === 1)
      return parse(await readFile(line, 'utf8')) ? exited(0) : exited(1);
    if (verb === 'create' && rest.length === 2 && rest[0] === `--name=${machineName}`)
      return create(rest[1] ?? '');
    if (verb === 'start' && /^--timeout=\d+s clawcove$/.test(line)) return start();
    if (verb === 'stop' && line === `--force ${machineName}`) {
      await stop();
      return exited(0);
    }
    if (verb === 'delete' && line === `--force ${machineName}`) {
      await stop();
      state.machine = 'none';
      guest.forget();
      return exited(0);
    }
    if (verb === 'shell') return shell(rest, command);
    throw new Error('another order for Lima');
  }

  async function answer(command: Command): Promise<Outcome> {
    const { file, args } = command;
    if (file === limactl) return lima(command);
    switch ([file, ...args].join(' ')) {
      case '/usr/sbin/scutil --proxy':
        return exited(
          0,
          '<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n  }\n  HTTPEnable : 0\n}\n',
        );
      case '/usr/bin/sw_vers -productVersion':
        return exited(0, `${state.system}\n`);
      case '/usr/sbin/sysctl -n hw.optional.arm64':
        return exited(0, '1\n');
      case '/usr/sbin/sysctl -n kern.hv_support':
        return exited(0, state.canVirtualize ? '1\n' : '0\n');
      case `/usr/bin/codesign --display --entitlements - --xml ${limactl}`:
        if (!state.hasLima) return exited(1, '', `${limactl}: No such file or directory\n`);
        return exited(0, state.isEntitled ? rights : '');
      case '/usr/bin/pmset -g batt':
        return exited(0, "Now drawing from 'AC Power'\n");
      case '/usr/sbin/netstat -rn -f inet':
        return exited(
          0,
          'Routing tables\n\nInternet:\ndefault            192.168.1.1        UGScg                 en0\n',
        );
      case '/usr/bin/vm_stat':
        return exited(
          0,
          'Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free: 400000.\nPages inactive: 300000.\nPages speculative: 1000.\nPages purgeable: 10.\n',
        );
      case '/usr/bin/security find-certificate -a -p /Library/Keychains/System.keychain':
        return exited(0);
      case '/bin/launchctl list':
        return exited(0, 'PID\tStatus\tLabel\n321\t0\tcom.apple.Finder\n');
      case `/bin/launchctl print-disabled gui/${uid}`:
        return exited(0, 'disabled services = {\n}\n');
      case `/bin/launchctl enable gui/${uid}/app.clawcove.machine`:
        return exited(0);
      case '/bin/ps -axww -o pid=,uid=,ucomm=,command=':
        return exited(
          0,
          `    1     0 launchd          /sbin/launchd\n  321   ${uid} Finder           /System/Library/CoreServices/Finder.app/Contents/MacOS/Finder\n`,
        );
      case '/bin/ps -axo comm=':
        return exited(0, '/sbin/launchd\n/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder\n');
      case `/bin/ps -o uid= -p ${pid}`:
        return exited(0, `  ${uid}\n`);
      case `/usr/sbin/lsof -nP -a -p ${pid} -iTCP -sTCP:LISTEN -Fpctn`:
        return exited(0, `p${pid}\nclimactl\nf10\ntIPv4\nn127.0.0.1:53187\nf11\ntIPv4\nn127.0.0.1:18789\n`);
    }
    if (file === '/usr/bin/sqlite3' && args[0] === '-readonly' && args[1] === '-json')
      return exited(1, '', 'Error: unable to open database: authorization denied\n');
    throw new Error('nobody knows this command');
  }

  return {
    commands,
    unexpected,
    async restart() {
      await stop();
    },
    async run(command) {
      commands.push(command);
      try {
        return await answer(command);
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        const words = [command.file, ...command.args].join(' ').slice(0, 300);
        unexpected.push(`${words}: ${error instanceof Error ? error.message : error} (${dirname(folder)})`);
        throw error;
      }
    },
  };
}
