/** This computer, as far as ClawCove looks at it. */
import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import systeminformation from 'systeminformation';
import type { Computer } from '../contract.ts';
import type { HostComputer, Run } from '../doors.ts';
import { extraCertificates } from './certificates.ts';
import { readBounded } from './files.ts';
import { freeDisk, knownFolders, makeFolder, realPath } from './folders.ts';
import { createPortHolder, isPortFree } from './ports.ts';
import { proxyFrom } from './proxy.ts';

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
  return {
    async look(): Promise<Computer> {
      const [system, processor, freeDiskBytes] = await Promise.all([
        systeminformation.osInfo(),
        systeminformation.cpu(),
        freeDisk(engineFolder),
      ]);
      return {
        systemName:
          [system.distro, system.release].filter((part) => part !== '').join(' ') || system.platform,
        processor: [processor.manufacturer, processor.brand].filter((part) => part !== '').join(' '),
        cores: cpus().length,
        memoryBytes: totalmem(),
        freeDiskBytes,
        virtualization: processor.virtualization,
      };
    },
    addresses: () => addressesOf(networkInterfaces()),
    freeDisk,
    availableMemory: async () => availableFrom(await readBounded('/proc/meminfo')) ?? freemem(),
    dataFolder: engineFolder,
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
