/**
 * The compiled list of things that an administrator may be asked for on Windows, through Windows' own prompt.
 *
 * What runs with their rights is a constant: nothing of this person's computer (paths, environment, modules of
 * PowerShell's that lie in their folders) has a say in it. How it went comes back as its exit code, and step by step
 * through a key of the registry that only administrators can write and that the next restart takes away: a file would
 * have to lie where either the person can lay a trap or nobody takes it away.
 */
import { randomBytes } from 'node:crypto';
import type { AdminTaskId } from '../../contract.ts';
import type { Admin, Consent, Outcome, Run } from '../../doors.ts';
import { powershellArguments } from './powershell.ts';
import type { Programs } from './programs.ts';
import { quoteLine } from './quote.ts';
import { parseRegistry } from './registry.ts';

/** Windows downloads and installs a part of itself; the person reads the prompt first (ms). */
const timeoutMs = 1_800_000;

/** Numbers of Windows' own. Source: winerror.h. */
const cancelled = 1223;
const accessDenied = 5;
const needsElevation = 740;
const disabledByPolicy = 1260;
const restartRequired = 3010;

/** A program of System32 and its arguments: words without a blank or a quote in them. */
interface Step {
  readonly program: string;
  readonly args: readonly string[];
  /** Whether the others count without it. */
  readonly mayFail?: true;
}

const enablePlatform: Step = {
  program: 'dism.exe',
  args: ['/online', '/enable-feature', '/featurename:VirtualMachinePlatform', '/all', '/norestart', '/quiet'],
};
const installWsl: Step = { program: 'wsl.exe', args: ['--install', '--no-distribution'] };
/** One that was there may be too old; one that was just installed is not, and whoever looks next sees which it is. */
const updateWsl: Step = { program: 'wsl.exe', args: ['--update'], mayFail: true };
const startHypervisor: Step = { program: 'bcdedit.exe', args: ['/set', 'hypervisorlaunchtype', 'auto'] };

/** What a task runs; empty: there is no such task on Windows. */
export function stepsOf(task: AdminTaskId, hypervisorOff: boolean): readonly Step[] {
  if (task !== 'install-engine') return [];
  return [enablePlatform, ...(hypervisorOff ? [startHypervisor] : []), installWsl, updateWsl];
}

const lineOf = ({ program, args }: Step) => [program, ...args].join(' ');

/** Where the elevated side says how its steps went. */
const resultsKey = 'SOFTWARE\\ClawCove\\Results';

/**
 * The script of the elevated side; constant but for `id`. Each step gets a console of its own: WSL's installer hangs when
 * what it prints is taken from it (seen by others: rancher-desktop). It ends at the first step that fails.
 *
 * @param id 32 hexadecimal digits
 */
export function elevatedScript(steps: readonly Step[], id: string): string {
  if (!/^[\da-f]{32}$/.test(id)) throw new Error('not an id');
  const each = steps.map(
    ({ program, args, mayFail }) => `Step '${program}' '${args.join(' ')}' ${mayFail ? '$true' : '$false'}`,
  );
  return [
    "$ErrorActionPreference = 'Stop'",
    '$system = [Environment]::SystemDirectory',
    "$env:PSModulePath = $system + '\\WindowsPowerShell\\v1.0\\Modules'",
    '$volatile = [Microsoft.Win32.RegistryOptions]::Volatile',
    'function Note($path, $name, $value) { $key = [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey($path, $true, $volatile); $key.SetValue($name, $value); $key.Close() }',
    '$script:codes = @()',
    `function Step($program, $line, $mayFail) { $it = Start-Process -FilePath ($system + '\\' + $program) -ArgumentList $line -WindowStyle Hidden -Wait -PassThru; $script:codes += $it.ExitCode; Note '${resultsKey}\\${id}' 'Codes' ($script:codes -join ','); if (-not $mayFail -and $it.ExitCode -ne 0 -and $it.ExitCode -ne ${restartRequired}) { exit 1 } }`,
    ...each,
    `if (($script:codes -contains ${restartRequired})${restartAlways(steps)} -or -not (Get-Service -Name vmcompute -ErrorAction SilentlyContinue)) { Note 'SOFTWARE\\ClawCove\\RestartNeeded' 'Since' 'now'; exit ${restartRequired} }`,
    'exit 0',
  ].join('; ');
}

