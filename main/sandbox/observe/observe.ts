/**
 * Looks at a home's gateway through /proc: what the kernel enforces, not what anybody configured, and
 * nothing that the home itself prints. An ordinary person may read all of it for their own rootless homes
 * (seen on kernel 6.18).
 */
import { readlink, realpath } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';
import type { Observation } from '../sandbox.ts';
import type { Files } from './files.ts';
import { hostDevices, hostMounts, parseMounts } from './mounts.ts';
import {
  hardLimit,
  idInside,
  idOutside,
  limitFiles,
  listeningSockets,
  type ProcessStatus,
  parseCgroups,
  parseStatus,
  smallestLimit,
} from './proc.ts';
import { engineSocketsIn, rootDoorsIn } from './root-doors.ts';

/** A running home, as its engine names it. */
export interface RunningHome {
  /** Process number of its init on this computer. */
  readonly pid: number;
  /** The engine's id, which names its cgroup. */
  readonly id: string;
  /** The port that the gateway listens on inside. */
  readonly port: number | null;
  /** Where the engine keeps its own files. */
  readonly engineFolders: readonly string[];
  /** Where its processes are looked at. */
  readonly files: Files;
  /** Whether whoever looks counts users as this computer does, or as the home does. */
  readonly usersAre: 'outside' | 'inside';
}

/** Kinds of namespace that separate, as /proc names them. */
const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Observes the gateway of a running home. */
export async function observeHome(home: RunningHome): Promise<Observation> {
  try {
    const pid = await gatewayOf(home);
    return pid === null ? { is: 'not-running' } : await observeProcess(pid, home);
  } catch (error) {
    if (!(await readStatus(home.files, home.pid))) return { is: 'not-running' };
    return { is: 'unreadable', detail: error instanceof Error ? error.message.slice(0, 200) : '' };
  }
}

async function observeProcess(pid: number, home: RunningHome): Promise<Observation> {
  const at = `/proc/${pid}`;
  const { files } = home;
  const read = async (name: string) => required(await files.read(`${at}/${name}`), name);
  const status = required(await readStatus(files, pid), 'status');
  const [uidMap, gidMap, limits, cgroups] = (await Promise.all(
    ['uid_map', 'gid_map', 'limits', 'cgroup'].map(read),
  )) as [string, string, string, string];
  const mounts = parseMounts(await read('mountinfo'));
  const outside = parseMounts(required(await readBounded('/proc/self/mountinfo'), 'mountinfo'));
  const folders = await Promise.all(home.engineFolders.map((path) => realpath(path).catch(() => path)));
  const limit = async (what: 'memory' | 'pids') =>
    smallestLimit(
      await Promise.all(limitFiles(parseCgroups(cgroups), home.id, what).map((file) => readBounded(file))),
    );
  const root = `${at}/root`;
  const canGain = !status.noNewPrivileges;
  const isOutside = home.usersAre === 'outside';
  const inside = (map: string, id: number) => (isOutside ? idInside(map, id) : id);
  return {
    is: 'seen',
    process: status.name,
    uid: inside(uidMap, status.uid),
    hostUid: isOutside ? status.uid : required(idOutside(uidMap, status.uid), 'uid_map'),
    groups: [...new Set([status.gid, ...status.groups])].map((gid) => inside(gidMap, gid)),
    effectiveCapabilities: status.effectiveCapabilities,
    boundingCapabilities: status.boundingCapabilities,
    noNewPrivileges: status.noNewPrivileges,
    seccomp: status.seccomp,
    rootWritable: required(
      mounts.find(({ target }) => target === '/'),
      'root',
    ).writable,
    ownNamespaces: await ownNamespaces(files, pid),
    memoryLimit: await limit('memory'),
    pidsLimit: await limit('pids'),
    processLimits: {
      processes: hardLimit(limits, 'Max processes'),
      dataBytes: hardLimit(limits, 'Max data size'),
    },
    hostMounts: hostMounts(mounts, outside, folders).map(({ target, writable }) => ({ target, writable })),
    hostDevices: hostDevices(mounts),
    engineSockets: await engineSocketsIn(files, root, mounts),
    rootDoors: await rootDoorsIn(files, root, canGain),
  };
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`can't read ${what}`);
  return value;
}

async function readStatus(files: Files, pid: number): Promise<ProcessStatus | null> {
  const text = await files.read(`/proc/${pid}/status`);
  return text === null ? null : parseStatus(text);
}

async function ownNamespaces(files: Files, pid: number): Promise<string[]> {
  const found = await Promise.all(
    namespaces.map(async (kind) => {
      const [theirs, ours] = await Promise.all([
        files.link(`/proc/${pid}/ns/${kind}`),
        readlink(`/proc/self/ns/${kind}`),
      ]);
      return theirs === ours ? null : kind;
    }),
  );
  return found.filter((kind) => kind !== null);
}

/**
 * The process that listens on the gateway's port; while none does, the oldest child of the
 * home's init; the init itself where it has no children. Null when the home is gone.
 */
async function gatewayOf({ pid: init, port, files }: RunningHome): Promise<number | null> {
  if (!(await readStatus(files, init))) return null;
  const family = await descendants(files, init);
  const listener =
    port === null ? null : await listenerAmong(files, [init, ...family.map(({ pid }) => pid)], port);
  return listener ?? family.find(({ parent }) => parent === init)?.pid ?? init;
}

/** All processes below one, oldest first (numbers grow, except when they start over). */
async function descendants(files: Files, init: number): Promise<{ pid: number; parent: number }[]> {
  const pids = (await files.list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(async (pid) => ({ pid, status: await readStatus(files, pid) })));
  const family = new Set([init]);
  // Parents have been seen before their children, unless numbers started over: go round until nothing is new.
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { pid, status } of all) if (status && family.has(status.parent)) family.add(pid);
  }
  return all
    .filter(({ pid }) => pid !== init && family.has(pid))
    .map(({ pid, status }) => ({ pid, parent: status?.parent ?? 0 }))
    .sort((a, b) => a.pid - b.pid);
}

async function listenerAmong(files: Files, pids: readonly number[], port: number): Promise<number | null> {
  const [init = 0] = pids;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => files.read(`/proc/${init}/net/${name}`)));
  const sockets = listeningSockets(
    tables.map((table) => table ?? ''),
    port,
  ).map((inode) => `socket:[${inode}]`);
  if (sockets.length === 0) return null;
  for (const pid of pids) {
    const open = await files.list(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(
      open.map((name) => files.link(`/proc/${pid}/fd/${name}`).catch(() => '')),
    );
    if (links.some((link) => sockets.includes(link))) return pid;
  }
  return null;
}
