import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { byProxy } from './agents.ts';
import { createNetwork } from './network.ts';
import { createOpenStream } from './stream.ts';

const signal = () => new AbortController().signal;

/** A server, and a proxy that hands everything on to it, whoever is asked for. */
async function withProxy(use: (proxy: string, asked: string[], own: number) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.end('from the server'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const asked: string[] = [];
  const proxy = createServer((question, response) => {
    asked.push(`${question.method} ${question.url}`);
    response.end('from the proxy');
  });
  proxy.on('connect', (question, socket) => {
    asked.push(`CONNECT ${question.url}`);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, port);
  } finally {
    for (const each of [server, proxy]) {
      each.closeAllConnections();
      each.close();
    }
  }
}

describe('ways out by a proxy', () => {
  it('lead through it, and past it to this computer itself', () =>
    withProxy(async (proxy, asked, own) => {
      const agentFor = byProxy(() => ({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy }));
      const { get } = createNetwork({ agentFor });
      const how = { timeoutMs: 5_000, signal: signal() };
      expect(await get('http://openclaw.example/x', how)).toMatchObject({ untrustedBody: 'from the proxy' });
      expect(await get(`http://127.0.0.1:${own}/x`, how)).toMatchObject({ untrustedBody: 'from the server' });
      expect(asked).toEqual(['GET http://openclaw.example/x']);
      // What answers behind it speaks no TLS; that it was asked for is enough.
      await createOpenStream(agentFor)('https://openclaw.example/y', { signal: signal() }).catch(() => {});
      expect(asked[1]).toBe('CONNECT openclaw.example:443');
    }));

  it('are straight where there is none', () => {
    expect(byProxy(() => ({}))('https://openclaw.example/')).toBe(false);
  });
});
