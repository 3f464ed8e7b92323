import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listen } from './listen.ts';

async function visit(port: number, words: string | Buffer): Promise<void> {
  const guest = connect(port, '127.0.0.1', () => guest.write(words));
  // Who is shown out while speaking is told so by an error.
  guest.on('error', () => {});
  await new Promise((resolve) => guest.on('close', resolve));
}

async function opened() {
  const listener = await listen('127.0.0.1');
  if (!listener) throw new Error('nobody listens');
  return listener;
}

describe('listening for a while', () => {
  it('hears who comes, on a port of its own', async () => {
    const [one, other] = [await opened(), await opened()];
    expect(one.port).not.toBe(other.port);
    await visit(one.port, 'hello');
    expect(one.untrustedHeard()).toEqual(['hello']);
    expect(other.untrustedHeard()).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  it('cuts what is said, and is not filled up', async () => {
    const listener = await opened();
    await visit(listener.port, Buffer.alloc(1_000_000, 'x'));
    for (let guest = 0; guest < 60; guest++) await visit(listener.port, 'again');
    expect(listener.untrustedHeard()[0]).toBe('x'.repeat(100));
    expect(listener.untrustedHeard()).toHaveLength(50);
    await listener.close();
  });

  it('is over when closed, whoever is still there', async () => {
    const listener = await opened();
    const silent = connect(listener.port, '127.0.0.1');
    silent.on('error', () => {});
    await once(silent, 'connect');
    await listener.close();
    const late = connect(listener.port, '127.0.0.1');
    expect(await once(late, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  it('says so where nobody can listen', async () => {
    expect(await listen('192.0.2.1')).toBeNull();
  });
});
