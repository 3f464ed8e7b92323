/** The doors of a Linux, as far as they differ from those of other systems. */
import { join } from 'node:path';
import { defaultSharedFolder } from '../../safeguards/default-folder.ts';
import { homesOf } from '../../sandbox/chosen.ts';
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
import { linuxPowers } from './powers.ts';

export interface LinuxOptions extends SystemOptions {
  /** The person's account. */
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** `process.arch`. */
  readonly processor: string;
}

/** Opens them; nothing is run or changed yet. */
export function openLinuxDoors(options: LinuxOptions): SystemDoors {
  const { environment, home, dataFolder, clock, net, open, log, user, uid, gid, processor } = options;
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
  const machineFolder = join(dataFolder, 'qemu');
  const virtualMachine = () =>
    createOfficialHome({
      machine: createQemuMachine({
        ...common,
        uid,
        gid,
        dataFolder: machineFolder,
        configFolder: folders.config,
        source: debianSource,
      }),
      clock,
      log,
      net,
      open,
      computer,
      dataFolder: machineFolder,
      processor,
      makePrivate: ownByMode,
    });
  return {
    computer,
    admin: createAdmin({ run, user, needsRunc: () => mixesCgroups() }),
    // Its image, and the program that runs it, are for this kind of processor.
    homes: homesOf([podman, docker, ...(processor === 'x64' ? [virtualMachine()] : [])]),
    powers: { look: () => linuxPowers(folders.config) },
    hostOpenClaw: createHostOpenClaw({ run, log, home, uid, configFolder: folders.config }),
    // Programs that ClawCove starts read the variables by themselves, and they fetch everything.
    proxies: {},
    makePrivate: ownByMode,
    sharedFolder: defaultSharedFolder(home),
  };
}
