/**
 * Another system's files and paths on this computer: what Node's own modules are there, for code that is built or run
 * as if it were there. Windows has its drives, and a Mac its `/Users`, in a folder of this computer's; paths are put
 * together as Windows does it.
 *
 * Node's modules are taken by `getBuiltinModule`: whoever puts these in their place would be asked again otherwise.
 */
const real = {
  fs: process.getBuiltinModule('node:fs'),
  files: process.getBuiltinModule('node:fs/promises'),
  path: process.getBuiltinModule('node:path'),
  os: process.getBuiltinModule('node:os'),
  net: process.getBuiltinModule('node:net'),
  events: process.getBuiltinModule('node:events'),
};

/** The computer that is gone to. */
export interface Place {
  readonly system: 'windows' | 'macos';
  /** Absolute path of the folder in which its files lie. */
  readonly root: string;
  readonly memoryBytes: number;
  /** Free bytes of its disk now. */
  readonly freeDisk: () => number;
  /** Ports on which somebody else listens. */
  readonly takenPorts: ReadonlySet<number>;
  readonly systemName: readonly [distro: string, release: string];
  /** The number of whoever's files they are. */
  readonly uid: number;
}

let place: Place | null = null;

/** From now on this computer is another. */
export function goTo(next: Place): void {
  place = next;
}

function here(): Place {
  if (!place) throw new Error('nobody has said which computer this is');
  return place;
}

const onMac = /^\/(?:Users|Applications|Library)(?:\/|$)/;
const onWindows = /^(?:\\\\\?\\)?([A-Za-z]):[\\/]/;

/** Where it really lies. */
export function realPathOf(path: string): string {
  const { system, root } = here();
  if (system === 'macos') return onMac.test(path) ? root + path : path;
  const [whole = '', drive] = onWindows.exec(path) ?? [];
  const rest = path.slice(whole.length).replaceAll('\\', '/');
  if (drive !== undefined) return `${root}/${drive.toUpperCase()}/${rest}`;
  // A path of this computer that was put together the other way.
  return path.startsWith('\\') ? path.replaceAll('\\', '/') : path;
}

/** What it is called there. */
function nameOf(path: string): string {
  const { system, root } = here();
  if (path !== root && !path.startsWith(`${root}/`)) return path;
  const rest = path.slice(root.length + 1);
  return system === 'macos' ? `/${rest}` : `${rest.slice(0, 1)}:\\${rest.slice(2).replaceAll('/', '\\')}`;
}

const isOurs = (path: unknown) => typeof path === 'string' && realPathOf(path) !== path;
const mapped = (argument: unknown) => (typeof argument === 'string' ? realPathOf(argument) : argument);
/** Functions whose second argument is a path, too. */
const twoPaths = /^(?:rename|copyFile|link|cp)(?:Sync)?$/;

type Functions = Readonly<Record<string, unknown>>;

/** The same module, with the paths that it is given and gives turned around. */
function turned(module: Functions): Record<string, unknown> {
  const entries = Object.entries(module).map(([name, value]) => {
    if (typeof value !== 'function' || /^[A-Z_]/.test(name)) return [name, value];
    const step = value as (...args: unknown[]) => unknown;
    const call = (...args: unknown[]) => {
      const [first, second, ...others] = args;
      const given =
        args.length < 2
          ? args.map(mapped)
          : [mapped(first), twoPaths.test(name) ? mapped(second) : second, ...others];
      const result = step(...given);
      return isOurs(first) ? seenAs(name, result) : result;
    };
    return [name, Object.assign(call, name === 'realpathSync' ? { native: call } : {})];
  });
  return Object.fromEntries(entries);
}

function seenAs(name: string, result: unknown): unknown {
  if (result instanceof Promise) return result.then((value) => seenAs(name, value));
  const { system, uid, freeDisk } = here();
  if (/^realpath/.test(name)) return nameOf(String(result));
  if (/^statfs/.test(name)) return { ...(result as object), bavail: freeDisk(), bsize: 1 };
  // On Windows everything is nobody's.
  const isStats = /^l?stat(?:Sync)?$/.test(name) && typeof result === 'object' && result !== null;
  return isStats ? Object.assign(result, { uid: system === 'windows' ? 0 : uid }) : result;
}

/** A server that only finds out whether it could listen. */
function createServer(): unknown {
  const server = new real.events.EventEmitter();
  return Object.assign(server, {
    listen({ port }: { port: number }, whenListening: () => void) {
      setImmediate(() => {
        if (!here().takenPorts.has(port)) whenListening();
        else server.emit('error', Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' }));
      });
    },
    close: (whenClosed?: () => void) => void setImmediate(() => whenClosed?.()),
  });
}

const windowsPath = { ...real.path.win32, win32: real.path.win32, posix: real.path.posix };

const address = { address: '192.168.1.20', family: 'IPv4', internal: false } as const;

/** Its modules by their names. */
const modules = {
  'node:fs': () => turned(real.fs as unknown as Functions),
  'node:fs/promises': () => turned(real.files as unknown as Functions),
  'node:path': (system: Place['system']) => (system === 'windows' ? windowsPath : { ...real.path }),
  'node:os': () => ({
    ...real.os,
    totalmem: () => here().memoryBytes,
    freemem: () => here().memoryBytes / 2,
    cpus: () => Array.from({ length: 8 }, () => ({})),
    networkInterfaces: () => ({ eth0: [address] }),
  }),
  'node:net': () => ({ ...real.net, createServer }),
  systeminformation: () => ({
    osInfo: async () => ({ distro: here().systemName[0], release: here().systemName[1], platform: '' }),
    cpu: async () => ({ manufacturer: 'Test', brand: 'Processor', virtualization: true }),
    battery: async () => ({ hasBattery: false }),
  }),
  'write-file-atomic': () => ({
    default: async (file: string, data: string, options: { readonly mode?: number } = {}) => {
      const path = realPathOf(file);
      real.fs.writeFileSync(`${path}.part`, data, options);
      real.fs.renameSync(`${path}.part`, path);
    },
  }),
} as const;

export type ModuleName = keyof typeof modules;
export const moduleNames = Object.keys(modules) as readonly ModuleName[];

/** What stands in the place of a module, with the module itself as its default. Works from {@link goTo} on. */
export function elsewhere(name: ModuleName, system: Place['system']): Record<string, unknown> {
  const module: Record<string, unknown> = modules[name](system);
  return name === 'write-file-atomic' ? module : { ...module, default: module };
}

/** An empty folder of this computer's for all the files of another. */
export function emptyRoot(): string {
  return real.fs.mkdtempSync(real.path.posix.join(real.os.tmpdir(), 'clawcove-elsewhere-'));
}

export function removeRoot(root: string): void {
  real.fs.rmSync(root, { recursive: true, force: true });
}