/** What is told to Windows' loader counts at the next start only. */
function restartAlways(steps: readonly Step[]): string {
  return steps.includes(startHypervisor) ? ' -or $true' : '';
}

/**
 * Shows the prompt; constant. By .NET and not by `Start-Process`, which says only in words, and in the person's
 * language, that the prompt was closed.
 */
export const promptScript = [
  '$info = New-Object System.Diagnostics.ProcessStartInfo',
  '$info.FileName = $env:CLAWCOVE_FILE',
  '$info.Arguments = $env:CLAWCOVE_ARGUMENTS',
  "$info.Verb = 'runas'",
  '$info.UseShellExecute = $true',
  "$info.WindowStyle = 'Hidden'",
  'try { $it = [System.Diagnostics.Process]::Start($info) } catch { $why = $_.Exception; while ($why.InnerException) { $why = $why.InnerException }; if ($why -is [System.ComponentModel.Win32Exception]) { exit $why.NativeErrorCode }; exit 1 }',
  '$it.WaitForExit()',
  'exit $it.ExitCode',
].join('; ');

export interface WindowsAdminOptions {
  readonly run: Run;
  readonly programs: Programs;
  /** Whether Windows was told not to start its virtualization. */
  readonly hypervisorOff: (signal: AbortSignal) => Promise<boolean>;
  /** Makes the id of a result. */
  readonly newId?: () => string;
}

/** The real {@link Admin} on Windows. */
export function createWindowsAdmin(options: WindowsAdminOptions): Admin {
  const { run, programs, hypervisorOff, newId = () => randomBytes(16).toString('hex') } = options;
  const steps = async (task: AdminTaskId, signal: AbortSignal) => stepsOf(task, await hypervisorOff(signal));
  return {
    async commands(task) {
      return (await steps(task, AbortSignal.timeout(60_000))).map(lineOf);
    },
    async run(task, { signal, log }) {
      const todo = await steps(task, signal);
      if (todo.length === 0) return { is: 'failed', detail: 'this system is not known' };
      const id = newId();
      const outcome = await run({
        file: programs.powershell,
        args: powershellArguments(promptScript),
        environment: {
          CLAWCOVE_FILE: programs.powershell,
          CLAWCOVE_ARGUMENTS: quoteLine(powershellArguments(elevatedScript(todo, id))),
        },
        timeoutMs,
        signal,
      });
      const codes = await codesOf(run, programs, id, signal);
      const said = codes.map((code, at) => `${todo[at] ? lineOf(todo[at]) : '?'}: ${code}`);
      for (const line of said) log(line);
      return windowsConsentFrom(outcome, said.at(-1) ?? '');
    },
  };
}

/** What each step ended with; empty where the elevated side never came so far. */
async function codesOf(run: Run, { reg }: Programs, id: string, signal: AbortSignal): Promise<number[]> {
  const args = ['query', `HKLM\\${resultsKey}\\${id}`, '/v', 'Codes', '/reg:64'];
  const answer = await run({ file: reg, args, timeoutMs: 15_000, signal, encoding: 'latin1' });
  if (answer.is !== 'exited' || answer.code !== 0) return [];
  const codes = [...parseRegistry(answer.stdout).values()][0]?.get('Codes') ?? '';
  return /^-?\d+(?:,-?\d+)*$/.test(codes) ? codes.split(',').map(Number) : [];
}

/**
 * What became of a request; pure. By numbers alone: words are translated. That a restart is due is seen by who looks next.
 *
 * @param last how the last step went that ran
 */
export function windowsConsentFrom(outcome: Outcome, last: string): Consent {
  switch (outcome.is) {
    case 'not-found':
      return { is: 'refused', detail: 'PowerShell' };
    case 'timed-out':
      return { is: 'failed', detail: 'it took too long' };
    case 'killed':
      return { is: 'failed', detail: outcome.by };
    case 'exited':
      if (outcome.code === 0 || outcome.code === restartRequired) return { is: 'done' };
      if (outcome.code === cancelled) return { is: 'dismissed' };
      if ([accessDenied, needsElevation, disabledByPolicy].includes(outcome.code))
        return { is: 'refused', detail: `Windows: ${outcome.code}` };
      return { is: 'failed', detail: last || `Windows: ${outcome.code}` };
  }
}
