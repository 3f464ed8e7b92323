import { describe, expect, it } from 'vitest';
import { fixture } from '../fixtures.ts';
import { hostDevices, hostMounts, parseMounts } from './mounts.ts';
import {
  hardLimit,
  idInside,
  limitFiles,
  listeningSockets,
  parseCgroups,
  parseStatus,
  smallestLimit,
} from './proc.ts';

const id = 'a6e5e5cabe5c974e8d1d7f96743444590c55b8025b7a1ce42083b77f19431012';

describe('a process, as the kernel tells', () => {
  it('is read from a real home', () => {
    expect(parseStatus(fixture('proc.status.recorded.txt'))).toMatchObject({
      name: 'tini',
      uid: 1005,
      effectiveUid: 1005,
      gid: 1005,
      effectiveCapabilities: 0n,
      boundingCapabilities: 0n,
      noNewPrivileges: true,
      seccomp: 2,
    });
  });

  it('counts as who it acts as: the real uid stays when a program runs as another', () => {
    const text = fixture('proc.status.recorded.txt').replace(
      /^Uid:.*$/m,
      'Uid:\t1005\t100000\t100000\t100000',
    );
    expect(parseStatus(text)).toMatchObject({ uid: 1005, effectiveUid: 100_000 });
  });

  it('is nothing when the text is not whole', () => {
    const whole = fixture('proc.status.recorded.txt');
    expect(parseStatus('')).toBeNull();
    expect(parseStatus(whole.replace(/^Seccomp:.*$/m, ''))).toBeNull();
    expect(parseStatus(whole.replace(/^Uid:.*$/m, 'Uid:\t1005'))).toBeNull();
    expect(parseStatus(whole.replace(/^CapBnd:.*$/m, 'CapBnd:\tx'))).toBeNull();
  });

  it('has the numbers of its own user namespace', () => {
    const map = fixture('proc.uid_map.recorded.txt');
    expect(idInside(map, 1005)).toBe(1000);
    expect(idInside(map, 362_144)).toBe(0);
    expect(idInside(map, 4_000_000)).toBe(65_534);
    expect(idInside('         0          0 4294967295', 0)).toBe(0);
  });

  it('has limits', () => {
    const limits = fixture('proc.limits.recorded.txt');
    expect(hardLimit(limits, 'Max processes')).toBe(512);
    expect(hardLimit(limits, 'Max data size')).toBe(19 * 1024 ** 3);
    expect(hardLimit(limits, 'Max address space')).toBeNull();
    expect(hardLimit(limits, 'Max nonsense')).toBeNull();
  });
});

describe('limits of a home as a whole', () => {
  it('are none where a home lives in the cgroup of who started it', () => {
    const cgroups = parseCgroups(fixture('proc.cgroup.recorded.txt'));
    expect(limitFiles(cgroups, id, 'memory')).toEqual([]);
  });

  it('are looked for in its own cgroups, of the new kind', () => {
    const scope = `user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`;
    expect(limitFiles(parseCgroups(`0::/${scope}/container\n`), id, 'pids')).toEqual([
      `/sys/fs/cgroup/${scope}/container/pids.max`,
      `/sys/fs/cgroup/${scope}/pids.max`,
    ]);
  });

  it('are looked for in its own cgroups, of the old kind', () => {
    const text = `4:memory:/machine/libpod-${id}\n3:cpu,cpuacct:/machine/libpod-${id}\n`;
    expect(limitFiles(parseCgroups(text), id, 'memory')).toEqual([
      `/sys/fs/cgroup/memory/machine/libpod-${id}/memory.limit_in_bytes`,
    ]);
    expect(limitFiles(parseCgroups(text), id, 'pids')).toEqual([]);
  });

  it('are the smallest of those in force', () => {
    expect(smallestLimit(['max\n', '512\n', '1024\n'])).toBe(512);
    expect(smallestLimit(['9223372036854771712\n', 'max\n', null, 'nonsense'])).toBeNull();
  });
});

describe('who listens', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4965 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31883 1 0
   1: 0100007F:4965 0100007F:A2C4 01 00000000:00000000 00:00000000 00000000  1000        0 31999 1 0
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41000 1 0`;

  it('is found by port, and only if it listens', () => {
    expect(listeningSockets([table], 18_789)).toEqual(['31883']);
    expect(listeningSockets([table, ''], 8080)).toEqual(['41000']);
    expect(listeningSockets([table], 9)).toEqual([]);
  });
});

describe('what of this computer can be seen in a home', () => {
  const inside = parseMounts(fixture('proc.mountinfo.recorded.txt'));
  const outside = parseMounts(fixture('proc.host-mountinfo.recorded.txt'));
  const engine = ['/home/anna/.local/share/containers/storage', '/run/user/1005/containers'];
  const withLine = (line: string) => hostMounts([...inside, ...parseMounts(line)], outside, engine);

  it('is the shared folder of a real home, and nothing else', () => {
    expect(hostMounts(inside, outside, engine)).toEqual([
      { target: '/home/node/shared', writable: true, source: '/home/anna/sh' },
    ]);
    expect(inside.find(({ target }) => target === '/')).toMatchObject({ writable: false, type: 'overlay' });
  });

  it.each([
    ['another folder', '1 2 254:0 /home/anna/Documents /docs rw - ext4 /dev/vda rw', '/home/anna/Documents'],
    [
      'a folder with a space',
      '1 2 254:0 /home/anna/my\\040docs /docs rw - ext4 /dev/vda rw',
      '/home/anna/my docs',
    ],
    ['the whole disk', '1 2 254:0 / /host ro - ext4 /dev/vda rw', '/'],
    ['shared memory', '1 2 0:27 / /dev/shm2 rw - tmpfs tmpfs rw', '/dev/shm'],
  ])('is %s, too, when somebody mounts it', (_, line, source) => {
    const added = withLine(line).filter(({ target }) => target !== '/home/node/shared');
    expect(added).toHaveLength(1);
    expect(added[0]?.source).toBe(source);
  });

  it('tells devices from files', () => {
    const device = '1 2 0:6 /vda /dev/vda rw - devtmpfs devtmpfs rw';
    expect(withLine(device)).toEqual(hostMounts(inside, outside, engine));
    expect(hostDevices(inside)).toEqual([]);
    expect(hostDevices([...inside, ...parseMounts(device)])).toEqual(['/dev/vda']);
    // The whole of them.
    expect(hostDevices(parseMounts('1 2 0:6 / /devices rw - devtmpfs devtmpfs rw'))).toEqual(['/devices']);
  });

  it('says what can be written to', () => {
    const added = (options: string, own: string) =>
      withLine(`1 2 254:0 /x /x ${options} - ext4 /dev/vda ${own}`).at(-1)?.writable;
    expect(added('rw,nosuid', 'rw,discard')).toBe(true);
    expect(added('ro,nosuid', 'rw,discard')).toBe(false);
    expect(added('rw,nosuid', 'ro')).toBe(false);
  });
});
