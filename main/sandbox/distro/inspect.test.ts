import { describe, expect, it } from 'vitest';
import { fixture } from '../fixtures.ts';
import { homeFrom, restingHome } from './inspect.ts';

/** Recorded with systemd 252 while the home ran; a zero byte is written out. */
const recorded = fixture('inspect.home-systemd-252.recorded.txt').replaceAll('<zero byte>\n', '\0');
const ports = [{ address: '127.0.0.1', port: 19_555, insidePort: 19_555 }];
const seen = { ports, sharedFolders: ['/home/ana/OpenClaw'] };
const read = (answer = recorded) => {
  const home = homeFrom(answer, seen);
  if (!home) throw new Error('no home');
  return home;
};
const changed = (from: string, to: string) => {
  expect(recorded).toContain(from);
  return read(recorded.replaceAll(from, to)).inspection;
};

describe('a home, as its system tells', () => {
  it('is read from a real one', () => {
    const { isAsMade, inspection } = read();
    expect(isAsMade).toBe(true);
    expect(inspection).toMatchObject({
      is: 'present',
      state: 'running',
      exitCode: null,
      restarts: 0,
      version: '2026.9.5',
      user: '1000:1000',
      privileged: false,
      addedCapabilities: [],
      noNewPrivileges: true,
      readOnlyRoot: true,
      ports,
      limits: { memoryBytes: 1024 ** 3, pids: 128, cpus: 1 },
      secrets: ['gateway', 'model-key'],
      hostname: 'openclaw-home',
    });
    expect(inspection.startedAt).toBeGreaterThan(Date.UTC(2026, 0));
    expect(inspection.mounts.filter(({ kind }) => kind === 'bind')).toEqual([
      { source: '/home/ana/OpenClaw', target: '/home/node/shared', kind: 'bind', writable: true },
    ]);
  });

  it('is not as it was made when somebody had a hand in it', () => {
    expect(read(recorded.replace('DropInPaths=', 'DropInPaths=/run/x.conf')).isAsMade).toBe(false);
    expect(read(recorded.replace('PrivateUsers=yes\n', 'PrivateUsers=no\n')).isAsMade).toBe(false);
  });

  it('shows what somebody has changed', () => {
    expect(changed('NoNewPrivileges=yes', 'NoNewPrivileges=no').noNewPrivileges).toBe(false);
    expect(changed('User=1000', 'User=root').user).toBe('root:1000');
    expect(changed('ProtectSystem=strict', 'ProtectSystem=no').readOnlyRoot).toBe(false);
    expect(
      changed('\nCapabilityBoundingSet=\n', '\nCapabilityBoundingSet=cap_chown cap_sys_admin\n'),
    ).toMatchObject({
      addedCapabilities: ['cap_chown', 'cap_sys_admin'],
    });
    expect(changed('\nTasksMax=128', '\nTasksMax=infinity').limits.pids).toBe(0);
  });

  it('tells how it ended', () => {
    const ended = recorded
      .replace('ActiveState=active', 'ActiveState=failed')
      .replace('ExecMainCode=0', 'ExecMainCode=1')
      .replace('ExecMainStatus=0', 'ExecMainStatus=78');
    expect(read(ended).inspection).toMatchObject({ state: 'stopped', exitCode: 78, startedAt: null });
  });

  it('sees every folder that its machine was given', () => {
    const sharedFolders = ['/home/ana/OpenClaw', '/home/ana/Documents'];
    const more = homeFrom(recorded, { ports, sharedFolders })?.inspection.mounts ?? [];
    expect(more.filter(({ kind }) => kind === 'bind').map(({ source }) => source)).toEqual(sharedFolders);
  });

  it('is not there without its note', () => {
    expect(homeFrom(recorded.slice(recorded.indexOf('\0')), seen)).toBeNull();
    expect(homeFrom('', seen)).toBeNull();
  });

  it('is what it was made as while its machine is asleep', () => {
    const { record } = read();
    expect(restingHome(record, { ports, sharedFolders: [] })).toMatchObject({
      state: 'stopped',
      user: '1000:1000',
      ports,
      mounts: [{ source: '/home/ana/OpenClaw', kind: 'bind' }],
    });
  });
});
