/** What is the same in every home, whatever the engine. */

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

/**
 * OpenClaw keys its owner lease and migration locks to host and process number: with a
 * fixed host name a killed home starts again at once, with a random one minutes later
 * (measured on 2026.9.6).
 */
export const hostname = 'openclaw-home';

/** Seconds that OpenClaw has to end by itself (0.8–1.5 s measured). */
export const stopSeconds = 20;

const GiB = 1024 ** 3;

/**
 * What one process may take where the kernel doesn't limit the home as a whole. V8 reserves
 * address space for every worker thread, which counts against this limit without being used:
 * 2.7 GB at rest, beyond 6 GB in a turn ("Failed to reserve virtual memory for CodeRange",
 * seen on 2026.9.6). So it stops a runaway, no more; OpenClaw's heap has a limit of its own.
 */
export const reservedByNode = 16 * GiB;
/** Enough for OpenClaw with its plugins, far from the system's own. */
export const openFiles = 8192;
