/** This computer, where it is a Windows. */

import { cpus, freemem, networkInterfaces, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Computer } from '../../contract.ts';
import type { HostComputer, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { addressesOf, findMake } from '../computer.ts';
import { freeDisk, gatherFolders, makeFolder, realPath } from '../folders.ts';
import { network } from '../network.ts';
import { canListen } from '../ports.ts';
import { power } from '../power.ts';
import { proxyFrom } from '../proxy.ts';
import { remember } from '../remember.ts';
import { windowsCertificates } from './certificates.ts';
import { isMetered, routers } from './network.ts';
import { createPortHolder } from './ports.ts';
import type { Programs } from './programs.ts';
import { lookAround, type Surroundings } from './surroundings.ts';
import type { Rights } from './who.ts';

export interface WindowsComputerOptions {
  readonly run: Run;
  readonly programs: Programs;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** Where the engine keeps what it downloads. */
  readonly engineFolder: string;
  /** What can't change while ClawCove runs, or has to be known without waiting; null: nobody says. */
  readonly own: Rights | null;
  readonly first: Surroundings | null;
}

/** The real {@link HostComputer} of an ordinary person on Windows. */
export function createWindowsComputer(options: WindowsComputerOptions): HostComputer {
  const { run, programs, environment, home, engineFolder, own, first } = options;
  const idle = () => new AbortController().signal;
  const makeOfComputer = remember(findMake);
  return {
    async look(): Promise<Computer> {
      const [make, freeDiskBytes] = await Promise.all([makeOfComputer(), freeDisk(engineFolder)]);
      return { ...make, cores: cpus().length, memoryBytes: totalmem(), freeDiskBytes };
    },
    addresses: () => addressesOf(networkInterfaces()),
    routers: () => routers(run, programs, idle()),
    freeDisk,
    // Windows itself counts what it would give back at once as free.
    availableMemory: async () => freemem(),
    dataFolder: engineFolder,
    power,
    isMetered: (asking) => isMetered(run, programs, asking),
    isAdministrator() {
      // Neither yes nor no: whoever asks has to say that it could not be found out.
      if (!own) throw new ProblemError('unexpected', { detail: 'whoami' }, ['try-again', 'open-log']);
      return own.isElevated;
    },
    async knownFolders() {
      const now = (await lookAround(run, programs, environment, idle())) ?? first;
      return gatherFolders(home, {
        personal: now?.personal ?? [],
        synced: now?.synced ?? [],
        secrets: [join(home, 'AppData')],
      });
    },
    realPath,
    makeFolder,
    portHolder: createPortHolder(run, programs),
    // On every address nothing may listen unasked: Windows shows the person its firewall's question.
    isPortFree: async (port) => !(await accepts(port)) && canListen('127.0.0.1', port),
    extraCertificates: () => windowsCertificates(run, programs, Date.now(), idle()),
    proxy: () => proxyFrom({ ...(first?.proxy ?? {}), ...environment }),
  };
}

/** How long a program of this computer may take to accept (ms): it does at once, or is in no state to. */
const acceptTimeout = 1_000;

/** Whether somebody accepts connections there: whoever listens on every address does it here, too. */
async function accepts(port: number): Promise<boolean> {
  const signal = new AbortController().signal;
  return (await network.connect('127.0.0.1', port, { timeoutMs: acceptTimeout, signal })) === 'open';
}
