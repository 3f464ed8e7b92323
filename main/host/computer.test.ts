import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createRun } from './command.ts';
import { addressesOf, availableFrom, createComputer } from './computer.ts';
import { environmentForPrograms } from './environment.ts';
import { createPortHolder, holderFrom, isPortFree } from './ports.ts';
import { proxyFrom } from './proxy.ts';
import { exited, strictRun } from './strict-run.ts';

const idle = new AbortController().signal;

async function listening<T>(host: string, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  try {
    return await use(address !== null && typeof address === 'object' ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('ports', () => {
  it('are free until somebody listens, on whichever address', async () => {
    const port = await listening('127.0.0.1', async (taken) => {
      expect(await isPortFree(taken)).toBe(false);
      return taken;
    });
    expect(await isPortFree(port)).toBe(true);
    await listening('0.0.0.0', async (taken) => expect(await isPortFree(taken)).toBe(false));
    await listening('::', async (taken) => expect(await isPortFree(taken)).toBe(false));
  });

  it('have a holder whose name is told as ss tells it', () => {
    const ss = [
      'LISTEN 0      511        127.0.0.1:18789      0.0.0.0:*    users:(("openclaw-gatewa",pid=2231,fd=22))',
      'LISTEN 0      511            [::1]:18790         [::]:*    users:(("a\u001b[31m",pid=7,fd=1))',
      'LISTEN 0      511          0.0.0.0:118789     0.0.0.0:*    users:(("wrong",pid=1,fd=1))',
      'LISTEN 0      511          0.0.0.0:18791      0.0.0.0:*',
    ].join('\n');
    expect(holderFrom(ss, 18_789)).toEqual({ program: 'openclaw-gatewa', pid: 2231 });
    expect(holderFrom(ss, 18_790)).toEqual({ program: 'a?[31m', pid: 7 });
    expect(holderFrom(ss, 18_791)).toBeNull();
    expect(holderFrom(ss, 80)).toBeNull();
    expect(holderFrom('', 80)).toBeNull();
  });

  it('have a holder in reality: ourselves', async () => {
    const holder = createPortHolder(createRun(environmentForPrograms(process.env)));
    await listening('127.0.0.1', async (port) => {
      expect(await holder(port, idle)).toEqual({ program: expect.stringMatching(/^node/), pid: process.pid });
    });
  });

  it('have no known holder where ss is missing or fails', async () => {
    for (const answer of [{ is: 'not-found' } as const, exited(1)])
      expect(await createPortHolder(strictRun({ 'ss …': answer }).run)(80, idle)).toBeNull();
  });
});

describe('this computer', () => {
  it('has addresses that others can reach, with the interface where it matters', () => {
    const address = (text: string, internal = false) =>
      ({
        address: text,
        internal,
        family: text.includes(':') ? 'IPv6' : 'IPv4',
        netmask: '',
        mac: '',
        cidr: null,
      }) as never;
    expect(
      addressesOf({
        lo: [address('127.0.0.1', true), address('::1', true)],
        eth0: [address('192.168.1.5'), address('fe80::1'), address('2001:db8::5')],
        down: undefined,
      }),
    ).toEqual(['192.168.1.5', 'fe80::1%eth0', '2001:db8::5']);
  });

  it('has memory as the kernel reckons it', () => {
    expect(availableFrom('MemTotal:  100 kB\nMemAvailable:   23000000 kB\n')).toBe(23_552_000_000);
    expect(availableFrom('MemTotal: 100 kB\n')).toBeNull();
    expect(availableFrom(null)).toBeNull();
  });

  it('can be looked at', async () => {
    const computer = createComputer({
      run: strictRun({}).run,
      environment: {},
      home: '/nowhere',
      configFolder: '/nowhere/.config',
      engineFolder: '/nowhere/.local/share/containers',
    });
    const seen = await computer.look(idle);
    expect(seen.systemName).toMatch(/\w/);
    expect(seen.cores).toBeGreaterThan(0);
    expect(seen.memoryBytes).toBeGreaterThan(100_000_000);
    expect(seen.freeDiskBytes).toBeGreaterThan(0);
    expect(await computer.availableMemory()).toBeGreaterThan(0);
    expect(computer.isAdministrator()).toBe(process.getuid?.() === 0);
  });
});

describe('the proxy', () => {
  it('is set in both spellings, from either', () => {
    expect(proxyFrom({ HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'localhost,.corp' })).toEqual({
      https_proxy: 'http://proxy:3128',
      HTTPS_PROXY: 'http://proxy:3128',
      no_proxy: 'localhost,.corp',
      NO_PROXY: 'localhost,.corp',
    });
  });

  it('is none where there is none, or only one on this computer itself', () => {
    expect(proxyFrom({})).toEqual({});
    expect(proxyFrom({ no_proxy: 'localhost' })).toEqual({});
    for (const local of [
      'http://127.0.0.1:7890',
      'socks5://localhost:1080',
      'http://me:pw@localhost:1',
      '[::1]:80',
    ])
      expect(proxyFrom({ http_proxy: local, no_proxy: 'x' })).toEqual({});
  });
});
