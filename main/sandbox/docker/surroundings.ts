/** What can be seen of this computer from within a container; pure. */
import { isIPv4 } from 'node:net';
import { agentUser } from '../container/names.ts';
import { idOutside } from '../observe/proc.ts';

/**
 * The agent's number on this computer: its own on a rootful Docker, one of the person's subordinate ones on a
 * rootless one.
 *
 * @param uidMap a container's /proc/self/uid_map
 */
export function agentOutside(uidMap: string): number {
  const outside = idOutside(uidMap, Number.parseInt(agentUser, 10));
  if (outside === null) throw new Error('the agent is nobody on this computer');
  return outside;
}

/**
 * Where the engine asks for names on a container's behalf, from within that one's network: IPv4 addresses. It asks those
 * of this computer's own by itself, outside; they are not among them.
 *
 * @param resolvConf a container's, of one without a network: there Docker has put what it took from the computer
 */
export function resolversIn(resolvConf: string): string[] {
  const found = [...resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address = '']) => address);
  return [...new Set(found)].filter((address) => isIPv4(address) && !address.startsWith('127.'));
}
