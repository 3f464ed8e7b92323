/** What a home is made with, as Podman's arguments; pure. */
import { createHash } from 'node:crypto';
import { fenceAnnotation, fenceRules } from '../fence.ts';
import type { HomeSpec, SecretId } from '../sandbox.ts';
import {
  agentUser,
  cacheFolder,
  certificatesFile,
  certificatesName,
  copyVolumes,
  environmentFolder,
  homeLabel,
  homeName,
  hostname,
  inside,
  onlyBehindFence,
  rehearsalName,
  secretNames,
  specLabel,
  stateVolume,
  versionLabel,
  withSecretsAsEnvironment,
} from './names.ts';
import type { Means } from './probe.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/**
 * What one process may take where the kernel doesn't limit the home as a whole. V8 reserves
 * address space for every worker thread, which counts against this limit without being used:
 * 2.7 GB at rest, beyond 6 GB in a turn ("Failed to reserve virtual memory for CodeRange",
 * seen on 2026.9.6). So it stops a runaway, no more; OpenClaw's heap has a limit of its own.
 */
const reservedByNode = 16 * GiB;
/** Enough for OpenClaw with its plugins, far from the system's own. */
const openFiles = 8192;
/** Seconds that OpenClaw has to end by itself (0.8–1.5 s measured). */
export const stopSeconds = 20;

/** Everything that a home is made from besides its spec. */
export interface Ingredients {
  readonly means: Means;
  /** File of the filter of system calls, and its contents; null: the engine's own filter. */
  readonly seccomp: { readonly file: string; readonly contents: string } | null;
  /** The engine's ids of the secrets: a changed secret makes another home. */
  readonly secretIds: readonly string[];
}

/** What a sandbox is made around. */
interface Around {
  readonly volume: string;
  /** Whether it sees the person's shared folder. */
  readonly sharesFolder: boolean;
}
const theState: Around = { volume: stateVolume, sharesFolder: true };

/** Podman's --mount is a line of comma-separated values: quoted like one, any folder name will do. */
export function bindMount(source: string, target: string, selinux: boolean): string {
  const quoted = `"src=${source.replaceAll('"', '""')}"`;
  return `type=bind,${quoted},dst=${target},nosuid,nodev${selinux ? ',relabel=private' : ''}`;
}

function secretFlag(secret: SecretId): string {
  const target =
    secret.as === 'file' ? inside.gatewaySecret : `${environmentFolder}/${variableName(secret.name)}`;
  return `${secretNames[secret.id]},type=mount,uid=1000,gid=1000,mode=0400,target=${target}`;
}

/** It becomes a file name and part of an argument. */
function variableName(name: string): string {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) throw new Error('not a name for an environment variable');
  return name;
}

/**
 * What makes any sandbox around OpenClaw's state hard, a lasting or a passing one:
 *
 * 1. a user of its own, not the person's and not root, and no powers at all;
 * 2. no way to more powers, and a filter of system calls;
 * 3. a program tree that can't be written to, and little else that can;
 * 4. limits of memory, processor and processes, as far as the kernel keeps them;
 * 5. its own state and one folder of this computer, nothing else;
 * 6. the secrets it needs, never on a command line;
 * 7. nothing taken over from the person's environment.
 */
function hardening(spec: HomeSpec, { means, seccomp }: Ingredients, around: Around): string[] {
  const memory = String(spec.memoryBytes);
  return [
    '--userns=keep-id:uid=1000,gid=1000',
    `--user=${agentUser}`,
    '--cap-drop=ALL',

    '--security-opt=no-new-privileges',
    ...(seccomp ? [`--security-opt=seccomp=${seccomp.file}`] : []),

    '--read-only',
    '--read-only-tmpfs=false',
    `--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=${512 * MiB},mode=1777`,
    `--tmpfs=/run:rw,noexec,nosuid,nodev,size=${16 * MiB},mode=755`,
    // Kept over restarts for the compiled code in it, gone with the home: 9 s to readiness instead of 14.
    `--mount=type=volume,dst=${cacheFolder},nosuid,nodev,noexec`,

    ...(means.limits.memory ? [`--memory=${memory}`, `--memory-swap=${memory}`] : []),
    ...(means.limits.pids ? [`--pids-limit=${spec.pids}`] : []),
    ...(means.limits.cpu ? [`--cpus=${spec.cpus}`] : []),
    ...(means.limits.memory ? [] : [ulimit('data', spec.memoryBytes + reservedByNode)]),
    // Where it counts all of the person's processes, a limit would hit the wrong ones.
    ...(means.countsProcessesPerHome ? [ulimit('nproc', spec.pids)] : []),
    ulimit('nofile', openFiles),
    ulimit('core', 0),
    // If memory gets short after all, the home goes before the person's programs.
    '--oom-score-adj=500',

    `--volume=${around.volume}:${inside.state}:rw,nosuid,nodev`,
    around.sharesFolder
      ? `--mount=${bindMount(spec.sharedFolder, inside.shared, means.selinux)}`
      : `--tmpfs=${inside.shared}:rw,noexec,nosuid,nodev,size=${16 * MiB},mode=1777`,

    ...spec.secrets.map((secret) => `--secret=${secretFlag(secret)}`),
    ...(spec.certificates === null
      ? []
      : [
          `--secret=${certificatesName},type=mount,uid=1000,gid=1000,mode=0400,target=${certificatesFile}`,
          `--env=NODE_EXTRA_CA_CERTS=${certificatesFile}`,
        ]),

    '--http-proxy=false',
    ...Object.entries(spec.environment).map(([name, value]) => `--env=${name}=${value}`),
    `--hostname=${hostname}`,
    // Its timer wants a user systemd and starts a Node every half minute; ClawCove asks the gateway itself.
    '--no-healthcheck',
    '--pull=never',
  ];
}

