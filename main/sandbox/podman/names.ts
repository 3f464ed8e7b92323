/** What only Podman's side has names for. */
import { createEntry } from '../container/entry.ts';
import { paths } from '../every-home.ts';
import { demandFence } from '../fence.ts';
import type { Inside } from '../sandbox.ts';

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
/** Certificates are no secret, but a secret is how Podman carries a file without a second host mount. */
export const certificatesName = 'clawcove-certificates';
/** To which image a copy of the state belongs. */
export const imageLabel = 'app.clawcove.image';
/** Digest of what a secret holds, only for what may be known: certificates. */
export const digestLabel = 'app.clawcove.digest';

/** Files named like the environment variables that they become for the agent. */
export const environmentFolder = `${paths.secrets}/environment`;
export const certificatesFile = `${paths.secrets}/certificates.pem`;

export const inside: Inside = {
  home: paths.home,
  state: paths.state,
  shared: paths.shared,
  gatewaySecret: `${paths.secrets}/gateway.json`,
  // As slirp4netns and pasta have it. Source: podman-run(1), --network.
  computer: ['10.0.2.2', '169.254.1.2'],
};

/** Podman's own way to hand a secret over as a variable (`type=env`) shows it to all (seen on 4.3). */
export const entry = createEntry(
  `for file in ${environmentFolder}/*; do [ -f "$file" ] && export "\${file##*/}=$(cat "$file")"; done`,
  demandFence,
);
