/** The doors of a Windows, as far as they differ from those of other systems. */
import { join } from 'node:path';
import type { Admin, Clock, HostComputer, Log, Run } from '../../doors.ts';
import { usualBases } from '../../sandbox/wsl/base.ts';
import { createWslMachine, type WslMachine } from '../../sandbox/wsl/wsl.ts';
import { createRun } from '../command.ts';
import { createDownload } from '../download.ts';
import { createWindowsAdmin } from './admin.ts';
import { openWindowsComputer } from './computer.ts';
import { windowsEnvironment } from './environment.ts';
import { type Programs, programsIn, windowsWays } from './programs.ts';

/** An unusual number, see AgentAccount; the one that others who do the same have not taken. */
const agent = { name: 'openclaw', uid: 15_789, gid: 15_789 } as const;

export interface WindowsDoorsOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `process.arch`. */
  readonly processor: string;
  readonly fetch: Parameters<typeof createDownload>[0];
  /** Starts programs; tests hand in a double. */
  readonly startPrograms?: (programs: Programs) => Run;
}

export interface WindowsDoors {
  readonly run: Run;
  readonly programs: Programs;
  readonly computer: HostComputer;
  readonly admin: Admin;
  readonly machine: WslMachine;
}

/** Opens them; some questions are asked at once, and nothing is changed. */
export async function openWindowsDoors(
  options: WindowsDoorsOptions,
  signal: AbortSignal,
): Promise<WindowsDoors> {
  const { environment, home, clock, log, processor, fetch } = options;
  const programs = programsIn(environment.SystemRoot);
  const startPrograms =
    options.startPrograms ??
    ((of: Programs) => createRun(windowsEnvironment(environment, of.folder), windowsWays(of)));
  const run = startPrograms(programs);
  // Never the roaming folder: a company copies that to other computers, disk and all.
  const dataFolder = join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'ClawCove');
  const machine = createWslMachine({
    run,
    programs,
    clock,
    log,
    download: createDownload(fetch),
    base: usualBases[processor === 'arm64' ? 'arm64' : 'x64'],
    dataFolder,
    home,
    agent,
  });
  return {
    run,
    programs,
    computer: await openWindowsComputer(
      { run, programs, environment, home, engineFolder: dataFolder },
      signal,
    ),
    admin: createWindowsAdmin({
      run,
      programs,
      hypervisorOff: async (asking) => {
        const state = await machine.probe(asking);
        return state.is === 'no-virtualization' && state.why === 'not-started';
      },
    }),
    machine,
  };
}
