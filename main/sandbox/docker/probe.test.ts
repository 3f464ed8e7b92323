import { describe, expect, it } from 'vitest';
import type { Exited } from '../container/call.ts';
import { fixture } from '../fixtures.ts';
import { engineStateFrom, hostFrom, infoFrom, isLocal, meansFrom, stateWithoutInfo } from './probe.ts';

const exited = (code: number, stdout = '', stderr = ''): Exited => ({
  is: 'exited',
  code,
  stdout,
  stderr,
  truncated: false,
});
const rootful = JSON.parse(fixture('docker-info.rootful-20.10.recorded.json'));
const desktop = JSON.parse(fixture('docker-info.desktop.constructed.json'));
const read = (info: object) => {
  const found = infoFrom(exited(0, JSON.stringify(info)));
  if (!found) throw new Error('not read');
  return found;
};
const options = (...SecurityOptions: string[]) => ({ ...rootful, SecurityOptions });

/** An answer as it was recorded: the command, its code, and both streams. */
function recorded(name: string): Exited {
  const [, code = '', stdout = '', stderr = ''] =
    /--- exit: (\d+)\n--- stdout\n([\s\S]*)--- stderr\n([\s\S]*)/.exec(fixture(name)) ?? [];
  return exited(Number(code), stdout, stderr);
}

describe('an engine that answers', () => {
  it('is ready, and says of itself what a rootful one is', () => {
    expect(engineStateFrom(read(rootful))).toEqual({
      is: 'ready',
      version: '20.10.24+dfsg1',
      limits: 'enforced',
      notes: ['engine-controls-computer', 'engine-shares-users'],
    });
  });

  it.each([
    ['rootless', options('name=seccomp,profile=default', 'name=rootless'), []],
    [
      'one that numbers users anew',
      options('name=seccomp,profile=default', 'name=userns'),
      ['engine-controls-computer'],
    ],
    ['Docker Desktop', { DockerRootDir: '/var/lib/docker', CpuCfsQuota: true, ...desktop }, []],
  ])('has other things said of it where it is %s', (_, info, notes) => {
    expect(engineStateFrom(read(info))).toMatchObject({ is: 'ready', notes });
  });

  it('holds nothing to limits without a cgroup of its own', () => {
    const info = read({ ...options('name=seccomp', 'name=rootless'), CgroupDriver: 'none' });
    expect(engineStateFrom(info)).toMatchObject({ is: 'ready', limits: 'not-enforced' });
    expect(meansFrom(info).limits).toEqual({ memory: false, pids: false, cpu: false });
  });

  it.each([
    [
      { ...rootful, ServerVersion: '19.03.15' },
      { is: 'too-old', version: '19.03.15', needs: '20.10.0' },
    ],
    [{ ...rootful, OSType: 'windows' }, { is: 'broken' }],
    [options('name=apparmor'), { is: 'broken' }],
  ])('can’t carry a home where it lacks something', (info, state) => {
    expect(engineStateFrom(read(info))).toMatchObject(state);
  });

  it('counts processes of a home alone only where it has users of its own', () => {
    expect(meansFrom(read(rootful))).toMatchObject({ arch: 'amd64', countsProcessesPerHome: false });
    const own = options('name=seccomp', 'name=userns');
    expect(meansFrom(read(own)).countsProcessesPerHome).toBe(true);
    expect(meansFrom(read({ ...own, KernelVersion: '5.10.0-28-amd64' })).countsProcessesPerHome).toBe(false);
  });
});

describe('an engine that does not answer', () => {
  it.each([
    ['docker-info.daemon-down.recorded.txt', { is: 'asleep' }],
    ['docker-info.permission-denied.recorded.txt', { is: 'not-allowed' }],
  ])('%s', (name, state) => {
    const answer = recorded(name);
    // It prints an answer of zeros all the same.
    expect(answer.stdout).toContain('"ServerVersion":""');
    expect(infoFrom(answer)).toBeNull();
    expect(stateWithoutInfo(answer)).toEqual(state);
  });

  it.each([
    [
      'error during connect: Get "http://%2F%2F.%2Fpipe%2FdockerDesktopLinuxEngine/v1.51/info": open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.',
      { is: 'asleep' },
    ],
    [
      'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
      { is: 'not-allowed' },
    ],
    ['Error response from daemon: no', { is: 'broken', detail: 'no' }],
  ])('%s', (stderr, state) => {
    expect(stateWithoutInfo(exited(1, '', stderr))).toEqual(state);
  });
});

describe('the engine that the person chose', () => {
  it('is read from their context', () => {
    const contexts = [
      { Name: 'rootless', Endpoints: { docker: { Host: 'unix:///run/user/1000/docker.sock' } } },
    ];
    expect(hostFrom(exited(0, JSON.stringify(contexts)))).toBe('unix:///run/user/1000/docker.sock');
    expect(hostFrom(exited(1, '[]', 'context "x": not found'))).toBeNull();
    expect(hostFrom(exited(0, 'no json'))).toBeNull();
  });

  it.each([
    ['unix:///var/run/docker.sock', true],
    ['npipe:////./pipe/dockerDesktopLinuxEngine', true],
    ['tcp://192.168.1.5:2375', false],
    ['ssh://ada@server', false],
  ])('%s is of this computer: %s', (host, expected) => {
    expect(isLocal(host)).toBe(expected);
  });
});
