/** What every container engine calls what is of ours: a name that starts with `clawcove`, and a label where labels are possible. */

/** The official image; the only registry that ClawCove names. */
export const officialImage = 'ghcr.io/openclaw/openclaw';

export const homeName = 'clawcove-openclaw';
/** Where a new OpenClaw is tried out. */
export const rehearsalName = 'clawcove-openclaw-rehearsal';

export const secretNames = {
  gateway: 'clawcove-gateway',
  'model-key': 'clawcove-model-key',
} as const;

/** Marks what is ours. */
export const homeLabel = 'app.clawcove.home';
/** Digest of everything a home was made from, so that making it again as it is changes nothing. */
export const specLabel = 'app.clawcove.spec';
export const versionLabel = 'app.clawcove.version';
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

/** Places inside every home. */
export const paths = {
  home: '/home/node',
  state: '/home/node/.openclaw',
  shared: '/home/node/shared',
  cache: '/home/node/.cache',
  /**
   * Podman 4.3 with runc can't mount secrets at their usual place, /run/secrets, under a
   * read-only root ("read-only file system"); on a tmpfs of our own it can.
   */
  secrets: '/run/clawcove',
} as const;
/** Where the agent works unless it is told otherwise. Source: agents.defaults.workspace, as onboarding writes it (2026.9.6). */
export const workspace = `${paths.state}/workspace`;

/** Seconds that OpenClaw has to end by itself (0.8–1.5 s measured). */
export const stopSeconds = 20;

/**
 * Names of sandboxes that pass: they never stand in the way of the home's own.
 *
 * @param maker number of the process that makes it, and takes it away again as long as it lives
 */
export function passingName(kind: 'once' | 'next', maker: number, random: string): string {
  return `${homeName}-${kind}-${maker}-${random}`;
}

/** The names that {@link passingName} makes. */
export const passing = new RegExp(`^${homeName}-(?:next|once)-(?<maker>\\d+)-`);

/** What becomes the name of an environment variable also becomes a file name and part of an argument. */
export function variableName(name: string): string {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) throw new Error('not a name for an environment variable');
  return name;
}
