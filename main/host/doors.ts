/**
 * The real doors, all but the desktop and the log, which are handed in. With this-system.ts
 * the only place that asks which system this is.
 */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Choices, EngineName } from '../contract.ts';
import type { Desktop, Doors, Log } from '../doors.ts';
import { createSelfAudit } from '../openclaw/audit.ts';
import { createReleases } from '../openclaw/releases.ts';
import type { ScanProgram } from '../private-data/messages.ts';
import { ProblemError } from '../problem.ts';
import { defaultSharedFolder } from '../safeguards/default-folder.ts';
import { chosenSandbox, homesOf } from '../sandbox/chosen.ts';
import { createAccess } from '../sandbox/device/access.ts';
import { createOtherComputerSandbox } from '../sandbox/device/home.ts';
import { createDockerSandbox } from '../sandbox/docker/docker.ts';
import { mixesCgroups } from '../sandbox/observe/cgroups.ts';
import { createPodmanSandbox } from '../sandbox/podman/podman.ts';
import { languageOf } from '../text.ts';
import { createAdmin } from './admin.ts';
import { appDownloads, createAppUpdates, type ThisApp } from './app-updates.ts';
import { createBackups } from './backups.ts';
import { createBait } from './bait.ts';
import { systemClock } from './clock.ts';
import { createRun } from './command.ts';
import { createComputer } from './computer.ts';
import { environmentForPrograms } from './environment.ts';
import { createHostOpenClaw } from './host-openclaw/host-openclaw.ts';
import { network } from './network.ts';
import { createPowers } from './powers.ts';
import { createPrivateData } from './private-data.ts';
import { createStore } from './store.ts';
import { thisSystem } from './this-system.ts';
import { createVault } from './vault.ts';

export interface RealDoorsOptions {
  readonly app: ThisApp;
  readonly desktop: Desktop;
  readonly log: Log;
  /** ClawCove's own folder; made when there is something to put in. */
  readonly dataFolder: string;
  readonly scanProgram: ScanProgram;
}

/** Choices before the person has made any. */
function firstChoices(engine: EngineName, home: string, environment: NodeJS.ProcessEnv): Choices {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return {
    engine,
    otherComputer: null,
    language: languageOf(locale),
    appearance: 'system',
    startAtLogin: true,
    model: { provider: 'later' },
    // OpenClaw's usual port: people who know it find it where they look.
    port: 18_789,
    sharedFolder: defaultSharedFolder(home),
    agreed: false,
    movedIn: false,
    stopped: false,
    nearbyServices: [],
    channel: 'stable',
    automaticUpdates: true,
    // While most people sleep: the gateway is away for half a minute.
    updateHour: 3,
    postponedUntil: null,
  };
}

/**
 * Opens the real doors. Nothing is run or changed yet.
 *
 * @throws ProblemError `system-not-supported` where ClawCove has no sandbox to offer
 */
export function realDoors({ app, desktop, log, dataFolder, scanProgram }: RealDoorsOptions): Doors {
  if (process.platform !== 'linux') throw new ProblemError('system-not-supported', {}, []);
  const environment = process.env;
  const home = homedir();
  const { username: user, uid } = userInfo();
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
  const clock = systemClock;
  const { portHolder } = computer;
  const common = { run, clock, log, net: network, portHolder };
  const podman = createPodmanSandbox({ ...common, user, folders, dataFolder });
  const docker = createDockerSandbox({
    ...common,
    uid,
    configFolder: folders.config,
    dataFolder: join(dataFolder, 'docker'),
  });
  const defaults = firstChoices(podman.engine, home, environment);
  const store = createStore({ folder: dataFolder, defaults, clock, log });
  const toComputer = { run, clock, dataFolder, named: () => store.choices().otherComputer };
  const other = createOtherComputerSandbox({
    ...toComputer,
    log,
    net: network,
    computer,
    arch: process.arch,
  });
  const homes = homesOf([podman, docker, other]);
  const sandbox = chosenSandbox(homes, () => store.choices().engine);
  return {
    clock,
    net: network,
    computer,
    admin: createAdmin({ run, user, needsRunc: () => mixesCgroups() }),
    sandbox,
    homes,
    releases: createReleases({ sandbox, store, clock, log }),
    selfAudit: createSelfAudit({ sandbox, clock }),
    store,
    backups: createBackups(store.backupFolder, log),
    vault: createVault(join(dataFolder, 'vault')),
    bait: createBait(dataFolder),
    desktop,
    appUpdates: createAppUpdates({ app, folder: appDownloads(dataFolder), net: network, clock, log }),
    powers: createPowers(thisSystem(), { run, home, config: folders.config }),
    privateData: createPrivateData({ program: scanProgram, log }),
    otherComputer: createAccess(toComputer),
    hostOpenClaw: createHostOpenClaw({ run, log, home, uid, configFolder: folders.config }),
    log,
  };
}