function ulimit(name: string, value: number): string {
  return `--ulimit=${name}=${value}:${value}`;
}

/** A digest of everything the home is made from: two homes with the same one are the same. */
export function specDigest(spec: HomeSpec, ingredients: Ingredients): string {
  const parts = [
    ...homeArguments(spec, ingredients),
    ingredients.seccomp?.contents ?? '',
    spec.certificates ?? '',
    ...ingredients.secretIds,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The internet and nothing near: see fence.ts. */
function fencedNetwork({ fence }: HomeSpec, { means }: Ingredients): string[] {
  return [
    `--network=${means.network}`,
    // The one that the fence leaves open, and no other that somebody else's settings bring along.
    `--dns=${means.resolver}`,
    `--annotation=${fenceAnnotation}=${fenceRules(fence, means.resolver)}`,
  ];
}

function homeArguments(spec: HomeSpec, ingredients: Ingredients): string[] {
  return [
    ...hardening(spec, ingredients, theState),
    // What passes would write it down for nobody.
    `--env=NODE_COMPILE_CACHE=${cacheFolder}/node`,
    ...fencedNetwork(spec, ingredients),
    `--publish=127.0.0.1:${spec.port}:${spec.port}`,
    // A gateway that refuses its configuration must not be started for ever.
    ingredients.means.restarts ? '--restart=on-failure:3' : '--restart=no',
    `--stop-timeout=${stopSeconds}`,
    '--log-driver=k8s-file',
    '--log-opt=max-size=10mb',
    `--label=${versionLabel}=${spec.version}`,
    `--label=${homeLabel}=1`,
    spec.image,
    ...onlyBehindFence(spec.command),
  ];
}

/** Arguments that make the home under a name of its own. */
export function createArguments(name: string, spec: HomeSpec, ingredients: Ingredients): string[] {
  const digest = specDigest(spec, ingredients);
  return ['create', `--name=${name}`, `--label=${specLabel}=${digest}`, ...homeArguments(spec, ingredients)];
}

/** Arguments that run one command in a passing sandbox, just as hard, around the same state. */
export function onceArguments(
  name: string,
  spec: HomeSpec,
  ingredients: Ingredients,
  argv: readonly string[],
  options: { readonly network: boolean; readonly hasInput: boolean },
): string[] {
  return [
    'run',
    '--rm',
    `--name=${name}`,
    `--label=${homeLabel}=1`,
    ...hardening(spec, ingredients, theState),
    ...(options.network ? fencedNetwork(spec, ingredients) : ['--network=none']),
    '--log-driver=none',
    ...(options.hasInput ? ['--interactive'] : []),
    spec.image,
    ...(options.network ? onlyBehindFence(argv) : withSecretsAsEnvironment(argv)),
  ];
}

/** Arguments that start what a home runs, just as hard, on a copy of the state and cut off from everything. */
export function rehearsalArguments(spec: HomeSpec, ingredients: Ingredients): string[] {
  return [
    'run',
    '--detach',
    `--name=${rehearsalName}`,
    `--label=${homeLabel}=1`,
    ...hardening(spec, ingredients, { volume: copyVolumes.rehearsal, sharesFolder: false }),
    '--network=none',
    '--restart=no',
    `--stop-timeout=${stopSeconds}`,
    '--log-driver=k8s-file',
    '--log-opt=max-size=1mb',
    spec.image,
    ...withSecretsAsEnvironment(spec.command),
  ];
}

/**
 * Names of sandboxes that pass: they never stand in the way of the home's own.
 *
 * @param maker number of the process that makes it, and takes it away again as long as it lives
 */
export function passingName(kind: 'once' | 'next', maker: number, random: string): string {
  return `${homeName}-${kind}-${maker}-${random}`;
}
