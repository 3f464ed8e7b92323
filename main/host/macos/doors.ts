/** The doors that are different on a Mac, for host/doors.ts to open. */
import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import { join } from 'node:path';
import type { HostComputer, Run } from '../../doors.ts';
import type { Machine } from '../../sandbox/distro/machine.ts';
import { limaHomeFor } from '../../sandbox/lima/home.ts';
import { createLimaMachine } from '../../sandbox/lima/machine.ts';
import { systemClock } from '../clock.ts';
import { addressesOf, findMake } from '../computer.ts';
import { freeDisk, makeFolder, realPath } from '../folders.ts';
import { isPortFree } from '../ports.ts';
import { remember } from '../remember.ts';
import { extraCertificates } from './certificates.ts';
import { knownMacFolders } from './folders.ts';
import { createPortHolder } from './listeners.ts';
import { availableMemory } from './memory.ts';
import { routers } from './network.ts';
import { power } from './power.ts';

export interface MacOptions {
  readonly run: Run;
  readonly home: string;
  readonly uid: number;
  /** Which processor ClawCove itself was made for. */
  readonly arch: 'arm64' | 'x64';
  /** The app's Contents/Resources. */
  readonly resources: string;
  /** As network.ts found them when ClawCove started: nobody waits for them at every question. */
  readonly proxies: Readonly<Record<string, string>>;
}

/** The {@link HostComputer} of an ordinary person with a Mac. */
export function createMacComputer({ run, home, uid, proxies }: MacOptions): HostComputer {
  const dataFolder = limaHomeFor(home, uid);
  const makeOfComputer = remember(findMake);
  // These are asked without anybody who could lose patience; each has a limit of its own.
  const idle = new AbortController().signal;
  return {
    async look() {
      const [make, freeDiskBytes] = await Promise.all([makeOfComputer(), freeDisk(dataFolder)]);
      return { ...make, cores: cpus().length, memoryBytes: totalmem(), freeDiskBytes };
    },
    addresses: () => addressesOf(networkInterfaces()),
    routers: () => routers(run, idle),
    freeDisk,
    availableMemory: async () => (await availableMemory(run, idle)) ?? freemem(),
    dataFolder,
    power: () => power(run, idle),
    // Only programs made with Apple's own Network framework are told of Low Data Mode or an iPhone's connection.
    isMetered: async () => null,
    isAdministrator: () => process.getuid?.() === 0,
    knownFolders: () => knownMacFolders(home),
    realPath,
    makeFolder,
    portHolder: createPortHolder(run),
    isPortFree,
    extraCertificates: () => extraCertificates(run, Date.now(), idle),
    proxy: () => proxies,
  };
}

/** The machine that a home lives in. */
export function createMacMachine({ run, home, uid, arch, resources }: MacOptions): Machine {
  return createLimaMachine({
    run,
    clock: systemClock,
    isPortFree,
    portHolder: createPortHolder(run),
    program: join(resources, 'lima', 'bin', 'limactl'),
    home: limaHomeFor(home, uid),
    uid,
    arch,
    library: join(home, 'Library'),
    freeDisk,
  });
}
