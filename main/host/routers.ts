/** The way out of this computer's networks. */
import { endianness } from 'node:os';
import { readBounded } from './files.ts';

/** RTF_GATEWAY of Linux's route.h. */
const byGateway = 0x2;

/**
 * The routers in the kernel's table of routes, each once; null stands for a table that can't be read.
 * Addresses stand in the processor's order. Pure. Source: proc(5).
 */
export function routersFrom(table: string | null): string[] {
  const found = (table ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, destination, , flags = '']) => destination === '00000000' && Number.parseInt(flags, 16) & byGateway,
    )
    .map(([, , router = '']) => router)
    .filter((router) => /^[0-9A-F]{8}$/i.test(router))
    .map((router) => Buffer.from(router, 'hex'))
    .map((bytes) => [...(endianness() === 'LE' ? bytes.reverse() : bytes)].join('.'));
  return [...new Set(found)];
}

/** IPv4 addresses of the routers that this computer's networks lead out through. */
export async function routers(): Promise<string[]> {
  return routersFrom(await readBounded('/proc/net/route'));
}
