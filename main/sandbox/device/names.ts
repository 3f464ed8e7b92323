/** Names and places of a computer that is there for nothing but OpenClaw, reached over SSH; pure. */
import { join } from 'node:path';
import type { OtherComputer } from '../../contract.ts';
import { kept } from '../distro/names.ts';
import type { Connection } from '../ssh/arguments.ts';

/** How this computer's SSH knows the other one, whatever its address: the name in our own known_hosts. */
const hostAlias = 'clawcove-computer';

/**
 * The agent's number there. That of its person, who was there before, is usually 1000; this one is beyond those
 * that systems give to people, and before those that systemd gives away. Source: systemd's UIDS-GIDS.
 */
export const agentId = 58_789;

/** A folder of that computer's own: no folder of this one can be seen there. */
export const sharedThere = `${kept}/shared`;

export const inboundFile = '/etc/clawcove/inbound.nft';
export const inboundUnit = 'clawcove-inbound.service';

/** All that this computer keeps of the other one, in a folder that nobody but the person may open. */
export interface Places {
  readonly folder: string;
  readonly record: string;
  readonly clientKey: string;
  readonly knownHosts: string;
  readonly socket: string;
  /** A program that hands ssh an answer from its environment; it holds none itself. */
  readonly answerer: string;
}

/** @param dataFolder ClawCove's own folder */
export function placesIn(dataFolder: string): Places {
  const folder = join(dataFolder, 'computer');
  const at = (name: string) => join(folder, name);
  return {
    folder,
    record: at('computer.json'),
    clientKey: at('client-key'),
    knownHosts: at('known-hosts'),
    socket: at('ssh'),
    answerer: at('answer'),
  };
}

/** @param gatewayPort that leads there; null: none yet */
export function connectionTo(
  { clientKey, knownHosts, socket }: Places,
  { host, port }: OtherComputer,
  gatewayPort: number | null,
): Connection {
  const forwards = gatewayPort === null ? [] : [gatewayPort];
  return { host, port, alias: hostAlias, clientKey, knownHosts, socket, forwards };
}
