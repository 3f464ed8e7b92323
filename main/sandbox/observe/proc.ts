/** Reads what the kernel says about processes in /proc; pure. Source: proc(5), user_namespaces(7), cgroups(7). */

/** From /proc/PID/status. Ids are those of the reader's user namespace. */
export interface ProcessStatus {
  readonly name: string;
  readonly parent: number;
  readonly uid: number;
  /** What the kernel asks when it is asked for permission. */
  readonly effectiveUid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly effectiveCapabilities: bigint;
  readonly boundingCapabilities: bigint;
  readonly noNewPrivileges: boolean;
  readonly seccomp: number;
}

/** Null when the text isn't a whole status file. */
export function parseStatus(text: string): ProcessStatus | null {
  const fields = new Map(
    text.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  const number = (name: string) => Number(words(name)[0] ?? Number.NaN);
  const mask = (name: string) => {
    const hex = fields.get(name) ?? '';
    return /^[0-9a-f]+$/i.test(hex) ? BigInt(`0x${hex}`) : null;
  };
  const effectiveCapabilities = mask('CapEff');
  const boundingCapabilities = mask('CapBnd');
  const effectiveUid = Number(words('Uid')[1] ?? Number.NaN);
  const numbers = [
    number('PPid'),
    number('Uid'),
    effectiveUid,
    number('Gid'),
    number('Seccomp'),
    number('NoNewPrivs'),
  ];
  if (effectiveCapabilities === null || boundingCapabilities === null || numbers.some(Number.isNaN))
    return null;
  return {
    // The process chooses its own name.
    name: (fields.get('Name') ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 40),
    parent: number('PPid'),
    uid: number('Uid'),
    effectiveUid,
    gid: number('Gid'),
    groups: words('Groups').map(Number),
    effectiveCapabilities,
    boundingCapabilities,
    noNewPrivileges: number('NoNewPrivs') === 1,
    seccomp: number('Seccomp'),
  };
}

/** What an unmapped id looks like inside. */
const overflowId = 65_534;

/**
 * An id of this computer as it is inside a user namespace.
 *
 * @param map contents of /proc/PID/uid_map or gid_map: "inside outside count" in each line
 */
export function idInside(map: string, outside: number): number {
  for (const line of map.trim().split('\n')) {
    const [inside = 0, start = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    if (outside >= start && outside < start + count) return inside + outside - start;
  }
  return overflowId;
}

/** An id inside a user namespace as it is on this computer; null where it is nothing there. */
export function idOutside(map: string, inside: number): number | null {
  for (const line of map.trim().split('\n')) {
    const [start = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    if (inside >= start && inside < start + count) return outside + inside - start;
  }
  return null;
}

/** A hard limit from /proc/PID/limits, e.g. of `Max processes`; null when there is none. */
export function hardLimit(limits: string, name: string): number | null {
  const line = limits.split('\n').find((entry) => entry.startsWith(`${name} `));
  const [, hard = ''] = line?.slice(name.length).trim().split(/\s+/) ?? [];
  return /^\d+$/.test(hard) ? Number(hard) : null;
}

/** A cgroup of a process: its path, and the controllers of the old kind, or none for the new kind. */
export interface Cgroup {
  readonly controllers: readonly string[];
  readonly path: string;
}

/** From /proc/PID/cgroup. */
export function parseCgroups(text: string): Cgroup[] {
  return text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, controllers = '', path = '']) => ({
      controllers: controllers.split(',').filter((name) => name !== ''),
      path,
    }));
}

/**
 * Files that may hold a home's limit, most specific first. Only cgroups that are the home's
 * own count: on the old kind a rootless home lives in its starter's.
 *
 * @param cgroups of the home's process
 * @param id the engine's id of the home, part of its cgroup's name
 */
export function limitFiles(cgroups: readonly Cgroup[], id: string, what: 'memory' | 'pids'): string[] {
  const found: string[] = [];
  for (const { controllers, path } of cgroups) {
    const parts = path.split('/').filter((part) => part !== '');
    const own = parts.findIndex((part) => part.includes(id));
    if (own < 0) continue;
    for (let length = parts.length; length > own; length--) {
      const folder = parts.slice(0, length).join('/');
      if (controllers.length === 0) found.push(`/sys/fs/cgroup/${folder}/${what}.max`);
      else if (controllers.includes(what))
        found.push(
          `/sys/fs/cgroup/${what}/${folder}/${what === 'memory' ? 'memory.limit_in_bytes' : 'pids.max'}`,
        );
    }
  }
  return found;
}

/** The old kind of cgroup says "none" as nearly 2^63. */
const practicallyNone = 2 ** 60;

/** The smallest of several limit files' contents; null when none of them limits anything. */
export function smallestLimit(contents: readonly (string | null)[]): number | null {
  const limits = contents
    .map((text) => text?.trim() ?? '')
    .filter((text) => /^\d+$/.test(text))
    .map(Number)
    .filter((limit) => limit < practicallyNone);
  return limits.length === 0 ? null : Math.min(...limits);
}

/**
 * Sockets that listen on a TCP port, by inode.
 *
 * @param tables contents of /proc/PID/net/tcp and tcp6
 */
export function listeningSockets(tables: readonly string[], port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(`:${hexPort}`) && state === '0A')
    .map((fields) => fields[9] ?? '')
    .filter((inode) => /^[1-9]\d*$/.test(inode));
}
