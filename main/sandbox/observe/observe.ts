/**
 * Looks at a home's gateway from this computer's /proc: what the kernel enforces, not what
 * anybody configured, and nothing that the home itself prints. An ordinary person may read
 * all of it for their own rootless homes (seen on kernel 6.18).
 */
import { readdir, readlink, realpath } from 'node:fs/promises';
import { readBounded } from '../../host/files.ts';
import type { Observation } from '../sandbox.ts';
import { hostDevices, hostMounts, parseMounts } from './mounts.ts';
import {
  hardLimit,
  idInside,
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
}

/** Kinds of namespace that separate, as /proc names them. */
const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Observes the gateway of a running home. */
export async function observeHome(home: RunningHome): Promise<Observation> {
  try {
    const pid = await gatewayOf(home);
    return pid === null ? { is: 'not-running' } : await observeProcess(pid, home);
  } catch (error) {
    if (!(await readStatus(home.pid))) return { is: 'not-running' };
    return { is: 'unreadable', detail: error instanceof Error ? error.message.slice(0, 200) : '' };
  }
}

async function observeProcess(pid: number, home: RunningHome): Promise<Observation> {
  const at = `/proc/${pid}`;
  const read = async (name: string) => required(await readBounded(`${at}/${name}`), name);
  const status = required(await readStatus(pid), 'status');
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
  return {
    is: 'seen',
    process: status.name,
    uid: idInside(uidMap, status.uid),
    hostUid: status.uid,
    groups: [...new Set([status.gid, ...status.groups])].map((gid) => idInside(gidMap, gid)),
    effectiveCapabilities: status.effectiveCapabilities,
    boundingCapabilities: status.boundingCapabilities,
    noNewPrivileges: status.noNewPrivileges,
    seccomp: status.seccomp,
    rootWritable: required(
      mounts.find(({ target }) => target === '/'),
      'root',
    ).writable,
    ownNamespaces: await ownNamespaces(pid),
    memoryLimit: await limit('memory'),
    pidsLimit: await limit('pids'),
    processLimits: {
      processes: hardLimit(limits, 'Max processes'),
      dataBytes: hardLimit(limits, 'Max data size'),
    },
    hostMounts: hostMounts(mounts, outside, folders).map(({ target, writable }) => ({ target, writable })),
    hostDevices: hostDevices(mounts),
    engineSockets: await engineSocketsIn(root, mounts),
    rootDoors: await rootDoorsIn(root, canGain),
  };
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`can't read ${what}`);
  return value;
}

async function readStatus(pid: number): Promise<ProcessStatus | null> {
  const text = await readBounded(`/proc/${pid}/status`);
  return text === null ? null : parseStatus(text);
}

async function ownNamespaces(pid: number): Promise<string[]> {
  const found = await Promise.all(
    namespaces.map(async (kind) => {
      const [theirs, ours] = await Promise.all([
        readlink(`/proc/${pid}/ns/${kind}`),
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
async function gatewayOf({ pid: init, port }: RunningHome): Promise<number | null> {
  if (!(await readStatus(init))) return null;
  const family = await descendants(init);
  const listener = port === null ? null : await listenerAmong([init, ...family.map(({ pid }) => pid)], port);
  return listener ?? family.find(({ parent }) => parent === init)?.pid ?? init;
}

/** All processes below one, oldest first (numbers grow, except when they start over). */
async function descendants(init: number): Promise<{ pid: number; parent: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(async (pid) => ({ pid, status: await readStatus(pid) })));
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

async function listenerAmong(pids: readonly number[], port: number): Promise<number | null> {
  const [init = 0] = pids;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readBounded(`/proc/${init}/net/${name}`)));
  const sockets = listeningSockets(
    tables.map((table) => table ?? ''),
    port,
  ).map((inode) => `socket:[${inode}]`);
  if (sockets.length === 0) return null;
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    if (links.some((link) => sockets.includes(link))) return pid;
  }
  return null;
}
