import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root can make users, namespaces and packages come and go; anybody else uses what their computer has. */
export const isRoot = process.getuid?.() === 0;

/** Whether this runs as the rig's person, in the session that the rig gave them. */
export const isRigSession = process.env.CLAWCOVE_RIG_HOME !== undefined;

/** Whether to try every case of what a usual run tries some of. */
export const isLong = process.env.CLAWCOVE_E2E_LONG === '1';

/** Folder of the checkout that this rig lies in. */
export const checkoutFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything that is slow to make is kept here, between runs and between checkouts. */
export const cacheFolder =
  process.env.CLAWCOVE_RIG_CACHE ??
  (isRoot ? '/var/cache/clawcove-rig' : join(homedir(), '.cache', 'clawcove-rig'));

/** Pid files, logs and sockets of what the rig has running. */
export const runFolder = join(cacheFolder, 'run');

/** The versions of OpenClaw that the rig's registry serves, oldest first; `latest` is the last one. */
export const openClawVersions = ['2026.8.2', '2026.9.6'] as const;
export type OpenClawVersion = (typeof openClawVersions)[number];
export const [olderOpenClaw, latestOpenClaw] = openClawVersions;

/** Fixed, so that the person's registries.conf and a test that kills the registry agree. */
export const registryPort = 5055;
export const modelPort = 8099;
export const npmPort = 8098;
export const browserDebugPort = 9333;
export const displayNumber = 93;

/** The made-up network: a neighbour on the LAN and a server on the internet (a documentation range, RFC 5737). */
export const lan = {
  namespace: 'clawcove-lan',
  hostAddress: '10.77.0.1',
  neighbour: '10.77.0.2',
  internetSideOfHost: '198.51.100.1',
  internetServer: '198.51.100.2',
} as const;
