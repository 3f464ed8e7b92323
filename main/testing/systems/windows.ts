/**
 * Windows' own programs, as far as ClawCove may run them: each answers as recorded (sandbox/wsl/fixtures), and any other
 * command, or the same in other words, throws.
 */
import type { Command, Outcome } from '../../doors.ts';
import { exited } from '../../host/strict-run.ts';
import { elevatedScript, promptScript, stepsOf } from '../../host/windows/admin.ts';
import { certificatesScript } from '../../host/windows/certificates.ts';
import { processesScript } from '../../host/windows/gateways.ts';
import { meteredScript, routersScript } from '../../host/windows/network.ts';
import { ownOnlyOrder } from '../../host/windows/own-only.ts';
import { listenersScript } from '../../host/windows/ports.ts';
import { powershellArguments, type Script, scriptText } from '../../host/windows/powershell.ts';
import type { Programs } from '../../host/windows/programs.ts';
import { quoteLine } from '../../host/windows/quote.ts';
import { surroundingsScript } from '../../host/windows/surroundings.ts';
import { commandLine } from '../../host/windows/testing/command-line.ts';
import { wordsOf } from '../../host/windows/words.ts';
import { Cancelled } from '../../problem.ts';
import { targetScript, writeScript } from '../../sandbox/wsl/configure.ts';
import { lxssKey } from '../../sandbox/wsl/distros.ts';
import { wslFailed } from '../../sandbox/wsl/failure.ts';
import listedStopped from '../../sandbox/wsl/fixtures/list-verbose.constructed.txt?raw';
import listedRunning from '../../sandbox/wsl/fixtures/list-verbose.only-ours-running.constructed.txt?raw';
import statusFine from '../../sandbox/wsl/fixtures/status.ok.constructed.zh-CN.txt?raw';
import notFound from '../../sandbox/wsl/fixtures/terminate.distro-not-found.exit-1.constructed.zh-CN.txt?raw';
import versionFine from '../../sandbox/wsl/fixtures/version.recorded.zh-CN.txt?raw';
import { lookAtLockdown } from '../../sandbox/wsl/lockdown.ts';
import { restartKeys, virtualizationScript } from '../../sandbox/wsl/look.ts';
import { distroName, sharedInside, taskName } from '../../sandbox/wsl/names.ts';
import { attributesScript } from '../../sandbox/wsl/place.ts';
import type { TestGuest } from './guest.ts';

/** What the person says to Windows' prompt, or Windows for them. */
type Prompt = 'yes' | 'no' | 'forbidden';

/** How this Windows is, and becomes. */
export interface WindowsState {
  /** Version of WSL that is installed; null: none. */
  wsl: string | null;
  /** Whether the part for virtual machines is there; it is only after a restart. */
  platform: boolean;
  /** What is installed and counts from the next start on. */
  pending: { readonly wsl: string; readonly platform: true } | null;
  firmwareAllows: boolean;
  forbiddenByPolicy: boolean;
  /** WSL is there, and gives no answer. */
  hangs: boolean;
  prompt: Prompt;
  /** Whether what is installed needs a restart before it counts. */
  needsRestart: boolean;
  isDiskFull: boolean;
  /** ClawCove's own distribution, where it lies. */
  distro: { readonly folder: string; isRunning: boolean } | null;
  /** Tasks of the scheduler by their names, as XML. */
  readonly tasks: Map<string, string>;
}

export interface WindowsOptions {
  readonly programs: Programs;
  readonly state: WindowsState;
  readonly guest: TestGuest;
  /** What is mounted inside, as mountinfo says it. */
  readonly sharedMount: () => string;
  /** Reads a file of this Windows. */
  readonly read: (path: string) => Promise<Buffer>;
  /** Something has come to lie at a path, or is gone. */
  readonly put: (path: string, there: boolean) => Promise<void>;
  /** The port of the gateway while it answers; null: it doesn't. */
  readonly gatewayPort: () => number | null;
}

/** The person's number, as Windows gives them. */
const sid = 'S-1-5-21-1004336348-1177238915-682003330-1001';

/** wsl.exe writes like this where it doesn't heed WSL_UTF8. */
const wslSays = (code: number, text: string): Outcome =>
  exited(code, Buffer.from(text.replaceAll('\n', '\r\n'), 'utf16le').toString('latin1'));
