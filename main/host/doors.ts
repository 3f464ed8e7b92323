/**
 * The real doors, all but the desktop and the log, which are handed in. With this-system.ts
 * the only place that asks which system this is.
 */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Choices, EngineName, Language } from '../contract.ts';
import type { Clock, Desktop, Doors, Log, Net } from '../doors.ts';
import { createSelfAudit } from '../openclaw/audit.ts';
import { createReleases } from '../openclaw/releases.ts';
import type { ScanProgram } from '../private-data/messages.ts';
import { ProblemError } from '../problem.ts';
import { chosenSandbox } from '../sandbox/chosen.ts';
import { byProxy } from './agents.ts';
import { appDownloads, createAppUpdates, type ThisApp } from './app-updates.ts';
import { createBackups } from './backups.ts';
import { createBait } from './bait.ts';
import { systemClock } from './clock.ts';
import { createNetwork } from './network.ts';
import { createPrivateData } from './private-data.ts';
import { createStore } from './store.ts';
import { createOpenStream } from './stream.ts';
import type { SystemDoors, SystemOptions } from './system-doors.ts';
import { trustSystem } from './trust.ts';
import { createVault } from './vault.ts';

/** What the doors of every system have in common is made of this. */
export interface CommonOptions {
  readonly app: ThisApp;
  readonly desktop: Desktop;
  readonly log: Log;
  /** ClawCove's own folder; made when there is something to put in. */
  readonly dataFolder: string;
  readonly scanProgram: ScanProgram;
  /** The one that the person's system speaks. */
  readonly language: Language;
  readonly clock: Clock;
  readonly net: Net;
}

export interface RealDoorsOptions extends Omit<CommonOptions, 'clock' | 'net'> {
  /** Whether this processor runs a ClawCove that was made for another kind. */
  readonly isTranslated: boolean;
  /** Where files lie that come with the app and are no part of its archive. */
  readonly resources: string;
}

/** Choices before the person has made any. */
function firstChoices(engine: EngineName, language: Language, sharedFolder: string): Choices {
  return {
    engine,
    otherComputer: null,
    isDedicated: false,
    language,
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

/** Windows shows the person a question of its firewall's as soon as somebody listens where others could come. */
const mayListen = (address: string): boolean => process.platform !== 'win32' || address === '127.0.0.1';

/** Longer than a question to the system takes on a computer that has just started (ms). */
const openingTimeout = 60_000;

type Reach = Pick<SystemOptions, 'net' | 'open'>;

/** Opens this system's doors. @throws ProblemError `system-not-supported` */
async function openSystem(
  options: RealDoorsOptions,
  reach: Reach,
  named: () => Choices['otherComputer'],
): Promise<SystemDoors> {
  const { log, dataFolder, isTranslated, resources } = options;
  const { env: environment, arch: processor } = process;
  const here = { environment, home: homedir(), dataFolder, clock: systemClock, log, ...reach };
  const { username: user, uid, gid } = userInfo();
  const signal = AbortSignal.timeout(openingTimeout);
  switch (process.platform) {
    case 'linux': {
      const { openLinuxDoors } = await import('./linux/doors.ts');
      return openLinuxDoors({ ...here, user, uid, gid, processor, named });
    }
    case 'win32': {
      trustSystem();
      const { openWindowsDoors } = await import('./windows/doors.ts');
      return openWindowsDoors({ ...here, processor: isTranslated ? 'arm64' : processor }, signal);
    }
    case 'darwin': {
      trustSystem();
      const { openMacDoors } = await import('./macos/doors.ts');
      return openMacDoors({ ...here, uid, processor, resources }, signal);
    }
    default:
      throw new ProblemError('system-not-supported', {}, []);
  }
}

/** Adds to a system's doors what is the same on all of them. Nothing is run or changed. */
export function assembleDoors(system: SystemDoors, options: CommonOptions): Doors {
  const { app, desktop, log, dataFolder, scanProgram, clock, net } = options;
  const { sharedFolder, makePrivate, proxies: _, ...own } = system;
  const [recommended] = own.homes.engines;
  if (recommended === undefined) throw new Error('a system without any home');
  const defaults = firstChoices(recommended, options.language, sharedFolder);
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
    vault: createVault(join(dataFolder, 'vault'), makePrivate),
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
  let proxies: Readonly<Record<string, string>> = {};
  const agentFor = byProxy(() => proxies);
  const net = createNetwork({ agentFor, mayListen });
  let doors: Doors | null = null;
  const named = () => doors?.store.choices().otherComputer ?? null;
  const system = await openSystem(options, { net, open: createOpenStream(agentFor) }, named);
  ({ proxies } = system);
  doors = assembleDoors(system, { ...options, clock: systemClock, net });
  return doors;
}
