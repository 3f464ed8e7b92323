/** The doors of a Windows, as far as they differ from those of other systems. */
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { defaultSharedFolder } from '../../safeguards/default-folder.ts';
import { homesOf } from '../../sandbox/chosen.ts';
import { createOfficialHome } from '../../sandbox/distro/official-home.ts';
import { usualBases } from '../../sandbox/wsl/base.ts';
import { createWslMachine } from '../../sandbox/wsl/wsl.ts';
import { createRun } from '../command.ts';
import { createDownload } from '../download.ts';
import { noHostOpenClaw } from '../no-host-openclaw.ts';
import type { SystemDoors, SystemOptions } from '../system-doors.ts';
import { createWindowsAdmin } from './admin.ts';
import { openWindowsComputer } from './computer.ts';
import { windowsEnvironment } from './environment.ts';
import { windowsPowers } from './powers.ts';
import { type Programs, programsIn, windowsWays } from './programs.ts';

/** An unusual number, see AgentAccount; the one that others who do the same have not taken. */
const agent = { name: 'openclaw', uid: 15_789, gid: 15_789 } as const;

export interface WindowsOptions extends SystemOptions {
  /** What this computer's processor is, as `process.arch` would say it. */
  readonly processor: string;
  readonly fetch: Parameters<typeof createDownload>[0];
  /** Starts programs; tests hand in a double. */
  readonly startPrograms?: (programs: Programs) => Run;
}

/** Opens them; some questions are asked at once, and nothing is changed. */
export async function openWindowsDoors(options: WindowsOptions, signal: AbortSignal): Promise<SystemDoors> {
  const { environment, home, dataFolder, clock, net, log, processor, fetch } = options;
  const programs = programsIn(environment.SystemRoot);
  const startPrograms =
    options.startPrograms ??
    ((of: Programs) => createRun(windowsEnvironment(environment, of.folder), windowsWays(of)));
  const run = startPrograms(programs);
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
  const computer = await openWindowsComputer(
    { run, programs, environment, home, engineFolder: dataFolder },
    signal,
  );
  return {
    computer,
    admin: createWindowsAdmin({
      run,
      programs,
      hypervisorOff: async (asking) => {
        const state = await machine.probe(asking);
        return state.is === 'no-virtualization' && state.why === 'not-started';
      },
    }),
    homes: homesOf([createOfficialHome({ machine, clock, log, net, computer, dataFolder, processor })]),
    powers: {
      look: (asking) => windowsPowers(run, environment.APPDATA ?? join(home, 'AppData', 'Roaming'), asking),
    },
    hostOpenClaw: noHostOpenClaw(home),
    sharedFolder: defaultSharedFolder(home),
  };
}
