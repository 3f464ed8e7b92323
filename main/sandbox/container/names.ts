/** What every container engine calls what is of ours: a name that starts with `clawcove`, and a label where labels are possible. */

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
/** The agent inside: the official image's user `node`. */
export const agentUser = '1000:1000';

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
