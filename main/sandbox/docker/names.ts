/** What only Docker's side has names for. */
import { createEntry } from '../container/entry.ts';
import { homeName } from '../container/names.ts';
import { paths } from '../every-home.ts';
import { endUnfenced } from '../fence.ts';
import type { Inside, SecretId } from '../sandbox.ts';

/**
 * Holds everything that lasts: the state, its copies, secrets, the cache. Docker keeps volumes where an
 * ordinary person can't look, and can't rename them; folders of one volume change places in one step, and
 * a copy of the state needs no room to become the state.
 */
export const baseVolume = 'clawcove-openclaw-all';
/** Volumes that are nothing but a look into one folder of {@link baseVolume}: a home sees no other. */
export const stateWindow = 'clawcove-openclaw-state';
export const rehearsalWindow = 'clawcove-openclaw-rehearsal-state';
export const cacheWindow = 'clawcove-openclaw-cache';
/** The homes' own network, apart from every other container's. */
export const networkName = 'clawcove-openclaw';
/** Owns the home's network; see guard.ts. */
export const guardName = `${homeName}-guard`;

/** The fence that a guard builds, as JSON. */
export const fenceLabel = 'app.clawcove.fence';
/** Which secret a window looks at. */
export const secretLabel = 'app.clawcove.secret';
/** Digest of what may be known: certificates. */
export const digestLabel = 'app.clawcove.digest';

/** What is handed to a home as a file. */
export type Given = SecretId['id'] | 'certificates';
/** The one file in the folder of each. */
export const valueFile = 'value';

const environmentFolder = `${paths.secrets}/environment`;
/** Where a home finds the folder of what it is given. */
export const givenFolders = {
  gateway: `${paths.secrets}/gateway`,
  certificates: `${paths.secrets}/certificates`,
  environment: (variable: string) => `${environmentFolder}/${variable}`,
} as const;
export const certificatesFile = `${givenFolders.certificates}/${valueFile}`;

export const inside: Inside = {
  home: paths.home,
  state: paths.state,
  shared: paths.shared,
  gatewaySecret: `${givenFolders.gateway}/${valueFile}`,
  // The usual bridge's, and Docker Desktop's name for its computer (host.docker.internal).
  computer: ['172.17.0.1', '192.168.65.254'],
};

/** The name that the loopback interface gets when the fence around it stands; only the namespace's owner can give it. */
export const fenceSign = 'clawcove-fence';
const signFile = '/sys/class/net/lo/ifalias';
/** Shell words that answer whether the fence stands. */
export const fenceStands = `[ "$(cat ${signFile})" = ${fenceSign} ]`;

/** A guard and its home may be started together, by the system for example: the home waits for ten seconds. */
const demandFence = `tries=0; until ${fenceStands}; do tries=$((tries + 1)); [ $tries -lt 50 ] || ${endUnfenced}; sleep 0.2; done`;

/** Docker has no secrets but for swarms; what stands in `--env` is shown to everybody who may ask it to inspect. */
export const entry = createEntry(
  `for file in ${environmentFolder}/*/${valueFile}; do [ -f "$file" ] && name="\${file%/*}" && export "\${name##*/}=$(cat "$file")"; done`,
  demandFence,
);