const bytes = (text: string) => Buffer.from(text).toString('latin1');
const value = (key: string, name: string, type: string, data: string) =>
  exited(0, `\r\n${key.replace('HKLM', 'HKEY_LOCAL_MACHINE')}\r\n    ${name}    ${type}    ${data}\r\n\r\n`);
const hive = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion';
const nothing = exited(
  1,
  '',
  'ERROR: The system was unable to find the specified registry key or value.\r\n',
);

/** Makes the programs. Every command is noted with the words that the program reads. */
export function createWindows(options: WindowsOptions): {
  run(command: Command): Promise<Outcome>;
  readonly commands: Command[];
  readonly unexpected: string[];
  /** What a restart of the computer does. */
  restart(): void;
} {
  const { programs, state, guest, read, put } = options;
  const commands: Command[] = [];
  const unexpected: string[] = [];
  const results = new Map<string, string>();
  /** Who sleeps inside and keeps it awake. */
  const held = new Set<() => void>();

  const said = <T>(script: Script<T[]>, answer: T[]) => [scriptText(script), JSON.stringify(answer)] as const;
  const scripts = (): ReadonlyMap<string, string> =>
    new Map([
      said(surroundingsScript, [{ Folders: {}, OneDrive: [], Proxy: {} }]),
      said(virtualizationScript, [
        { Hypervisor: state.platform && state.firmwareAllows, Firmware: state.firmwareAllows, Slat: true },
      ]),
      said(processesScript, [{ Sid: sid, Session: 1, Processes: [] }]),
      said(certificatesScript, []),
      said(meteredScript, [1]),
      said(routersScript, ['192.168.1.1']),
      said(attributesScript, ['Directory']),
      said(listenersScript, relays()),
    ]);
  /** Who listens for what runs inside. */
  function relays() {
    return options.gatewayPort() === null
      ? []
      : [{ LocalAddress: '127.0.0.1', OwningProcess: 9120, Program: 'wslrelay' }];
  }

  function powershell({ args, environment = {} }: Command): Outcome {
    const text = args.at(-1) ?? '';
    if (JSON.stringify(args) !== JSON.stringify(powershellArguments(text))) throw new Error('other options');
    if (text === promptScript) return prompted(environment);
    const answer = scripts().get(text);
    if (answer === undefined) throw new Error(`a script that nobody knows: ${text.slice(0, 200)}`);
    return exited(0, answer);
  }

  /** The prompt; what runs behind it is compared word for word. */
  function prompted({
    CLAWCOVE_FILE: file,
    CLAWCOVE_ARGUMENTS: line = '',
  }: Readonly<Record<string, string>>): Outcome {
    const [id = ''] = /[\da-f]{32}/.exec(line) ?? [];
    const steps = stepsOf('install-engine', false);
    const wanted = quoteLine(powershellArguments(elevatedScript(steps, id)));
    if (file !== programs.powershell || line !== wanted)
      throw new Error(`another order for the administrator: ${line}`);
    if (state.prompt === 'no') return exited(1223);
    if (state.prompt === 'forbidden') return exited(1260);
    state.pending = { wsl: '2.7.1.0', platform: true };
    results.set(id, state.needsRestart ? '3010,0,0' : '0,0,0');
    state.wsl = state.pending.wsl;
    if (state.needsRestart) return exited(3010);
    become();
    return exited(0);
  }

  function become(): void {
    if (!state.pending) return;
    state.wsl = state.pending.wsl;
    state.platform = state.pending.platform;
    state.pending = null;
  }

  function registry(args: readonly string[]): Outcome {
    const line = args.join(' ');
    const msi = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Lxss\\MSI';
    if (line === `query ${msi} /v Version /reg:64`)
      return state.wsl === null ? nothing : value(msi, 'Version', 'REG_SZ', state.wsl);
    const policy = 'HKLM\\Software\\Policies\\WSL';
    if (line === `query ${policy} /v AllowWSL /reg:64`)
      return state.forbiddenByPolicy ? value(policy, 'AllowWSL', 'REG_DWORD', '0x0') : nothing;
    const key = restartKeys.find((each) => line === `query ${each} /reg:64`);
    if (key !== undefined)
      return state.pending && /ClawCove/.test(key) ? value(key, 'Since', 'REG_SZ', 'now') : nothing;
    const [, id = ''] =
      /^query HKLM\\SOFTWARE\\ClawCove\\Results\\([\da-f]{32}) \/v Codes \/reg:64$/.exec(line) ?? [];
    if (id !== '') {
      const codes = results.get(id);
      return codes === undefined ? nothing : value('HKLM\\X', 'Codes', 'REG_SZ', codes);
    }
    const versions = lxssKey.replace(/\\Lxss$/, '');
    if (line === `query ${versions}`)
      return exited(0, `\r\n${hive}\\Explorer\r\n${state.distro ? `${hive}\\Lxss\r\n` : ''}`);
    if (line !== `query ${lxssKey} /s`) throw new Error('another question to the registry');
    return state.distro ? exited(0, distroKey(state.distro.folder)) : nothing;
  }

  /** In the console's old encoding, in which a name in Chinese is anything. */
  const distroKey = (folder: string) =>
    bytes(
      [
        '',
        `HKEY_CURRENT_USER\\${lxssKey.slice('HKCU\\'.length)}\\{6f1d2c1e-0d0a-4a3b-9f57-9f0a3b1c2d3e}`,
        '    State    REG_DWORD    0x1',
        `    DistributionName    REG_SZ    ${distroName}`,
        '    Version    REG_DWORD    0x2',
        `    BasePath    REG_SZ    \\\\?\\${folder.replace(/[^\x20-\x7e]/gu, '?')}`,
        '    VhdFileName    REG_SZ    ext4.vhdx',
        '',
      ].join('\r\n'),
    );

  async function wsl(command: Command): Promise<Outcome> {
    const { args } = command;
    const [first, ...rest] = args;
    if (state.wsl === null) throw new Error('wsl.exe is only a stub, which may begin a download');
    if (first === '--status') {
      return state.hangs ? { is: 'timed-out' } : wslSays(0, statusFine);
    }
    // Recorded with an older one.
    if (first === '--version') return wslSays(0, versionFine.replace('1.0.3.0', state.wsl));
    if (!state.platform) throw new Error('nothing is there yet that could be asked');
    const line = args.join(' ');
    if (line === '--list --verbose') {
      const text = state.distro?.isRunning ? listedRunning : listedStopped;
      return wslSays(0, state.distro ? text.replaceAll('OpenClawHome', distroName) : '');
    }
    if (first === '--import') {
      const [name, folder = '', file = '', ...others] = rest;
      if (name !== distroName || others.join(' ') !== '--version 2') throw new Error('another import');
      await read(file);
      if (state.isDiskFull)
        return wslSays(wslFailed, '磁盘空间不足。\nError code: Wsl/Service/RegisterDistro/ERROR_DISK_FULL\n');
      state.distro = { folder, isRunning: false };
      await put(`${folder}\\ext4.vhdx`, true);
      return exited(0);
    }
    if (!state.distro) return wslSays(wslFailed, notFound);
    if (line === `--terminate ${distroName}`) {
      sleep();
      return exited(0);
    }
    if (line === `--unregister ${distroName}`) {
      sleep();
      await put(`${state.distro.folder}\\ext4.vhdx`, false);
      state.distro = null;
      guest.forget();
      return exited(0);
    }
    if (
      first === '--manage' &&
      rest[0] === distroName &&
      rest[1] === '--resize' &&
      /^\d+MB$/.test(rest[2] ?? '')
    )
      return exited(0);
    const order = ['--distribution', distroName, '--user', 'root', '--cd', '/', '--exec'];
    if (JSON.stringify(args.slice(0, order.length)) !== JSON.stringify(order))
      throw new Error('another order for wsl.exe');
    state.distro.isRunning = true;
    return inDistro(args.slice(order.length), command);
  }

  function sleep(): void {
    if (state.distro) state.distro.isRunning = false;
    for (const end of [...held]) end();
    guest.rest();
  }

  async function inDistro(argv: readonly string[], command: Command): Promise<Outcome> {
    const line = argv.join(' ');
    if (line === '/bin/sleep infinity') return hold(command.signal);
    if (line === '/usr/bin/systemctl --no-block poweroff') {
      sleep();
      return exited(0);
    }
    if (line === '/usr/sbin/update-ca-certificates --fresh') return exited(0);
    if (line === '/bin/rm -f -- /usr/local/share/ca-certificates/clawcove.crt') return exited(0);
    if (argv[0] === '/usr/bin/journalctl') return exited(0, '');
    if (line === lookAtLockdown.join(' ')) return exited(0, bytes(lockdown()));
    const [, , script, , path = ''] = argv;
    if (script === writeScript) {
      guest.files.set(path, command.input ?? '');
      return exited(0);
    }
    if (script === targetScript && path === sharedInside) return exited(0);
    const outcome = await guest.run(argv, command);
    if (outcome.is !== 'exited') return outcome;
    return { ...outcome, stdout: bytes(outcome.stdout), stderr: bytes(outcome.stderr) };
  }

  /** What is seen from inside of what Windows shares. */
  function lockdown(): string {
    const parts = [
      guest.files.get('/etc/wsl.conf') ?? '',
      guest.files.get('/etc/fstab') ?? '',
      `63 1 8:32 / / rw,relatime - ext4 /dev/sdc rw\n76 63 0:42 / ${sharedInside} ${options.sharedMount()}\n`,
      'systemd\n',
      '\n',
    ];
    return parts.join('=-=-= clawcove =-=-=\n');
  }

  /** Sleeps inside until somebody ends it. */
  function hold(signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const end = () => {
        held.delete(end);
        resolve(exited(wslFailed));
      };
      held.add(end);
      signal.addEventListener('abort', () => {
        held.delete(end);
        reject(new Cancelled());
      });
    });
  }

  async function schtasks(args: readonly string[]): Promise<Outcome> {
    const line = args.join(' ');
    if (line === '/Query /FO CSV /NH')
      return exited(
        0,
        [...state.tasks.keys(), '\\Microsoft\\Windows\\X']
          .map((name) => `"${name}","N/A","就绪"\r\n`)
          .join(''),
      );
    if (line === `/Query /TN ${taskName} /XML`) {
      const xml = state.tasks.get(taskName);
      return xml === undefined
        ? exited(1)
        : exited(0, Buffer.from(`\uFEFF${xml}`, 'utf16le').toString('latin1'));
    }
    if (line === `/Delete /TN ${taskName} /F`) return state.tasks.delete(taskName) ? exited(0) : exited(1);
    const [create, tn, name, xml, file = '', force] = args;
    if (create !== '/Create' || tn !== '/TN' || name !== taskName || xml !== '/XML' || force !== '/F')
      throw new Error('another order for the scheduler');
    state.tasks.set(taskName, (await read(file)).toString('utf16le').replace(/^\uFEFF/, ''));
    return exited(0);
  }

  async function answer(command: Command): Promise<Outcome> {
    const { file, args } = command;
    const line = args.join(' ');
    switch (file) {
      case programs.powershell:
        return powershell(command);
      case programs.reg:
        return registry(args);
      case programs.wsl:
        return wsl(command);
      case programs.schtasks:
        return schtasks(args);
      case programs.sc:
        if (line !== 'query vmcompute') break;
        return exited(state.platform ? 0 : 1060);
      case programs.whoami:
        if (line === '/groups /fo csv /nh')
          return exited(
            0,
            bytes(
              '"Mandatory Label\\\\中等","标签","S-1-16-8192",""\r\n"BUILTIN\\\\Administrators","别名","S-1-5-32-544",""\r\n',
            ),
          );
        if (line === '/user /fo csv /nh') return exited(0, bytes(`"pc\\王小明","${sid}"\r\n`));
        break;
      case programs.icacls:
        if (JSON.stringify(args) !== JSON.stringify(ownOnlyOrder(args[0] ?? '', sid))) break;
        return exited(0);
      case programs.netsh:
        if (line !== 'interface ipv4 show excludedportrange protocol=tcp') break;
        return exited(
          0,
          '\r\n开始端口    结束端口\r\n----------    --------\r\n     50000       50059     *\r\n',
        );
    }
    throw new Error('nobody knows this command');
  }

  return {
    commands,
    unexpected,
    restart() {
      sleep();
      become();
    },
    async run(command) {
      const words = [command.file, ...command.args];
      commands.push(command);
      try {
        // Whatever is run reaches the program as the words that were meant.
        if (JSON.stringify(wordsOf(commandLine(words))) !== JSON.stringify(words))
          throw new Error('badly quoted');
        return await answer(command);
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        unexpected.push(
          `${words.join(' ').slice(0, 300)}: ${error instanceof Error ? error.message : error}`,
        );
        throw error;
      }
    },
  };
}
