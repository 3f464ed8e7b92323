/** What a home is made with, as Docker's arguments; pure. */
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
import { rehearsalName, specLabel, variableName } from '../container/names.ts';
import { hostname, paths } from '../every-home.ts';
import type { HomeSpec, SecretId } from '../sandbox.ts';
import {
  cacheWindow,
  certificatesFile,
  entry,
  type Given,
  givenFolders,
  inside,
  rehearsalWindow,
  stateWindow,
} from './names.ts';
import type { Means } from './probe.ts';

const MiB = 1024 ** 2;

/** Everything that a home is made from besides its spec. */
export interface Ingredients {
  readonly means: Means;
  readonly seccomp: Filter;
  /** The windows to what it is given: a changed secret is another one. */
  readonly given: Readonly<Partial<Record<Given, string>>>;
}

const volumeMount = (source: string, target: string, ...options: string[]) =>
  `--mount=${['type=volume', `src=${source}`, `dst=${target}`, 'volume-nocopy', ...options].join(',')}`;

function secretTarget(secret: SecretId): string {
  return secret.as === 'file' ? givenFolders.gateway : givenFolders.environment(variableName(secret.name));
}

/** {@link hardening} as Docker does it, around a state and the secrets it needs. */
function hard(spec: HomeSpec, { means, seccomp, given }: Ingredients, state: string): string[] {
  const { certificates } = given;
  return [
    ...hardening(spec, means, seccomp),
    '--ipc=private',
    volumeMount(state, inside.state),
    ...spec.secrets.map((secret) => volumeMount(given[secret.id] ?? '', secretTarget(secret), 'readonly')),
    ...(spec.certificates === null || certificates === undefined
      ? []
      : [
          volumeMount(certificates, givenFolders.certificates, 'readonly'),
          `--env=NODE_EXTRA_CA_CERTS=${certificatesFile}`,
        ]),
  ];
}

/** What passes has nothing to keep. */
const passingCache = `--tmpfs=${paths.cache}:rw,noexec,nosuid,nodev,size=${256 * MiB},mode=700,uid=1000,gid=1000`;
const sharedFolder = (spec: HomeSpec) => `--mount=${bindMount(spec.sharedFolder, inside.shared, [])}`;

/** What a home is made with, but for the guard whose network it is in. */
function homeArguments(spec: HomeSpec, ingredients: Ingredients): string[] {
  return [
    ...hard(spec, ingredients, stateWindow),
    sharedFolder(spec),
    // Kept over restarts for the compiled code in it, gone with the home: 9 s to readiness instead of 14.
    volumeMount(cacheWindow, paths.cache),
    `--env=NODE_COMPILE_CACHE=${paths.cache}/node`,
    // A gateway that refuses its configuration must not be started for ever.
    '--restart=on-failure:3',
    ...lasting('json-file', 10),
    versionLabelOf(spec),
    oursLabel,
    spec.image,
    ...entry.behindFence(spec.command),
  ];
}

/** A digest of everything the home is made from: two homes with the same one are the same. */
export function specDigest(spec: HomeSpec, ingredients: Ingredients): string {
  const parts = [
    ...homeArguments(spec, ingredients),
    String(spec.port),
    JSON.stringify(spec.fence),
    ingredients.seccomp?.contents ?? '',
    spec.certificates ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Arguments that make the home under a name of its own.
 *
 * @param guard the engine's id of the guard whose network it is in
 */
export function createArguments(
  name: string,
  guard: string,
  spec: HomeSpec,
  ingredients: Ingredients,
): string[] {
  const digest = specDigest(spec, ingredients);
  return [
    'create',
    `--name=${name}`,
    `--label=${specLabel}=${digest}`,
    `--network=container:${guard}`,
    ...homeArguments(spec, ingredients),
  ];
}

/**
 * Arguments that run one command in a passing sandbox, just as hard, around the same state.
 *
 * @param guard whose network it is in; null: it has none
 */
export function onceArguments(
  name: string,
  guard: string | null,
  spec: HomeSpec,
  ingredients: Ingredients,
  argv: readonly string[],
  hasInput: boolean,
): string[] {
  return [
    'run',
    '--rm',
    `--name=${name}`,
    oursLabel,
    ...hard(spec, ingredients, stateWindow),
    sharedFolder(spec),
    passingCache,
    ...(guard === null ? cutOff : [`--network=container:${guard}`]),
    '--log-driver=none',
    ...(hasInput ? ['--interactive'] : []),
    spec.image,
    ...(guard === null ? entry.withSecrets(argv) : entry.behindFence(argv)),
  ];
}

/** Without a network of somebody else's, which brings its name along. */
const cutOff = ['--network=none', `--hostname=${hostname}`];

/** Arguments that start what a home runs, just as hard, on a copy of the state and cut off from everything. */
export function rehearsalArguments(spec: HomeSpec, ingredients: Ingredients): string[] {
  return [
    'run',
    '--detach',
    `--name=${rehearsalName}`,
    oursLabel,
    ...hard(spec, ingredients, rehearsalWindow),
    emptyShared(inside.shared),
    passingCache,
    ...cutOff,
    '--restart=no',
    ...lasting('json-file', 1),
    spec.image,
    ...entry.withSecrets(spec.command),
  ];
}
