/** Which services nearby OpenClaw can't do without: what the fence around its network leaves open. */
import type { Choices } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { isNearAddress } from '../sandbox/fence.ts';
import type { Fence } from '../sandbox/sandbox.ts';
import { serverOf } from './models.ts';

/** Longer than this (ms) no name is waited for: an unknown one is not let through, and can be allowed later. */
const resolveTimeout = 3_000;

/** A service by name or IPv4 address, and its TCP port. */
export interface Service {
  readonly host: string;
  readonly port: number;
}

/** Ports that addresses leave unsaid. */
const usualPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks:': 1080,
  'socks4:': 1080,
  'socks5:': 1080,
  'socks5h:': 1080,
};

/** The service behind an address; null when it is none. A proxy may be written without `http://`. */
export function serviceAt(address: string): Service | null {
  const whole = /^[a-z\d]+:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(whole)) return null;
  const { hostname: host, port: written, protocol } = new URL(whole);
  const port = Number(written || usualPorts[protocol]);
  return host !== '' && port > 0 ? { host, port } : null;
}

/** The proxies among environment variables; both spellings say the same. */
function proxiesIn(proxy: Readonly<Record<string, string>>): string[] {
  return Object.entries(proxy).flatMap(([name, value]) =>
    /^(?:https?|all)_proxy$/.test(name) ? [value] : [],
  );
}

/** What OpenClaw is to reach by this computer's settings and the person's choices, wherever it lies; pure. */
export function wantedServices(
  { model, nearbyServices }: Pick<Choices, 'model' | 'nearbyServices'>,
  proxy: Readonly<Record<string, string>>,
): Service[] {
  const addresses = [
    ...(model.provider === 'custom' ? [model.baseUrl] : []),
    ...proxiesIn(proxy),
    ...nearbyServices,
  ];
  return addresses.map(serviceAt).filter((service) => service !== null);
}

/**
 * What on the internet OpenClaw needs first: whoever passes its questions on, else the server of its AI service.
 * Null: there is none yet. Pure.
 */
export function internetService(
  { model }: Pick<Choices, 'model'>,
  proxy: Readonly<Record<string, string>>,
): Service | null {
  const address = proxiesIn(proxy)[0] ?? serverOf(model);
  return address === null ? null : serviceAt(address);
}

/** Asks who is meant by names, and puts the fence together: the same facts always give the same one. */
export async function gatherFence(
  { computer, net, store }: Pick<Doors, 'computer' | 'net' | 'store'>,
  signal: AbortSignal,
): Promise<Fence> {
  const refused = computer
    .addresses()
    .filter((address) => !address.includes(':') && !isNearAddress(address))
    .sort();
  const found = await Promise.all(
    wantedServices(store.choices(), computer.proxy()).map(async ({ host, port }) => {
      const addresses = await net.resolve(host, { timeoutMs: resolveTimeout, signal });
      return addresses.map((address) => ({ address, port }));
    }),
  );
  const behind = ({ address }: Fence['allowed'][number]) =>
    isNearAddress(address) || refused.includes(address);
  const allowed = new Map(
    found
      .flat()
      .filter(behind)
      .map((way) => [`${way.address}:${way.port}`, way]),
  );
  return { refused, allowed: [...allowed.keys()].sort().flatMap((key) => allowed.get(key) ?? []) };
}
