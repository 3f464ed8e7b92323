/** The doors of a Mac, as far as they differ from those of other systems. */
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { defaultSharedFolder } from '../../safeguards/default-folder.ts';
import { homesOf } from '../../sandbox/chosen.ts';
import { createOfficialHome } from '../../sandbox/distro/official-home.ts';
import { limaHomeFor } from '../../sandbox/lima/home.ts';
import { createLimaMachine } from '../../sandbox/lima/machine.ts';
import { createRun } from '../command.ts';
import { freeDisk } from '../folders.ts';
import { ownByMode } from '../own-only.ts';
import type { SystemDoors, SystemOptions } from '../system-doors.ts';
import { createMacAdmin } from './admin.ts';
import { createMacComputer } from './computer.ts';
import { macEnvironment } from './environment.ts';
import { createMacHostOpenClaw } from './host-openclaw.ts';
import { proxies } from './network.ts';
import { macPowers } from './powers.ts';

export interface MacOptions extends SystemOptions {
  readonly uid: number;
  /** `process.arch`: which processor ClawCove itself was made for. */
  readonly processor: string;
  /** The app's Contents/Resources. */
  readonly resources: string;
  /** Starts programs in an environment; tests hand in a double. */
  readonly startPrograms?: (environment: Readonly<Record<string, string>>) => Run;
}

/** Opens them; one question is asked at once, and nothing is changed. */
export async function openMacDoors(options: MacOptions, signal: AbortSignal): Promise<SystemDoors> {
  const { environment, home, dataFolder, clock, net, open, log, uid, processor, resources } = options;
  const startPrograms = options.startPrograms ?? createRun;
  const plain = macEnvironment(environment);
  const found = await proxies(startPrograms(plain), signal);
  // An app that the Finder started has no variables for a proxy, and Lima knows no other way to hear of one.
  const run = startPrograms({ ...plain, ...found });
  const engineFolder = limaHomeFor(home, uid);
  const computer = createMacComputer({ run, home, uid, engineFolder, proxies: found });
  const machine = createLimaMachine({
    run,
    clock,
    isPortFree: computer.isPortFree,
    portHolder: computer.portHolder,
    program: join(resources, 'lima', 'bin', 'limactl'),
    home: engineFolder,
    uid,
    arch: processor === 'arm64' ? 'arm64' : 'x64',
    library: join(home, 'Library'),
    freeDisk,
  });
  return {
    computer,
    // A home that Lima keeps needs no administrator at all.
    admin: createMacAdmin({ run, tasks: {}, prompt: () => 'ClawCove' }),
    homes: homesOf([
      createOfficialHome({
        machine,
        clock,
        log,
        net,
        open,
        computer,
        dataFolder: join(dataFolder, 'lima'),
        processor,
        makePrivate: ownByMode,
      }),
    ]),
    powers: { look: (asking) => macPowers(run, home, asking) },
    hostOpenClaw: createMacHostOpenClaw({ run, log, home, uid, environment, clock }),
    otherComputer: null,
    dedication: null,
    proxies: found,
    makePrivate: ownByMode,
    sharedFolder: defaultSharedFolder(home),
  };
}
