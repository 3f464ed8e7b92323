/** Ways out of this computer for what ClawCove itself asks and fetches. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Who makes the connection for an address: `false` is nobody in particular, straight there. */
export type AgentFor = (url: string) => HttpAgent | false;

/** Nobody in between. */
export const directly: AgentFor = () => false;

/** This computer's own addresses, the gateway's above all: no proxy knows them. */
const isOwn = (host: string) => /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/i.test(host);

/**
 * By the person's proxy. An Electron whose Node is from before 24.5 doesn't know how, and goes straight.
 *
 * @param proxy as environment variables; asked anew each time: it is found out after somebody may have asked
 */
export function byProxy(proxy: () => Readonly<Record<string, string>>): AgentFor {
  return (url) => {
    const proxyEnv = proxy();
    const { protocol, hostname } = new URL(url);
    if (Object.keys(proxyEnv).length === 0 || isOwn(hostname)) return false;
    // No connection is kept: each question is one of its own.
    return protocol === 'https:'
      ? new HttpsAgent({ proxyEnv, keepAlive: false })
      : new HttpAgent({ proxyEnv, keepAlive: false });
  };
}
