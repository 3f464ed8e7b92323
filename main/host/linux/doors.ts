/** The doors of a Linux, as far as they differ from those of other systems. */
import { join } from 'node:path';
import type { OtherComputer } from '../../contract.ts';
import { defaultSharedFolder } from '../../safeguards/default-folder.ts';
import { homesOf } from '../../sandbox/chosen.ts';
import { createAccess } from '../../sandbox/device/access.ts';
import { createDeviceMachine } from '../../sandbox/device/device.ts';
import type { Machine } from '../../sandbox/distro/machine.ts';
import { createOfficialHome } from '../../sandbox/distro/official-home.ts';
import { createDockerSandbox } from '../../sandbox/docker/docker.ts';
import { mixesCgroups } from '../../sandbox/observe/cgroups.ts';
import { createPodmanSandbox } from '../../sandbox/podman/podman.ts';
import { debianSource } from '../../sandbox/qemu/base.ts';
import { createQemuMachine } from '../../sandbox/qemu/qemu.ts';
import { createAdmin } from '../admin.ts';
import { createRun } from '../command.ts';
import { createComputer } from '../computer.ts';
import { environmentForPrograms } from '../environment.ts';
import { createHostOpenClaw } from '../host-openclaw/host-openclaw.ts';
import { ownByMode } from '../own-only.ts';
import type { SystemDoors, SystemOptions } from '../system-doors.ts';
import { createDedication } from './dedication.ts';
import { linuxPowers } from './powers.ts';

export interface LinuxOptions extends SystemOptions {
  /** The person's account. */
  readonly user: string;
  readonly uid: number;
  /** Which other computer the person has named. */
  readonly named: () => OtherComputer | null;
  readonly gid: number;
  /** `process.arch`. */
  readonly processor: string;
}

/** Opens them; nothing is run or changed yet. */
export function openLinuxDoors(options: LinuxOptions): SystemDoors {
  const { environment, home, dataFolder, clock, net, open, log, user, uid, gid, processor, named } = options;
  const folders = {
    config: environment.XDG_CONFIG_HOME || join(home, '.config'),
    data: environment.XDG_DATA_HOME || join(home, '.local', 'share'),
  };
  const run = createRun(environmentForPrograms(environment));
  const computer = createComputer({
    run,
    environment,
    home,
    configFolder: folders.config,
    engineFolder: join(folders.data, 'containers'),
  });
  const common = { run, clock, log, net, portHolder: computer.portHolder };
  const podman = createPodmanSandbox({ ...common, user, folders, dataFolder });
  const docker = createDockerSandbox({
    ...common,
    uid,
    configFolder: folders.config,
    dataFolder: join(dataFolder, 'docker'),
  });
  const homeIn = (machine: Machine, folder: string) =>
    createOfficialHome({
      machine,
      clock,
      log,
      net,
      open,
      computer,
      dataFolder: folder,
      processor,
      makePrivate: ownByMode,
    });
  const qemuFolder = join(dataFolder, 'qemu');
  const qemu = { ...common, uid, gid, dataFolder: qemuFolder, configFolder: folders.config };
  const virtualMachine = () => homeIn(createQemuMachine({ ...qemu, source: debianSource }), qemuFolder);
  const toComputer = { run, clock, dataFolder, named };
  const otherComputer = createDeviceMachine({ ...toComputer, log, net, computer, arch: processor });
  return {
    computer,
    admin: createAdmin({ run, user, needsRunc: () => mixesCgroups() }),
    // Its image, and the program that runs it, are for this kind of processor.
    homes: homesOf([
      podman,
      docker,
      ...(processor === 'x64' ? [virtualMachine()] : []),
      homeIn(otherComputer, join(dataFolder, 'computer-home')),
    ]),
    powers: { look: () => linuxPowers(folders.config) },
    hostOpenClaw: createHostOpenClaw({ run, log, home, uid, configFolder: folders.config }),
    otherComputer: createAccess(toComputer),
    dedication: createDedication(run, clock),
    // Programs that ClawCove starts read the variables by themselves, and they fetch everything.
    proxies: {},
    makePrivate: ownByMode,
    sharedFolder: defaultSharedFolder(home),
  };
}
