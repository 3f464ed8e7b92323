/** The way out of this computer's networks. */
import { readBounded } from './files.ts';

/** Reads /proc/net/route: one line for each route, addresses as hexadecimal numbers in the processor's order; pure. */
export function routersFrom(table: string): string[] {
  const found = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .map(([, destination, router = '']) => (destination === '00000000' ? router : ''))
    .filter((router) => /^[0-9A-F]{8}$/i.test(router) && router !== '00000000')
    .map((router) => [...Buffer.from(router, 'hex')].reverse().join('.'));
  return [...new Set(found)];
}

/** IPv4 addresses of the routers that this computer's networks lead out through. */
export async function routers(): Promise<string[]> {
  return routersFrom((await readBounded('/proc/net/route')) ?? '');
}
