/** Listens for a while, and notes what those who come say first. */
import { createServer, type Socket } from 'node:net';
import type { Listener } from '../doors.ts';

/** More visitors than that are turned away, and what they say is cut (bytes). */
const mostVisitors = 50;
const longestWord = 100;
/** Who says nothing is shown out (ms). */
const patience = 5_000;

/** Listens on a free port of an address of this computer; null where that can't be. */
export function listen(address: string): Promise<Listener | null> {
  const heard: string[] = [];
  const guests = new Set<Socket>();
  const server = createServer((guest) => {
    guests.add(guest);
    guest.setTimeout(patience, () => guest.destroy());
    guest.on('error', () => guest.destroy());
    guest.on('close', () => guests.delete(guest));
    if (heard.length >= mostVisitors) guest.destroy();
    else
      guest.once('data', (words) => {
        heard.push(words.subarray(0, longestWord).toString('latin1'));
        guest.destroy();
      });
  });
  server.maxConnections = mostVisitors;
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ host: address, port: 0, exclusive: true }, () => {
      const at = server.address();
      if (at === null || typeof at === 'string') return resolve(null);
      resolve({
        port: at.port,
        untrustedHeard: () => heard,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const guest of guests) guest.destroy();
          }),
      });
    });
  });
}
