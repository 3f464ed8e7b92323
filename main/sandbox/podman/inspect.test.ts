import { describe, expect, it } from 'vitest';
import { fixture } from '../fixtures.ts';
import { parseContainer } from './inspect.ts';
import { entry } from './names.ts';

const home = fixture('inspect.home-4.3.1.recorded.json');

/** The recorded home with something changed in it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever Podman prints
function changed(change: (container: any) => void): string {
  const [container] = JSON.parse(home);
  change(container);
  return JSON.stringify([container]);
}

describe('what Podman says about a home of ours', () => {
  it('comes in the normal form', () => {
    const { inspection, ...driver } = parseContainer(home);
    expect(driver).toMatchObject({
      name: 'clawcove-openclaw',
      isOurs: true,
      isPaused: false,
      specDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(driver.pid).toBeGreaterThan(1);
    expect(inspection).toMatchObject({
      is: 'present',
      state: 'running',
      exitCode: null,
      version: '2026.9.6',
      user: '1000:1000',
      privileged: false,
      addedCapabilities: [],
      noNewPrivileges: true,
      readOnlyRoot: true,
      hostNamespaces: [],
      ports: [{ address: '127.0.0.1', port: 18_799, insidePort: 18_799 }],
      limits: { memoryBytes: 0, pids: 0, cpus: 0 },
      secrets: ['clawcove-gateway'],
      hostname: 'openclaw-home',
      command: ['sleep', '600'],
    });
    expect(inspection.imageDigest).toMatch(/^sha256:/);
    expect(inspection.startedAt).toBeGreaterThan(1_700_000_000_000);
  });

  it('names mounts by what is behind them', () => {
    const { mounts } = parseContainer(home).inspection;
    expect(mounts.map(({ kind, target }) => `${kind} ${target}`).sort()).toEqual([
      'bind /home/node/shared',
      'tmpfs /run',
      'tmpfs /tmp',
      'volume /home/node/.cache',
      'volume /home/node/.openclaw',
    ]);
    expect(mounts.find(({ kind }) => kind === 'bind')?.source).toBe('/home/anna/sh');
    expect(mounts.find(({ target }) => target.endsWith('.openclaw'))?.source).toBe('clawcove-openclaw-state');
  });

  it('comes in the same form from Podman 5', () => {
    const read = (version: string) => {
      const { inspection, isOurs } = parseContainer(fixture(`inspect.home-${version}.recorded.json`));
      const targets = inspection.mounts.map(({ target }) => target).sort();
      // What differs from one day to the other.
      return { ...inspection, isOurs, mounts: targets, startedAt: null, imageDigest: '', image: '' };
    };
    expect(read('5.4.2')).toEqual(read('4.3.1'));
  });

  it.each([
    ['created', '0001-01-01T00:00:00Z', 0, 'stopped', null],
    ['exited', '2026-11-22T16:00:00Z', 78, 'stopped', 78],
    ['stopped', '2026-11-22T16:00:00Z', 137, 'stopped', 137],
    ['running', '0001-01-01T00:00:00Z', 0, 'running', null],
    ['paused', '0001-01-01T00:00:00Z', 0, 'running', null],
    ['stopping', '2026-11-22T16:00:00Z', 1, 'running', null],
  ])('understands the status %s', (status, finished, code, state, exitCode) => {
    const json = changed(({ State }) =>
      Object.assign(State, { Status: status, FinishedAt: finished, ExitCode: code }),
    );
    expect(parseContainer(json).inspection).toMatchObject({ state, exitCode });
  });

  it('tells limits where the kernel takes them', () => {
    const json = changed(({ HostConfig }) =>
      Object.assign(HostConfig, { Memory: 3_221_225_472, PidsLimit: 512, NanoCpus: 1_500_000_000 }),
    );
    expect(parseContainer(json).inspection.limits).toEqual({
      memoryBytes: 3_221_225_472,
      pids: 512,
      cpus: 1.5,
    });
  });

  it('leaves a command alone that is not wrapped as ours are', () => {
    const json = changed(({ Config }) => {
      Config.Cmd = ['/bin/sh', '-c', 'something else'];
    });
    expect(parseContainer(json).inspection.command).toEqual(['/bin/sh', '-c', 'something else']);
    expect(entry.withSecrets(['a', 'b']).slice(-2)).toEqual(['a', 'b']);
  });

  it('refuses what it does not know', () => {
    expect(() => parseContainer('[]')).toThrow();
    expect(() => parseContainer('{"a": 1}')).toThrow();
    expect(() => parseContainer('Error: no')).toThrow(SyntaxError);
    expect(() =>
      parseContainer(changed((container) => Object.assign(container, { State: 'running' }))),
    ).toThrow();
  });
});

describe('what Podman says about others', () => {
  it('shows an open one as it is', () => {
    const { isOurs, inspection } = parseContainer(fixture('inspect.open-foreign-4.3.1.recorded.json'));
    expect(isOurs).toBe(false);
    expect(inspection).toMatchObject({
      noNewPrivileges: false,
      readOnlyRoot: false,
      state: 'stopped',
      user: 'node',
    });
    expect(inspection.addedCapabilities).toContain('CAP_NET_ADMIN');
    expect(inspection.addedCapabilities).toContain('CAP_CHOWN');
    expect(inspection.ports).toEqual([
      { address: '0.0.0.0', port: 18_790, insidePort: 18_790 },
      { address: '0.0.0.0', port: 18_791, insidePort: 18_791 },
      { address: '::', port: 18_792, insidePort: 18_792 },
    ]);
    expect(inspection.mounts).toContainEqual({ source: '', target: '/x', kind: 'tmpfs', writable: false });
  });

  it('shows a privileged one in the namespaces of this computer', () => {
    const { inspection } = parseContainer(fixture('inspect.privileged-host-4.3.1.recorded.json'));
    expect(inspection).toMatchObject({ privileged: true, hostNamespaces: ['network', 'pid', 'uts'] });
    expect(inspection.addedCapabilities).toContain('CAP_SYS_ADMIN');
    expect(inspection.mounts.filter(({ kind }) => kind === 'bind')).toEqual([
      { source: '/home/anna/sh', target: '/data', kind: 'bind', writable: true },
      { source: '/run/user/1005', target: '/run/host', kind: 'bind', writable: false },
    ]);
  });

  it('reads what somebody else recorded', () => {
    const { isOurs, inspection } = parseContainer(fixture('inspect.hardened-rootless.recorded.json'));
    expect(isOurs).toBe(false);
    expect(inspection).toMatchObject({ addedCapabilities: [], noNewPrivileges: true, readOnlyRoot: true });
  });
});
