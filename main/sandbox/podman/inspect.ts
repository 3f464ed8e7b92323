/** `podman container inspect` in the normal form of all engines; pure. */
import * as z from 'zod';
import {
  Bindings,
  type Container,
  gainsNothing,
  Labels,
  Mounts,
  mountsOf,
  portsOf,
  State,
  Strings,
  sharedKinds,
  stateOf,
  Tmpfs,
} from '../container/inspection.ts';
import { homeLabel, specLabel, versionLabel } from '../container/names.ts';
import { entry } from './names.ts';

/** The part of one container's inspection that ClawCove reads; same on 4.3 and 5. */
const Inspected = z.object({
  Id: z.string(),
  Created: z.string(),
  Name: z.string(),
  ImageName: z.string(),
  ImageDigest: z.string().default(''),
  RestartCount: z.number().default(0),
  BoundingCaps: Strings,
  EffectiveCaps: Strings,
  State,
  Mounts,
  NetworkSettings: z.object({ Ports: Bindings }).nullish(),
  Config: z.object({
    Hostname: z.string().default(''),
    User: z.string().default(''),
    Cmd: Strings,
    CreateCommand: Strings,
    Labels,
    Secrets: z.array(z.object({ Name: z.string() })).nullish(),
  }),
  HostConfig: z.object({
    NetworkMode: z.string().default(''),
    PidMode: z.string().default(''),
    IpcMode: z.string().default(''),
    UTSMode: z.string().default(''),
    UsernsMode: z.string().default(''),
    PortBindings: Bindings,
    CapAdd: Strings,
    Privileged: z.boolean().default(false),
    ReadonlyRootfs: z.boolean().default(false),
    SecurityOpt: Strings,
    Tmpfs,
    Memory: z.number().default(0),
    NanoCpus: z.number().default(0),
    PidsLimit: z.number().default(0),
  }),
});

/** One container of Podman's. */
export interface PodmanContainer extends Container {
  /** The words behind `create` that made it, whoever said them, but for its name. */
  readonly orders: readonly string[];
}

/**
 * Reads what `podman container inspect` printed for one container.
 *
 * @throws ZodError or SyntaxError when it isn't what we know
 */
export function parseContainer(json: string): PodmanContainer {
  const container = z.tuple([Inspected]).parse(JSON.parse(json))[0];
  const labels = container.Config.Labels ?? {};
  return {
    id: container.Id,
    name: container.Name,
    isOurs: labels[homeLabel] === '1',
    specDigest: labels[specLabel] ?? '',
    orders: ordersOf(container.Config.CreateCommand ?? []),
    createdAt: Date.parse(container.Created),
    isPaused: container.State.Status === 'paused',
    isStopping: container.State.Status === 'stopping',
    pid: container.State.Pid,
    inspection: normalForm(container),
  };
}

/** What a command line orders: all behind `create`, but for the name, which changes as a home takes its place. */
export function ordersOf(words: readonly string[]): string[] {
  return words.slice(words.indexOf('create') + 1).filter((word) => !word.startsWith('--name='));
}

function normalForm({
  State,
  Config,
  HostConfig,
  NetworkSettings,
  Mounts,
  ...container
}: z.infer<typeof Inspected>): Container['inspection'] {
  return {
    is: 'present',
    ...stateOf(State),
    restarts: container.RestartCount,
    image: container.ImageName,
    imageDigest: container.ImageDigest,
    version: Config.Labels?.[versionLabel] ?? '',
    user: Config.User,
    privileged: HostConfig.Privileged,
    // Podman lists what a container has; a hardened one has none. CapAdd alone would hide the default ones.
    addedCapabilities: [
      ...new Set([
        ...(HostConfig.CapAdd ?? []),
        ...(container.EffectiveCaps ?? []),
        ...(container.BoundingCaps ?? []),
      ]),
    ],
    noNewPrivileges: gainsNothing(HostConfig.SecurityOpt),
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    // The cgroup namespace isn't counted: on the old kind of cgroup Podman always shares it, read-only.
    hostNamespaces: sharedKinds({
      network: HostConfig.NetworkMode,
      pid: HostConfig.PidMode,
      ipc: HostConfig.IpcMode,
      uts: HostConfig.UTSMode,
      user: HostConfig.UsernsMode,
    }),
    mounts: mountsOf(Mounts, HostConfig.Tmpfs),
    ports: portsOf([HostConfig.PortBindings, NetworkSettings?.Ports]),
    limits: {
      memoryBytes: HostConfig.Memory,
      pids: HostConfig.PidsLimit,
      cpus: HostConfig.NanoCpus / 1e9,
    },
    secrets: (Config.Secrets ?? []).map(({ Name }) => Name),
    hostname: Config.Hostname,
    command: entry.commandItself(Config.Cmd ?? []),
  };
}
