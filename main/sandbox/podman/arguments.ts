/** What a home is made with, as Podman's arguments; pure. */
import { createHash } from 'node:crypto';
import {
  bindMount,
  emptyShared,
  type Filter,
  hardening,
  lasting,
  oursLabel,
  versionLabelOf,
} from '../container/hardening.ts';
import { rehearsalName, secretNames, specLabel, variableName } from '../container/names.ts';
import { hostname, paths } from '../every-home.ts';
import { fenceAnnotation, fenceRules } from '../fence.ts';
import type { HomeSpec, SecretId } from '../sandbox.ts';
import {
  certificatesFile,
  certificatesName,
  copyVolumes,
  entry,
  environmentFolder,
  inside,
  stateVolume,
} from './names.ts';
import type { Means } from './probe.ts';

/** Everything that a home is made from besides its spec. */
export interface Ingredients {
  readonly means: Means;
  readonly seccomp: Filter;
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

function secretFlag(secret: SecretId): string {
  const target =
    secret.as === 'file' ? inside.gatewaySecret : `${environmentFolder}/${variableName(secret.name)}`;
  return `${secretNames[secret.id]},type=mount,uid=1000,gid=1000,mode=0400,target=${target}`;
}

/** {@link hardening} as Podman does it, around its own state, one folder of this computer and the secrets it needs. */
function hard(spec: HomeSpec, { means, seccomp }: Ingredients, around: Around): string[] {
  const folderOptions = ['nosuid', 'nodev', ...(means.selinux ? ['relabel=private'] : [])];
  return [
    '--userns=keep-id:uid=1000,gid=1000',
    ...hardening(spec, means, seccomp),
    '--read-only-tmpfs=false',
    // Kept over restarts for the compiled code in it, gone with the home: 9 s to readiness instead of 14.
    `--mount=type=volume,dst=${paths.cache},nosuid,nodev,noexec`,

    `--volume=${around.volume}:${inside.state}:rw,nosuid,nodev`,
    around.sharesFolder
      ? `--mount=${bindMount(spec.sharedFolder, inside.shared, folderOptions)}`
      : emptyShared(inside.shared),

    ...spec.secrets.map((secret) => `--secret=${secretFlag(secret)}`),
    ...(spec.certificates === null
      ? []
      : [
          `--secret=${certificatesName},type=mount,uid=1000,gid=1000,mode=0400,target=${certificatesFile}`,
          `--env=NODE_EXTRA_CA_CERTS=${certificatesFile}`,
        ]),

    '--http-proxy=false',
    `--hostname=${hostname}`,
  ];
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
    ...hard(spec, ingredients, theState),
    // What passes would write it down for nobody.
    `--env=NODE_COMPILE_CACHE=${paths.cache}/node`,
    ...fencedNetwork(spec, ingredients),
    `--publish=127.0.0.1:${spec.port}:${spec.port}`,
    // A gateway that refuses its configuration must not be started for ever.
    ingredients.means.restarts ? '--restart=on-failure:3' : '--restart=no',
    ...lasting('k8s-file', 10),
    versionLabelOf(spec),
    oursLabel,
    spec.image,
    ...entry.behindFence(spec.command),
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
    oursLabel,
    ...hard(spec, ingredients, theState),
    ...(options.network ? fencedNetwork(spec, ingredients) : ['--network=none']),
    '--log-driver=none',
    ...(options.hasInput ? ['--interactive'] : []),
    spec.image,
    ...(options.network ? entry.behindFence(argv) : entry.withSecrets(argv)),
  ];
}

/** Arguments that start what a home runs, just as hard, on a copy of the state and cut off from everything. */
export function rehearsalArguments(spec: HomeSpec, ingredients: Ingredients): string[] {
  return [
    'run',
    '--detach',
    `--name=${rehearsalName}`,
    oursLabel,
    ...hard(spec, ingredients, { volume: copyVolumes.rehearsal, sharesFolder: false }),
    '--network=none',
    '--restart=no',
    ...lasting('k8s-file', 1),
    spec.image,
    ...entry.withSecrets(spec.command),
  ];
}
