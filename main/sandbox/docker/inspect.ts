/** `docker container inspect` in the normal form of all engines; pure. */
import * as z from 'zod';
import {
  Bindings,
  type Container,
  gainsNothing,
  Labels,
  Mounts,
  mountsOf,
  type Present,
  portsOf,
  State,
  Strings,
  sharedKinds,
  stateOf,
  Tmpfs,
} from '../container/inspection.ts';
import { homeLabel, secretNames, specLabel, versionLabel } from '../container/names.ts';
import { entry } from './names.ts';
import { givenBy } from './secrets.ts';

/** The part of one container's inspection that ClawCove reads; same on 20.10 and 28. */
const Inspected = z.object({
  Id: z.string(),
  Created: z.string(),
  Name: z.string(),
  Image: z.string(),
  RestartCount: z.number().default(0),
  State,
  Mounts,
  NetworkSettings: z.object({ Ports: Bindings }).nullish(),
  Config: z.looseObject({
    Hostname: z.string().default(''),
    User: z.string().default(''),
    Image: z.string(),
    Cmd: Strings,
    Labels,
  }),
  HostConfig: z.looseObject({
    NetworkMode: z.string().default(''),
    PidMode: z.string().default(''),
    IpcMode: z.string().default(''),
    UTSMode: z.string().default(''),
    UsernsMode: z.string().default(''),
    PortBindings: Bindings,
    CapAdd: Strings,
    CapDrop: Strings,
    Privileged: z.boolean().default(false),
    ReadonlyRootfs: z.boolean().default(false),
    SecurityOpt: Strings,
    Tmpfs,
    Memory: z.number().default(0),
    NanoCpus: z.number().default(0),
    PidsLimit: z.number().nullish(),
  }),
});
type Inspected = z.infer<typeof Inspected>;

/** One container of Docker's. */
export interface DockerContainer extends Container {
  /** The engine's id of the container whose network it is in; null: it has one of its own, or the computer's. */
  readonly networkOf: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /**
   * All that it was made with, whoever made it, but for its name, and whose network it is in: two that are
   * made in the same way have the same.
   */
  readonly orders: string;
}

/**
 * Reads what `docker container inspect` printed for one container.
 *
 * @throws ZodError or SyntaxError when it isn't what we know
 */
export function parseContainer(json: string): DockerContainer {
  const container = z.tuple([Inspected]).parse(JSON.parse(json))[0];
  const labels = container.Config.Labels ?? {};
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    isOurs: labels[homeLabel] === '1',
    specDigest: labels[specLabel] ?? '',
    createdAt: Date.parse(container.Created),
    isPaused: container.State.Status === 'paused',
    isStopping: container.State.Status === 'removing' || container.State.Status === 'dead',
    pid: container.State.Pid,
    networkOf: /^container:(.+)$/.exec(container.HostConfig.NetworkMode)?.[1] ?? null,
    labels,
    orders: ordersOf(container),
    inspection: normalForm(container),
  };
}

/** A home's network is its guard's: the ports of both are its ports. */
export function withNetworkOf(home: Present, guard: Present | null): Present {
  // Nobody to be seen holds its network: it can't be told what that is.
  if (!guard) return { ...home, hostNamespaces: [...home.hostNamespaces, 'network'] };
  return {
    ...home,
    hostname: guard.hostname,
    ports: [...home.ports, ...guard.ports],
    hostNamespaces: [...new Set([...home.hostNamespaces, ...guard.hostNamespaces])],
  };
}

/** What the engine gives everybody who doesn't drop it. Source: moby, oci/caps/defaults.go. */
const usualCapabilities: readonly string[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
];

/** Docker says only what was added and dropped. */
function capabilitiesOf({ Privileged, CapAdd, CapDrop }: Inspected['HostConfig']): string[] {
  const plain = (names: readonly string[] | null | undefined) =>
    (names ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  const [added, dropped] = [plain(CapAdd), plain(CapDrop)];
  if (Privileged) return ['ALL'];
  const kept = dropped.includes('ALL') ? [] : usualCapabilities.filter((name) => !dropped.includes(name));
  return [...new Set([...kept, ...added])].map((name) => `CAP_${name}`);
}

function normalForm({
  State,
  Config,
  HostConfig,
  NetworkSettings,
  Mounts,
  ...container
}: Inspected): Present {
  const mounts = mountsOf(Mounts, HostConfig.Tmpfs);
  const given = mounts.map(({ source, kind }) => (kind === 'volume' ? givenBy(source) : null));
  return {
    is: 'present',
    ...stateOf(State),
    restarts: container.RestartCount,
    image: Config.Image,
    imageDigest: /@(sha256:[0-9a-f]{64})$/.exec(Config.Image)?.[1] ?? '',
    version: Config.Labels?.[versionLabel] ?? '',
    user: Config.User,
    privileged: HostConfig.Privileged,
    addedCapabilities: capabilitiesOf(HostConfig),
    noNewPrivileges: gainsNothing(HostConfig.SecurityOpt),
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    hostNamespaces: sharedKinds({
      network: HostConfig.NetworkMode,
      pid: HostConfig.PidMode,
      ipc: HostConfig.IpcMode,
      uts: HostConfig.UTSMode,
      user: HostConfig.UsernsMode,
    }),
    mounts,
    ports: portsOf([HostConfig.PortBindings, NetworkSettings?.Ports]),
    limits: {
      memoryBytes: HostConfig.Memory,
      pids: Math.max(0, HostConfig.PidsLimit ?? 0),
      cpus: HostConfig.NanoCpus / 1e9,
    },
    secrets: given.filter((id) => id === 'gateway' || id === 'model-key').map((id) => secretNames[id]),
    hostname: Config.Hostname,
    command: entry.commandItself(Config.Cmd ?? []),
  };
}

function ordersOf({ Image, Config, HostConfig }: Inspected): string {
  // Whoever shares a network gets its owner's name when he starts.
  const { Hostname: _, ...config } = Config;
  const network = HostConfig.NetworkMode.replace(/^container:.*/, 'container:');
  return JSON.stringify(saying({ Image, config, host: { ...HostConfig, NetworkMode: network } }));
}

/** Without what says nothing: the engine writes it in several ways (`null`, `[]`), one before and one after it was started anew. */
function saying(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(saying);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .map(([key, inner]) => [key, saying(inner)] as const)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  return value === null || value === '' || value === 0 || value === false ? undefined : value;
}
