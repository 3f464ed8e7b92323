/** What things of ours are called inside a machine, and where they are. */
import { paths } from '../every-home.ts';
import type { Inside } from '../sandbox.ts';

/** Everything that belongs to the programs: root's, read-only for everybody else. */
export const programs = '/opt/clawcove';
export const tools = `${programs}/tools`;
/** State, its copies, the cache of compiled code, and the note of what the home is. */
export const kept = '/var/lib/clawcove';
export const stateFolder = `${kept}/state`;
export const cacheFolder = `${kept}/cache`;
export const recordFile = `${kept}/home.json`;
export const settings = '/etc/clawcove';
export const fenceFile = `${settings}/fence.nft`;

export const homeUnit = 'clawcove-openclaw.service';
export const rehearsalUnit = 'clawcove-rehearsal.service';
export const fenceUnit = 'clawcove-fence.service';
/** A folder in memory that the home and what runs beside it share as /tmp. */
export const scratchFolder = '/run/clawcovetmp';
export const scratchUnit = 'run-clawcovetmp.mount';
/** Limits count for all in a slice together: the home, and what ClawCove runs in it. */
export const homeSlice = 'clawcove-home.slice';
export const rehearsalSlice = 'clawcove-rehearsal.slice';
/** Units that outlive a restart of the machine, and such that don't. */
export const unitFolder = '/etc/systemd/system';
export const passingUnitFolder = '/run/systemd/system';

/** What a home is given from outside (secrets, certificates, its environment) lies apart for each kind of sandbox. */
export const givenFolders = {
  home: `${settings}/given`,
  once: '/run/clawcove-once',
  rehearsal: '/run/clawcove-rehearsal',
} as const;

/** Long enough that nobody meets it twice, short enough for forty of them in one line of mount options. */
const shortDigest = 32;

/** The name of a digest `sha256:…` among folders. */
export function folderOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) throw new Error('not a digest');
  return hex.slice(0, shortDigest);
}

export const imageFolder = (digest: string): string => `${programs}/images/${folderOf(digest)}`;
export const imageUnit = (digest: string): string => `opt-clawcove-images-${folderOf(digest)}.mount`;
/** Names the layers of an image that lies here whole, lowest first, one in a line. */
export const imageNote = (digest: string): string => `${imageFolder(digest)}.layers`;

/** The addresses of the computer are the machine's to say. */
export const inside: Omit<Inside, 'computer'> = {
  home: paths.home,
  state: paths.state,
  shared: paths.shared,
  gatewaySecret: `${paths.secrets}/gateway.json`,
};
/** Where {@link givenFolders} are seen: the folder of the secrets. */
export const givenInside = inside.gatewaySecret.slice(0, inside.gatewaySecret.lastIndexOf('/'));
