import { describe, expect, it } from 'vitest';
import { fixture } from '../fixtures.ts';
import { parseContainer, withNetworkOf } from './inspect.ts';

const home = fixture('docker-inspect.home-20.10.recorded.json');
const guard = fixture('docker-inspect.guard-20.10.recorded.json');

/** A recorded container with something changed in it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever Docker prints
function changed(json: string, change: (container: any) => void): string {
  const [container] = JSON.parse(json);
  change(container);
  return JSON.stringify([container]);
}

describe('what Docker says about a home of ours', () => {
  const there = parseContainer(home);

  it('comes in the normal form', () => {
    expect(there).toMatchObject({
      name: 'clawcove-openclaw',
      isOurs: true,
      isPaused: false,
      pid: 0,
      networkOf: parseContainer(guard).id,
      specDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(there.inspection).toMatchObject({
      is: 'present',
      state: 'stopped',
      exitCode: null,
      startedAt: null,
      version: '2026.9.6',
      user: '1000:1000',
      privileged: false,
      addedCapabilities: [],
      noNewPrivileges: true,
      readOnlyRoot: true,
      hostNamespaces: [],
      limits: { memoryBytes: 1024 ** 3, pids: 128, cpus: 1.5 },
      secrets: ['clawcove-gateway', 'clawcove-model-key'],
      command: ['sleep', '600'],
      imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  it('has its guard’s port and name', () => {
    const whole = withNetworkOf(there.inspection, parseContainer(guard).inspection);
    expect(whole.ports).toEqual([{ address: '127.0.0.1', port: 18_799, insidePort: 18_799 }]);
    expect(whole.hostname).toBe('openclaw-home');
    expect(whole.hostNamespaces).toEqual([]);
    // What nobody can be asked about is not thought to be its own.
    expect(withNetworkOf(there.inspection, null).hostNamespaces).toEqual(['network']);
  });

  it('names mounts by what is behind them', () => {
    const { mounts } = there.inspection;
    expect(mounts.map(({ kind, target, writable }) => `${kind} ${target} ${writable}`).sort()).toEqual([
      'bind /home/node/shared true',
      'tmpfs /run true',
      'tmpfs /tmp true',
      'volume /home/node/.cache true',
      'volume /home/node/.openclaw true',
      'volume /run/clawcove/environment/OPENAI_API_KEY false',
      'volume /run/clawcove/gateway false',
    ]);
    expect(mounts.find(({ kind }) => kind === 'bind')?.source).toBe('/home/anna/sh');
  });

  it.each([
    ['created', '0001-01-01T00:00:00Z', 0, 'stopped', null],
    ['exited', '2026-11-22T16:00:00Z', 78, 'stopped', 78],
    ['running', '0001-01-01T00:00:00Z', 0, 'running', null],
    ['paused', '0001-01-01T00:00:00Z', 0, 'running', null],
    ['restarting', '2026-11-22T16:00:00Z', 1, 'running', null],
  ])('understands the status %s', (status, finished, code, state, exitCode) => {
    const json = changed(home, ({ State }) =>
      Object.assign(State, { Status: status, FinishedAt: finished, ExitCode: code }),
    );
    expect(parseContainer(json).inspection).toMatchObject({ state, exitCode });
  });

  it('counts the powers that nobody dropped', () => {
    const keeping = changed(home, ({ HostConfig }) => {
      HostConfig.CapDrop = ['CAP_NET_RAW'];
      HostConfig.CapAdd = ['sys_admin'];
    });
    const { addedCapabilities } = parseContainer(keeping).inspection;
    expect(addedCapabilities).toContain('CAP_SYS_ADMIN');
    expect(addedCapabilities).toContain('CAP_CHOWN');
    expect(addedCapabilities).not.toContain('CAP_NET_RAW');
  });
});

it('what Docker says about an open one is told as it is', () => {
  const { isOurs, networkOf, inspection } = parseContainer(
    fixture('docker-inspect.open-20.10.recorded.json'),
  );
  expect({ isOurs, networkOf }).toEqual({ isOurs: false, networkOf: null });
  expect(inspection).toMatchObject({
    privileged: true,
    addedCapabilities: ['ALL'],
    noNewPrivileges: false,
    readOnlyRoot: false,
    hostNamespaces: ['network', 'pid'],
    limits: { memoryBytes: 0, pids: 0, cpus: 0 },
  });
  expect(inspection.mounts).toContainEqual({
    source: '/etc',
    target: '/host-etc',
    kind: 'bind',
    writable: true,
  });
});

describe('whether two are made in the same way', () => {
  const { orders } = parseContainer(home);
  const ordersAfter = (change: Parameters<typeof changed>[1]) => parseContainer(changed(home, change)).orders;

  it('does not depend on names, on whose network it is, nor on how nothing is written', () => {
    expect(
      ordersAfter((container) => {
        container.Name = '/other';
        container.Id = 'f'.repeat(64);
        container.Config.Hostname = 'other';
        container.HostConfig.NetworkMode = `container:${'e'.repeat(64)}`;
        container.HostConfig.CapAdd = [];
        container.HostConfig.Links = null;
        container.Config.Env = [...container.Config.Env];
      }),
    ).toBe(orders);
  });

  it.each<[string, Parameters<typeof changed>[1]]>([
    ['a power', ({ HostConfig }) => void Object.assign(HostConfig, { CapAdd: ['SYS_ADMIN'] })],
    ['a namespace', ({ HostConfig }) => void Object.assign(HostConfig, { PidMode: 'host' })],
    ['no guard’s network', ({ HostConfig }) => void Object.assign(HostConfig, { NetworkMode: 'bridge' })],
    ['a folder', ({ HostConfig }) => void Object.assign(HostConfig, { Binds: ['/etc:/x'] })],
    [
      'a filter',
      ({ HostConfig }) =>
        void Object.assign(HostConfig, { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }),
    ],
    ['an environment', ({ Config }) => void Config.Env.push('A=b')],
    ['a command', ({ Config }) => void Object.assign(Config, { Cmd: ['sh'] })],
    [
      'an image under the same name',
      (container) => void Object.assign(container, { Image: `sha256:${'0'.repeat(64)}` }),
    ],
  ])('depends on %s', (_, change) => {
    expect(ordersAfter(change)).not.toBe(orders);
  });
});
