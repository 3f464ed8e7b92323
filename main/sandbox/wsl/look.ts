/**
 * Asks Windows what it has of WSL, in an order in which no question changes anything: registry and services first, and
 * wsl.exe only when they say that it is more than a stub. On a bare computer `wsl --version` may begin a download (seen
 * by others: ovm-win).
 */
import * as z from 'zod';
import type { Run } from '../../doors.ts';
import { ask, type Script } from '../../host/windows/powershell.ts';
import type { Programs } from '../../host/windows/programs.ts';
import { parseRegistry, registryNumber } from '../../host/windows/registry.ts';
import { ProblemError } from '../../problem.ts';
import { createWsl } from './call.ts';
import { lxssKey } from './distros.ts';
import {
  type Answer,
  asksForVirtualization,
  type Said,
  type Virtualization,
  type WslFacts,
} from './probe.ts';

const timeoutMs = 15_000;
/** The first question after a start of the computer wakes the service. */
const wslTimeout = 60_000;
/** Windows' own number for "no such service". Source: winerror.h, ERROR_SERVICE_DOES_NOT_EXIST. */
const noSuchService = 1060;

/** Where it says that a restart is due: WSL's own installer, ClawCove's (see host/windows/admin.ts), Windows' own parts. */
export const restartKeys = [
  `${lxssKey}\\InstallStatus`,
  'HKLM\\SOFTWARE\\ClawCove\\RestartNeeded',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
] as const;

export const virtualizationScript: Script<
  { Hypervisor: boolean | null; Firmware: boolean | null; Slat: boolean | null }[]
> = {
  body: [
    '$processor = @(Get-CimInstance -ClassName Win32_Processor)[0]',
    '[pscustomobject]@{ Hypervisor = (Get-CimInstance -ClassName Win32_ComputerSystem).HypervisorPresent; Firmware = $processor.VirtualizationFirmwareEnabled; Slat = $processor.SecondLevelAddressTranslationExtensions }',
  ].join('; '),
  answer: z.array(
    z.object({
      Hypervisor: z.boolean().nullable(),
      Firmware: z.boolean().nullable(),
      Slat: z.boolean().nullable(),
    }),
  ),
};

/** Gathers what {@link engineStateFrom} judges. */
export async function lookAtWsl(run: Run, programs: Programs, signal: AbortSignal): Promise<WslFacts> {
  const registry = (key: string, value: string | null) =>
    run({
      file: programs.reg,
      args: ['query', key, ...(value === null ? [] : ['/v', value]), '/reg:64'],
      timeoutMs,
      signal,
      encoding: 'latin1',
    });
  const value = async (key: string, name: string): Promise<Answer<string | null>> => {
    const answer = await registry(key, name);
    if (answer.is !== 'exited' || answer.code > 1) return 'unknown';
    return [...parseRegistry(answer.stdout).values()][0]?.get(name) ?? null;
  };

  const installed = await value('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Lxss\\MSI', 'Version');
  const service = await run({
    file: programs.sc,
    args: ['query', 'vmcompute'],
    timeoutMs,
    signal,
    encoding: 'latin1',
  });
  const platform: Answer<boolean> =
    service.is !== 'exited'
      ? 'unknown'
      : service.code === 0
        ? true
        : service.code === noSuchService
          ? false
          : 'unknown';
  const forbidden =
    registryNumber((await value('HKLM\\Software\\Policies\\WSL', 'AllowWSL')) ?? undefined) === 0;
  const before = { installed, platform, forbidden };
  if (forbidden)
    return { ...before, restartPending: false, virtualization: null, status: null, version: null };

  const isStub = installed === null && platform === false;
  const status = isStub ? null : await wslSaid(run, programs, ['--status'], signal);
  const asks = asksForVirtualization({ platform, status });
  const virtualization = asks ? await lookAtVirtualization(run, programs, signal) : null;
  const restartPending = asks && (await anyKey(restartKeys, registry));
  // What is no program of its own doesn't know the question, and might download something to answer it.
  const isWorthAsking =
    installed !== null && platform !== false && status !== null && typeof status === 'object';
  const version = isWorthAsking && !asks ? await wslSaid(run, programs, ['--version'], signal) : null;
  return {
    ...before,
    restartPending,
    virtualization,
    status,
    version: version !== null && typeof version === 'object' ? version : null,
  };
}

async function anyKey(
  keys: readonly string[],
  query: (key: string, value: null) => ReturnType<Run>,
): Promise<boolean> {
  for (const key of keys) {
    const answer = await query(key, null);
    if (answer.is === 'exited' && answer.code === 0) return true;
  }
  return false;
}

async function wslSaid(
  run: Run,
  programs: Programs,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Said | 'timed-out' | 'not-started'> {
  try {
    const { code, text } = await createWsl(run, programs.wsl)(args, { timeoutMs: wslTimeout, signal });
    return { code, text };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problem.code === 'engine-gone' ? 'not-started' : 'timed-out';
  }
}

async function lookAtVirtualization(
  run: Run,
  programs: Programs,
  signal: AbortSignal,
): Promise<Virtualization | null> {
  const [seen] = (await ask(run, programs, virtualizationScript, { signal })) ?? [];
  return seen
    ? { hypervisorRuns: seen.Hypervisor, firmwareAllows: seen.Firmware, processorCan: seen.Slat }
    : null;
}
