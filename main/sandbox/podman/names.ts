/** Everything of ours in Podman has a name that starts with `clawcove`, and a label where labels are possible. */
import { demandFence } from '../fence.ts';
import type { Inside } from '../sandbox.ts';

/** The official image; the only registry that ClawCove names. */
export const officialImage = 'ghcr.io/openclaw/openclaw';

export const homeName = 'clawcove-openclaw';
export const stateVolume = 'clawcove-openclaw-state';
/** Where a copy of the state comes about; it gets the copy's name when it is whole. */
export const makingVolume = 'clawcove-openclaw-state-making';
export const copyVolumes = {
  before: 'clawcove-openclaw-state-before',
  aside: 'clawcove-openclaw-state-aside',
  incoming: 'clawcove-openclaw-state-incoming',
  outgoing: 'clawcove-openclaw-state-outgoing',
  rehearsal: 'clawcove-openclaw-state-rehearsal',
} as const;
/** Where a new OpenClaw is tried out. */
export const rehearsalName = 'clawcove-openclaw-rehearsal';

export const secretNames = {
  gateway: 'clawcove-gateway',
  'model-key': 'clawcove-model-key',
} as const;
/** Certificates are no secret, but a secret is how Podman carries a file without a second host mount. */
export const certificatesName = 'clawcove-certificates';

/** Marks what is ours. */
export const homeLabel = 'app.clawcove.home';
/** Digest of everything a home was made from, so that making it again as it is changes nothing. */
export const specLabel = 'app.clawcove.spec';
export const versionLabel = 'app.clawcove.version';
export const imageLabel = 'app.clawcove.image';
/** Digest of what a secret holds, only for what may be known: certificates. */
export const digestLabel = 'app.clawcove.digest';
/** The image's own word for its version. Source: OCI image spec, annotations. */
export const imageVersionLabel = 'org.opencontainers.image.version';

/**
 * OpenClaw keys its owner lease and migration locks to host and process number: with a
 * fixed host name a killed home starts again at once, with a random one minutes later
 * (measured on 2026.9.6).
 */
export const hostname = 'openclaw-home';

/** The agent inside: the official image's user `node`. */
export const agentUser = '1000:1000';

/**
 * Podman 4.3 with runc can't mount secrets at their usual place, /run/secrets, under a
 * read-only root ("read-only file system"); on a tmpfs of our own it can.
 */
const secretsFolder = '/run/clawcove';
/** Files named like the environment variables that they become for the agent. */
export const environmentFolder = `${secretsFolder}/environment`;
export const certificatesFile = `${secretsFolder}/certificates.pem`;

export const inside: Inside = {
  home: '/home/node',
  state: '/home/node/.openclaw',
  shared: '/home/node/shared',
  gatewaySecret: `${secretsFolder}/gateway.json`,
  // As slirp4netns and pasta have it. Source: podman-run(1), --network.
  computer: ['10.0.2.2', '169.254.1.2'],
};
/** Where the agent works unless it is told otherwise. Source: agents.defaults.workspace, as onboarding writes it (2026.9.6). */
export const workspace = `${inside.state}/workspace`;
export const cacheFolder = `${inside.home}/.cache`;

/**
 * Turns secret files into environment variables and becomes the command. Podman's own
 * way (`type=env`) shows the values to everybody who may say `podman inspect` (seen on 4.3).
 * Constant: names come from the files' names, the command as arguments.
 */
const become = `for file in ${environmentFolder}/*; do [ -f "$file" ] && export "\${file##*/}=$(cat "$file")"; done; exec "$@"`;
const withSecrets = ['/bin/sh', '-c', become, 'clawcove'] as const;
/** The same for what has a network: it is nothing's beginning where no fence stands. */
const behindFence = ['/bin/sh', '-c', `${demandFence}; ${become}`, 'clawcove'] as const;

/** A command that finds the secrets in its environment. */
export function withSecretsAsEnvironment(command: readonly string[]): string[] {
  return [...withSecrets, ...command];
}

/** The same, for a sandbox that has a network: it ends at once where no fence stands around that. */
export function onlyBehindFence(command: readonly string[]): string[] {
  return [...behindFence, ...command];
}

/** The command behind {@link withSecretsAsEnvironment} or {@link onlyBehindFence}; any other one unchanged. */
export function commandItself(command: readonly string[]): string[] {
  const ours = [withSecrets, behindFence].find((words) =>
    words.every((word, index) => command[index] === word),
  );
  return command.slice(ours?.length ?? 0);
}
