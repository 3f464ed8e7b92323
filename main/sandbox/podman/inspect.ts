/** `podman container inspect` in the normal form of all engines; pure. */
import * as z from 'zod';
import type { Inspection, Mount, PublishedPort } from '../sandbox.ts';
import { commandItself, homeLabel, specLabel, versionLabel } from './names.ts';

const Bindings = z
  .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable())
  .nullish();
const Strings = z.array(z.string()).nullish();

/** The part of one container's inspection that ClawCove reads; same on 4.3 and 5. */
const Container = z.object({
  Id: z.string(),
  Created: z.string(),
  Name: z.string(),
  ImageName: z.string(),
  ImageDigest: z.string().default(''),
  RestartCount: z.number().default(0),
  BoundingCaps: Strings,
  EffectiveCaps: Strings,
  State: z.object({
    Status: z.string(),
    Pid: z.number(),
    ExitCode: z.number(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Name: z.string().optional(),
        Source: z.string(),
        Destination: z.string(),
        RW: z.boolean(),
      }),
    )
    .nullish(),
  NetworkSettings: z.object({ Ports: Bindings }).nullish(),
  Config: z.object({
    Hostname: z.string().default(''),
    User: z.string().default(''),
    Cmd: Strings,
    CreateCommand: Strings,
    Labels: z.record(z.string(), z.string()).nullish(),
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
    Tmpfs: z.record(z.string(), z.string()).nullish(),
    Memory: z.number().default(0),
    NanoCpus: z.number().default(0),
    PidsLimit: z.number().default(0),
  }),
});

/** One container as the driver needs it: the normal form, and what the driver itself decides by. */
export interface PodmanContainer {
  readonly id: string;
  readonly name: string;
  readonly isOurs: boolean;
  /** What it was made from, see specDigest; empty when it is not ours. */
  readonly specDigest: string;
  /** The words behind `create` that made it, whoever said them, but for its name. */
  readonly orders: readonly string[];
  /** ms since 1970. */
  readonly createdAt: number;
  readonly isPaused: boolean;
  readonly isStopping: boolean;
  /** Process number of its init on this computer, 0 when it doesn't run. */
  readonly pid: number;
  readonly inspection: Extract<Inspection, { is: 'present' }>;
}

/**
 * Reads what `podman container inspect` printed for one container.
 *
 * @throws ZodError or SyntaxError when it isn't what we know
 */
export function parseContainer(json: string): PodmanContainer {
  const container = z.tuple([Container]).parse(JSON.parse(json))[0];
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

type Container = z.infer<typeof Container>;

/** Status words in which processes of the container exist. */
const running = ['running', 'paused', 'stopping'];
/** Go's zero time: this never happened. */
const never = '0001-01-01T00:00:00Z';

function normalForm(container: Container): PodmanContainer['inspection'] {
  const { State, Config, HostConfig } = container;
  const isRunning = running.includes(State.Status);
  const hasEnded = !isRunning && State.FinishedAt !== never;
  return {
    is: 'present',
    state: isRunning ? 'running' : 'stopped',
    exitCode: hasEnded ? State.ExitCode : null,
    startedAt: isRunning ? Date.parse(State.StartedAt) : null,
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
    noNewPrivileges: (HostConfig.SecurityOpt ?? []).some((option) =>
      /^no-new-privileges(:true)?$/.test(option),
    ),
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    hostNamespaces: hostNamespaces(HostConfig),
    mounts: mounts(container),
    ports: ports(container),
    limits: {
      memoryBytes: HostConfig.Memory,
      pids: HostConfig.PidsLimit,
      cpus: HostConfig.NanoCpus / 1e9,
    },
    secrets: (Config.Secrets ?? []).map(({ Name }) => Name),
    hostname: Config.Hostname,
    command: commandItself(Config.Cmd ?? []),
  };
}

/** The cgroup namespace isn't counted: on the old kind of cgroup Podman always shares it, read-only. */
function hostNamespaces(host: Container['HostConfig']): string[] {
  const modes = {
    network: host.NetworkMode,
    pid: host.PidMode,
    ipc: host.IpcMode,
    uts: host.UTSMode,
    user: host.UsernsMode,
  };
  return Object.entries(modes)
    .filter(([, mode]) => mode === 'host')
    .map(([kind]) => kind);
}

function mounts({ Mounts, HostConfig }: Container): Mount[] {
  const own = (Mounts ?? []).map(
    ({ Type, Name, Source, Destination, RW }): Mount => ({
      source: Type === 'volume' ? (Name ?? '') : Type === 'tmpfs' ? '' : Source,
      target: Destination,
      kind: Type === 'bind' || Type === 'volume' || Type === 'tmpfs' ? Type : 'other',
      writable: RW,
    }),
  );
  const tmpfs = Object.entries(HostConfig.Tmpfs ?? {}).map(
    ([target, options]): Mount => ({
      source: '',
      target,
      kind: 'tmpfs',
      writable: !options.split(',').includes('ro'),
    }),
  );
  return [...own, ...tmpfs];
}

/** What was ordered and what is in force: `--publish-all` shows only in the latter. */
function ports({ HostConfig, NetworkSettings }: Container): PublishedPort[] {
  const found = new Map<string, PublishedPort>();
  for (const bindings of [HostConfig.PortBindings, NetworkSettings?.Ports]) {
    for (const [inside, outsides] of Object.entries(bindings ?? {})) {
      for (const { HostIp, HostPort } of outsides ?? []) {
        const port = {
          address: HostIp === '' ? '0.0.0.0' : HostIp,
          port: Number(HostPort),
          insidePort: Number.parseInt(inside, 10),
        };
        found.set(JSON.stringify(port), port);
      }
    }
  }
  return [...found.values()];
}
