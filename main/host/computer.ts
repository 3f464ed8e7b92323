/** This computer, as far as ClawCove looks at it. */
import { cpus, endianness, freemem, networkInterfaces, totalmem } from 'node:os';
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
    gateway: async () => gatewayFrom(await readBounded('/proc/net/route')),
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
async function findMake(): Promise<Pick<Computer, 'systemName' | 'processor' | 'virtualization'>> {
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

/** The kernel's flag for "by way of somebody". Source: linux/route.h. */
const byGateway = 0x2;

/** The way out, from the kernel's table of ways; its numbers stand in the processor's order. Pure. Source: proc(5). */
export function gatewayFrom(routes: string | null): string | null {
  for (const line of (routes ?? '').split('\n').slice(1)) {
    const [, destination, gateway = '', flags = ''] = line.split(/\s+/);
    if (destination !== '00000000' || !(Number.parseInt(flags, 16) & byGateway)) continue;
    if (!/^[\da-f]{8}$/i.test(gateway)) continue;
    const bytes = Buffer.from(gateway, 'hex');
    return [...(endianness() === 'LE' ? bytes.reverse() : bytes)].join('.');
  }
  return null;
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
