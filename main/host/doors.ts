/**
 * The real doors, all but the desktop and the log, which are handed in. With this-system.ts
 * the only place that asks which system this is.
 */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Choices, EngineName } from '../contract.ts';
import type { Clock, Desktop, Doors, Log, Net } from '../doors.ts';
import { createSelfAudit } from '../openclaw/audit.ts';
import { createReleases } from '../openclaw/releases.ts';
import type { ScanProgram } from '../private-data/messages.ts';
import { ProblemError } from '../problem.ts';
import { chosenSandbox } from '../sandbox/chosen.ts';
import { languageOf } from '../text.ts';
import { appDownloads, createAppUpdates, type ThisApp } from './app-updates.ts';
import { createBackups } from './backups.ts';
import { createBait } from './bait.ts';
import { systemClock } from './clock.ts';
import { network } from './network.ts';
import { createPrivateData } from './private-data.ts';
import { createStore } from './store.ts';
import type { SystemDoors } from './system-doors.ts';
import { createVault } from './vault.ts';

/** What the doors of every system have in common is made of this. */
export interface CommonOptions {
  readonly app: ThisApp;
  readonly desktop: Desktop;
  readonly log: Log;
  /** ClawCove's own folder; made when there is something to put in. */
  readonly dataFolder: string;
  readonly scanProgram: ScanProgram;
  readonly clock: Clock;
  readonly net: Net;
}

export interface RealDoorsOptions extends Omit<CommonOptions, 'clock' | 'net'> {
  /** The languages that the person reads, best first, where the system lists them: `zh-Hans-CN`. */
  readonly languages: readonly string[];
  /** Where files lie that come with the app and are no part of its archive. */
  readonly resources: string;
}

/** Choices before the person has made any. */
function firstChoices(engine: EngineName, { locale, sharedFolder }: SystemDoors['suggested']): Choices {
  return {
    engine,
    language: languageOf(locale),
    appearance: 'system',
    startAtLogin: true,
    model: { provider: 'later' },
    // OpenClaw's usual port: people who know it find it where they look.
    port: 18_789,
    sharedFolder,
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

/** Longer than a question to the system takes on a computer that has just started (ms). */
const openingTimeout = 60_000;

/** Opens this system's doors. @throws ProblemError `system-not-supported` */
async function openSystem(options: RealDoorsOptions): Promise<SystemDoors> {
  const { log, dataFolder, languages, resources } = options;
  const { env: environment, arch: processor } = process;
  const here = { environment, home: homedir(), dataFolder, clock: systemClock, net: network, log };
  const { username: user, uid } = userInfo();
  const signal = AbortSignal.timeout(openingTimeout);
  switch (process.platform) {
    case 'linux': {
      const { openLinuxDoors } = await import('./linux/doors.ts');
      return openLinuxDoors({ ...here, user, uid });
    }
    case 'win32': {
      const { openWindowsDoors } = await import('./windows/doors.ts');
      return openWindowsDoors({ ...here, processor, languages, fetch }, signal);
    }
    case 'darwin': {
      const { openMacDoors } = await import('./macos/doors.ts');
      return openMacDoors({ ...here, uid, processor, languages, resources }, signal);
    }
    default:
      throw new ProblemError('system-not-supported', {}, []);
  }
}

/** Adds to a system's doors what is the same on all of them. Nothing is run or changed. */
export function assembleDoors(system: SystemDoors, options: CommonOptions): Doors {
  const { app, desktop, log, dataFolder, scanProgram, clock, net } = options;
  const { suggested, ...own } = system;
  const [recommended] = own.homes.engines;
  if (recommended === undefined) throw new Error('a system without any home');
  const defaults = firstChoices(recommended, suggested);
  const store = createStore({ folder: dataFolder, defaults, clock, log });
  const sandbox = chosenSandbox(own.homes, () => store.choices().engine);
  return {
    ...own,
    clock,
    net,
    sandbox,
    releases: createReleases({ sandbox, store, clock, log }),
    selfAudit: createSelfAudit({ sandbox, clock }),
    store,
    backups: createBackups(store.backupFolder, log),
    vault: createVault(join(dataFolder, 'vault')),
    bait: createBait(dataFolder),
    desktop,
    appUpdates: createAppUpdates({ app, folder: appDownloads(dataFolder), net, clock, log }),
    privateData: createPrivateData({ program: scanProgram, log }),
    log,
  };
}

/**
 * Opens the real doors. Some systems are asked a thing or two at once; nothing is changed.
 *
 * @throws ProblemError `system-not-supported` where ClawCove has no sandbox to offer
 */
export async function realDoors(options: RealDoorsOptions): Promise<Doors> {
  return assembleDoors(await openSystem(options), { ...options, clock: systemClock, net: network });
}
