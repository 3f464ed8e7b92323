/** This computer, as far as ClawCove looks at it. */
import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import type { Computer } from '../contract.ts';
import type { HostComputer, Run } from '../doors.ts';
import { extraCertificates } from './certificates.ts';
import { isMetered } from './connection.ts';
import { readBounded } from './files.ts';
import { freeDisk, knownFolders, makeFolder, realPath } from './folders.ts';
import { createPortHolder, isPortFree } from './ports.ts';
import { power } from './power.ts';
import { proxyFrom } from './proxy.ts';
import { remember } from './remember.ts';
import { routers } from './routers.ts';

export interface ComputerOptions {
  readonly run: Run;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** XDG_CONFIG_HOME. */
  readonly configFolder: string;
  /** Where the engine keeps what it downloads. */
  readonly engineFolder: string;
}

/** The real {@link HostComputer} of an ordinary person on Linux. */
export function createComputer(options: ComputerOptions): HostComputer {
  const { run, environment, home, configFolder, engineFolder } = options;
  // Finding it out starts half a dozen programs: not at every look.
  const makeOfComputer = remember(findMake);
  return {
    async look(): Promise<Computer> {
      const [make, freeDiskBytes] = await Promise.all([makeOfComputer(), freeDisk(engineFolder)]);
      return { ...make, cores: cpus().length, memoryBytes: totalmem(), freeDiskBytes };
    },
    addresses: () => addressesOf(networkInterfaces()),
    routers,
    freeDisk,
    availableMemory: async () => availableFrom(await readBounded('/proc/meminfo')) ?? freemem(),
    dataFolder: engineFolder,
    power,
    isMetered: (signal) => isMetered(run, signal),
    isAdministrator: () => process.getuid?.() === 0,
    knownFolders: () => knownFolders(home, configFolder),
    realPath,
    makeFolder,
    portHolder: createPortHolder(run),
    isPortFree,
    extraCertificates: () => extraCertificates(environment, Date.now()),
    proxy: () => proxyFrom(environment),
  };
}

/** What this computer is: nothing of it changes while ClawCove runs. */
export async function findMake(): Promise<Pick<Computer, 'systemName' | 'processor' | 'virtualization'>> {
  // Large, and wanted once: no start waits for it.
  const { default: systeminformation } = await import('systeminformation');
  const [system, processor] = await Promise.all([systeminformation.osInfo(), systeminformation.cpu()]);
  return {
    systemName: [system.distro, system.release].filter((part) => part !== '').join(' ') || system.platform,
    processor: [processor.manufacturer, processor.brand].filter((part) => part !== '').join(' '),
    virtualization: processor.virtualization,
  };
}

/** What programs could still get, by the kernel's own reckoning; pure. */
export function availableFrom(meminfo: string | null): number | null {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Addresses by which others could reach this computer; pure. */
export function addressesOf(interfaces: ReturnType<typeof networkInterfaces>): string[] {
  return Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal }) => !internal)
      // A link-local address means nothing without the interface it is on.
      .map(({ address }) => (/^fe80:/i.test(address) ? `${address}%${name}` : address)),
  );
}
