import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../problem.ts';
import { network } from './network.ts';

const idle = () => new AbortController().signal;

async function serving<T>(listener: RequestListener, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
const get = (port: number, more: object = {}) =>
  network.get(`http://127.0.0.1:${port}/x`, { timeoutMs: 2_000, signal: idle(), ...more });
/** A port that nobody listens on. */
const freePort = () =>
  serving(
    () => {},
    async (port) => port,
  );

describe('asking over HTTP', () => {
  it('sends headers and gets status and body', async () => {
    const answer = await serving(
      (question, response) =>
        response.writeHead(401).end(`${question.headers.authorization} ${question.url}`),
      (port) => get(port, { headers: { Authorization: 'Bearer x' } }),
    );
    expect(answer).toEqual({ is: 'answered', status: 401, untrustedBody: 'Bearer x /x' });
  });

  it('follows nobody elsewhere', async () => {
    const answer = await serving(
      (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
      get,
    );
    expect(answer).toMatchObject({ is: 'answered', status: 302, untrustedLocation: 'http://127.0.0.1:1/' });
  });

  it('cuts a body that never ends', async () => {
    const answer = await serving((_, response) => {
      const more = () => response.write('x'.repeat(10_000), more);
      more();
    }, get);
    expect(answer.is === 'answered' && answer.untrustedBody.length).toBe(65_536);
  });

  it('tells silence, refusal and nonsense apart', async () => {
    expect(await get(await freePort())).toEqual({ is: 'refused' });
    expect(
      await serving(
        () => {},
        (port) => get(port, { timeoutMs: 100 }),
      ),
    ).toEqual({ is: 'timed-out' });
    const drip = await serving(
      (_, response) => void response.writeHead(200).write('x'),
      (port) => get(port, { timeoutMs: 100 }),
    );
    expect(drip).toEqual({ is: 'timed-out' });
    const cut = await serving((question) => question.socket.destroy(), get);
    expect(cut).toEqual({ is: 'failed', detail: 'ECONNRESET' });
    const nonsense = await serving((question) => question.socket.end('SSH-2.0-x\r\n\r\n'), get);
    expect(nonsense.is).toBe('failed');
  });

  it('stops when cancelled', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(
      serving(
        () => {},
        (port) => get(port, { signal: abort.signal }),
      ),
    ).rejects.toBeInstanceOf(Cancelled);
    await expect(get(1, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('asking for a name', () => {
  const ask = (host: string) => network.resolve(host, { timeoutMs: 5_000, signal: idle() });

  it('answers with IPv4 addresses, and with none where nobody knows it', async () => {
    expect(await ask('192.168.1.20')).toEqual(['192.168.1.20']);
    expect(await ask('localhost')).toEqual(['127.0.0.1']);
    expect(await ask('no-such-name.invalid')).toEqual([]);
    expect(await ask('[::1]')).toEqual([]);
  });

  it('stops when cancelled', async () => {
    const options = { timeoutMs: 500, signal: AbortSignal.abort() };
    await expect(network.resolve('localhost', options)).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('knocking at a port', () => {
  const knock = (address: string, port: number) =>
    network.connect(address, port, { timeoutMs: 500, signal: idle() });

  it('tells who opens and who refuses', async () => {
    expect(
      await serving(
        () => {},
        (port) => knock('127.0.0.1', port),
      ),
    ).toBe('open');
    expect(
      await serving(
        () => {},
        (port) => knock('127.0.0.2', port),
      ),
    ).toBe('refused');
    expect(await knock('127.0.0.1', await freePort())).toBe('refused');
    expect(await knock('not an address', 80)).toBe('unreachable');
  });

  it('stops when cancelled', async () => {
    const options = { timeoutMs: 500, signal: AbortSignal.abort() };
    await expect(network.connect('127.0.0.1', 80, options)).rejects.toBeInstanceOf(Cancelled);
  });
});
