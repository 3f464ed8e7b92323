import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';

/** How long the browser has to come for the address (ms). */
const lifetime = 60_000;

/** Who sits at the other end of a connection on 127.0.0.1. */
export type Peer = 'this-person' | 'somebody-else' | 'unknowable';

/**
 * Finds in the kernel's table of TCP connections whose end has `peerPort` and
 * leads to `ownPort`; pure.
 *
 * @param tables contents of /proc/net/tcp and tcp6
 */
export function ownerOf(tables: readonly string[], peerPort: number, ownPort: number): number | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of tables.flatMap((table) => table.split('\n').slice(1))) {
    const [, local = '', remote = '', , , , , uid] = line.trim().split(/\s+/);
    if (local.endsWith(`:${hex(peerPort)}`) && remote.endsWith(`:${hex(ownPort)}`)) return Number(uid);
  }
  return null;
}

/** Whether the other end belongs to the person who runs ClawCove; only Linux tells. */
async function peerOf({ remotePort, localPort }: IncomingMessage['socket']): Promise<Peer> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  if (tables.every((table) => table === '') || process.getuid === undefined) return 'unknowable';
  const owner = ownerOf(tables, remotePort ?? 0, localPort ?? 0);
  return owner === process.getuid() ? 'this-person' : 'somebody-else';
}

/**
 * Opens an address that holds a secret in the person's browser. A program's
 * arguments can be read by everybody on the computer, so the browser is started
 * with the address of a passing server of ours instead, which sends the first
 * one who asks on to the real address: once, within a minute, and only if that
 * one is a program of the same person.
 *
 * @param open starts the browser with a harmless address
 */
export async function openSecretPage(
  url: string,
  open: (url: string) => Promise<void>,
  judge: (socket: IncomingMessage['socket']) => Promise<Peer> = peerOf,
): Promise<void> {
  const path = `/${randomBytes(24).toString('base64url')}`;
  let isUsed = false;
  const server = createServer(async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Connection', 'close');
    const isAsked =
      request.method === 'GET' && request.url === path && request.headers.host === `127.0.0.1:${port()}`;
    if (!isAsked || (await judge(request.socket)) === 'somebody-else' || isUsed) {
      response.writeHead(404).end();
      return;
    }
    isUsed = true;
    response.writeHead(302, { Location: url }).end();
    server.close();
  });
  const port = () => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that waits for a browser is no reason to keep ClawCove from quitting.
  server.unref();
  setTimeout(() => server.close(), lifetime).unref();
  try {
    await open(`http://127.0.0.1:${port()}${path}`);
  } catch (error) {
    server.close();
    throw error;
  }
}
