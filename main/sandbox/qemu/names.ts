/** Names and places of ClawCove's virtual machine; pure. */
import { join } from 'node:path';
import type { Connection } from '../ssh/arguments.ts';

export const machineName = 'clawcove-openclaw';
export const qemuProgram = 'qemu-system-x86_64';

/** Where the shared folder is inside, and the name by which the guest finds it. */
export const sharedInside = '/srv/shared';
export const sharedTag = 'shared';

/** QEMU's user network answers under this address, and hands connections on to the loopback of where it runs. */
export const hostAsSeenInside = '10.0.2.2';

/**
 * Where the guest asks for names: pasta hands the questions on to this computer's own resolver,
 * wherever that is. QEMU's would read this computer's resolv.conf, whose 127.0.0.53 is nobody in the jail.
 */
export const resolver = '169.254.1.1';

/** How this computer's SSH knows the machine, whatever its port: the name in our own known_hosts. */
export const hostAlias = 'clawcove-home';

/** All of the machine's files, in one folder that nobody but the person may open. */
export interface Places {
  readonly folder: string;
  /** What it was made as, see record.ts. */
  readonly record: string;
  /** Debian's image as it was verified; never written to. */
  readonly base: string;
  /** All that was written until the last stop in good order, on {@link base}. */
  readonly good: string;
  /** What was written since, on {@link good}. */
  readonly disk: string;
  /** A second {@link base}, for when something has happened to the first: its makers don't offer the same one for ever. */
  readonly spareBase: string;
  /** Is there from a stop in good order until the next start: what was written may become part of {@link good}. */
  readonly endedWell: string;
  /** The same file once it did: from then on {@link good} is a machine to go back to, as old as this file. */
  readonly keptWell: string;
  /** What the guest reads at its first start, and never again. */
  readonly seed: string;
  readonly hostKey: string;
  readonly clientKey: string;
  readonly knownHosts: string;
  /** What the console printed, as far as it was fetched. */
  readonly console: string;
  /** What QEMU itself, and the jail, said. */
  readonly words: string;
  readonly qmp: string;
  readonly ssh: string;
  /** During which start of this computer its virtualization was seen not to work. */
  readonly verdict: string;
}

const folderName = 'vm';
/** What is left of machines of which nothing could be used any more is kept beside the one that counts. */
export const isSetAside = (name: string): boolean => name.startsWith(`${folderName}.damaged-`);
/** @param at ms since 1970 */
export const setAsideName = (dataFolder: string, at: number): string =>
  join(dataFolder, `${folderName}.damaged-${at}`);

/** @param dataFolder ClawCove's own folder */
export function placesIn(dataFolder: string): Places {
  const folder = join(dataFolder, folderName);
  const at = (name: string) => join(folder, name);
  return {
    folder,
    record: at('machine.json'),
    base: at('base.qcow2'),
    good: at('good.qcow2'),
    disk: at('disk.qcow2'),
    spareBase: at('base-spare.qcow2'),
    endedWell: at('ended-well'),
    keptWell: at('kept-well'),
    seed: at('seed.img'),
    hostKey: at('host-key'),
    clientKey: at('client-key'),
    knownHosts: at('known-hosts'),
    console: at('console.log'),
    words: at('qemu.log'),
    qmp: at('qmp.sock'),
    ssh: at('ssh'),
    verdict: at('no-virtualization'),
  };
}

/** @param port where it listens on 127.0.0.1 */
export function connectionTo({ clientKey, knownHosts, ssh }: Places, port: number): Connection {
  return { host: '127.0.0.1', port, alias: hostAlias, clientKey, knownHosts, socket: ssh, forwards: [] };
}
