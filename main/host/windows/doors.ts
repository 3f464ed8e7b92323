/** The doors of a Windows, as far as they differ from those of other systems. */
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { defaultSharedFolder } from '../../safeguards/default-folder.ts';
import { homesOf } from '../../sandbox/chosen.ts';
import { createOfficialHome } from '../../sandbox/distro/official-home.ts';
import { type BaseSource, usualBases } from '../../sandbox/wsl/base.ts';
import { createWslMachine } from '../../sandbox/wsl/wsl.ts';
import { createRun } from '../command.ts';
import { createDownload } from '../download.ts';
import { createFetch } from '../fetch.ts';
import { ownProxy } from '../proxy.ts';
import type { SystemDoors, SystemOptions } from '../system-doors.ts';
import { createWindowsAdmin } from './admin.ts';
import { createWindowsComputer } from './computer.ts';
import { windowsEnvironment } from './environment.ts';
import { createWindowsHostOpenClaw } from './host-openclaw.ts';
import { createOwnOnly } from './own-only.ts';
import { windowsPowers } from './powers.ts';
import { type Programs, programsIn, windowsWays } from './programs.ts';
import { lookAround } from './surroundings.ts';
import { rights } from './who.ts';

/** An unusual number, see AgentAccount; the one that others who do the same have not taken. */
const agent = { name: 'openclaw', uid: 15_789, gid: 15_789 } as const;

export interface WindowsOptions extends SystemOptions {
  /** What this computer's processor is, as `process.arch` would say it. */
  readonly processor: string;
  /** What a home is made from, unless it is the usual. */
  readonly base?: BaseSource;
  /** Starts programs; tests hand in a double. */
  readonly startPrograms?: (programs: Programs) => Run;
}

/** Opens them; some questions are asked at once, and nothing is changed. */
export async function openWindowsDoors(options: WindowsOptions, signal: AbortSignal): Promise<SystemDoors> {
  const { environment, home, dataFolder, clock, net, open, log, processor } = options;
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
    download: createDownload(createFetch(open)),
    base: options.base ?? usualBases[processor === 'arm64' ? 'arm64' : 'x64'],
    dataFolder,
    home,
    agent,
  });
  const makePrivate = createOwnOnly(run, programs, log);
  const [own, first] = await Promise.all([
    rights(run, programs, signal),
    lookAround(run, programs, environment, signal),
  ]);
  const computer = createWindowsComputer({
    run,
    programs,
    environment,
    home,
    engineFolder: dataFolder,
    net,
    own,
    first,
  });
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
    homes: homesOf([
      createOfficialHome({ machine, clock, log, net, open, computer, dataFolder, processor, makePrivate }),
    ]),
    powers: {
      look: (asking) =>
        windowsPowers(run, programs, environment.APPDATA ?? join(home, 'AppData', 'Roaming'), asking),
    },
    hostOpenClaw: createWindowsHostOpenClaw({ run, log, programs, home, environment, clock }),
    otherComputer: null,
    dedication: null,
    proxies: ownProxy({ ...(first?.proxy ?? {}), ...environment }),
    makePrivate,
    sharedFolder: defaultSharedFolder(home),
  };
}
