/** This computer, where it is a Mac. */
import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import type { HostComputer, Run } from '../../doors.ts';
import { addressesOf, findMake } from '../computer.ts';
import { freeDisk, makeFolder, realPath } from '../folders.ts';
import { isPortFree } from '../ports.ts';
import { proxyFrom } from '../proxy.ts';
import { remember } from '../remember.ts';
import { extraCertificates } from './certificates.ts';
import { knownMacFolders } from './folders.ts';
import { createPortHolder } from './listeners.ts';
import { availableMemory } from './memory.ts';
import { routers } from './network.ts';
import { power } from './power.ts';

export interface MacComputerOptions {
  readonly run: Run;
  readonly home: string;
  /** Where the engine keeps what it downloads. */
  readonly engineFolder: string;
  /** As network.ts found them when ClawCove started: nobody waits for them at every question. */
  readonly proxies: Readonly<Record<string, string>>;
}

/** The {@link HostComputer} of an ordinary person with a Mac. */
export function createMacComputer(options: MacComputerOptions): HostComputer {
  const { run, home, engineFolder, proxies } = options;
  const makeOfComputer = remember(findMake);
  // These are asked without anybody who could lose patience; each has a limit of its own.
  const idle = new AbortController().signal;
  return {
    async look() {
      const [make, freeDiskBytes] = await Promise.all([makeOfComputer(), freeDisk(engineFolder)]);
      return { ...make, cores: cpus().length, memoryBytes: totalmem(), freeDiskBytes };
    },
    addresses: () => addressesOf(networkInterfaces()),
    routers: () => routers(run, idle),
    freeDisk,
    availableMemory: async () => (await availableMemory(run, idle)) ?? freemem(),
    dataFolder: engineFolder,
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
    proxy: () => proxyFrom(proxies),
  };
}
