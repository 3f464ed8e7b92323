/**
 * Looks at a home's gateway from its system's /proc, this computer's or a machine's: what the kernel enforces, not what
 * anybody configured, and nothing that the home itself prints. An ordinary person may read
 * all of it for their own rootless homes (seen on kernel 6.18).
 */
import { realpath } from 'node:fs/promises';
import type { Observation } from '../sandbox.ts';
import { type Files, ownFiles } from './files.ts';
import { type HostMount, hostDevices, hostMounts, type MountLine, parseMounts } from './mounts.ts';
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
  /** Process number of its init, as whoever looks counts. */
  readonly pid: number;
  /** The engine's id, which names its cgroup. */
  readonly id: string;
  /** The port that the gateway listens on inside. */
  readonly port: number | null;
}

/** From where a home is looked at. */
export interface Outlook {
  readonly files: Files;
  /** Whether whoever looks counts users as the system around the home does, or as the home does. */
  readonly usersAre: 'outside' | 'inside';
  /** Which mounts in the home show this computer's files. */
  mountsOfComputer(inside: readonly MountLine[], outside: readonly MountLine[]): Promise<HostMount[]>;
  /** Whether the home has a kernel of its own: then no namespace of it is this computer's. */
  readonly hasOwnKernel: boolean;
}

/**
 * This computer's own look at what an engine runs on it.
 *
 * @param engineFolders where the engine keeps its own files
 */
export function ownOutlook(engineFolders: readonly string[]): Outlook {
  return {
    files: ownFiles,
    usersAre: 'outside',
    async mountsOfComputer(inside, outside) {
      const folders = await Promise.all(engineFolders.map((path) => realpath(path).catch(() => path)));
      return hostMounts(inside, outside, folders);
    },
    hasOwnKernel: false,
  };
}

/** Kinds of namespace that separate, as /proc names them. */
const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Observes the gateway of a running home. */
export async function observeHome(home: RunningHome, outlook: Outlook): Promise<Observation> {
  try {
    const pid = await gatewayOf(home, outlook);
    return pid === null ? { is: 'not-running' } : await observeProcess(pid, home, outlook);
  } catch (error) {
    if (!(await readStatus(outlook.files, home.pid))) return { is: 'not-running' };
    return { is: 'unreadable', detail: error instanceof Error ? error.message.slice(0, 200) : '' };
  }
}

async function observeProcess(pid: number, home: RunningHome, outlook: Outlook): Promise<Observation> {
  const { files } = outlook;
  const at = `/proc/${pid}`;
  const read = async (name: string) => required(await files.read(`${at}/${name}`), name);
  const status = required(await readStatus(files, pid), 'status');
  const [uidMap, gidMap, limits, cgroups] = (await Promise.all(
    ['uid_map', 'gid_map', 'limits', 'cgroup'].map(read),
  )) as [string, string, string, string];
  const mounts = parseMounts(await read('mountinfo'));
  const outside = parseMounts(required(await files.read('/proc/self/mountinfo'), 'mountinfo'));
  const ofComputer = await outlook.mountsOfComputer(mounts, outside);
  const limit = async (what: 'memory' | 'pids') =>
    smallestLimit(
      await Promise.all(limitFiles(parseCgroups(cgroups), home.id, what).map((file) => files.read(file))),
    );
  const root = `${at}/root`;
  const canGain = !status.noNewPrivileges;
  const isOutside = outlook.usersAre === 'outside';
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
    ownNamespaces: outlook.hasOwnKernel ? namespaces : await ownNamespaces(files, pid),
    memoryLimit: await limit('memory'),
    pidsLimit: await limit('pids'),
    processLimits: {
      processes: hardLimit(limits, 'Max processes'),
      dataBytes: hardLimit(limits, 'Max data size'),
    },
    hostMounts: ofComputer.map(({ target, writable }) => ({ target, writable })),
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
        ownFiles.link(`/proc/self/ns/${kind}`),
      ]);
      return required(theirs, kind) === required(ours, kind) ? null : kind;
    }),
  );
  return found.filter((kind) => kind !== null);
}

/**
 * The process that listens on the gateway's port; while none does, the oldest child of the
 * home's init; the init itself where it has no children. Null when the home is gone.
 */
async function gatewayOf({ pid: init, port }: RunningHome, { files }: Outlook): Promise<number | null> {
  if (!(await readStatus(files, init))) return null;
  const family = await descendants(files, init);
  const pids = [init, ...family.map(({ pid }) => pid)];
  const listener = port === null ? null : await listenerAmong(files, pids, port);
  return listener ?? family.find(({ parent }) => parent === init)?.pid ?? init;
}

/** All processes below one, oldest first (numbers grow, except when they start over). */
async function descendants(files: Files, init: number): Promise<{ pid: number; parent: number }[]> {
  const names = required(await files.list('/proc'), '/proc');
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
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
    const open = (await files.list(`/proc/${pid}/fd`)) ?? [];
    const links = await Promise.all(open.map((file) => files.link(`/proc/${pid}/fd/${file}`)));
    if (links.some((link) => link !== null && sockets.includes(link))) return pid;
  }
  return null;
}
