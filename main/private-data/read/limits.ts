/** How far a file is looked into. What lies beyond is never taken for clean. */
export interface Limits {
  /** How many archives inside each other. */
  readonly depth: number;
  /** How many files inside one archive. */
  readonly entries: number;
  /** How many bytes are read of one file, unpacked, in all. */
  readonly bytes: number;
  /** How much of it may be in memory at once: what can't be read piece by piece, such as an archive inside another. */
  readonly bytesAtOnce: number;
  /** How long one file keeps the processor busy (ms). */
  readonly patience: number;
  /** How long it takes in all (ms), on a slow disk or a busy computer. */
  readonly wait: number;
  /** How much memory the app may take beyond what it had before (bytes); libraries unpack what they like. */
  readonly memory: number;
}

const MiB = 1024 ** 2;

export const usualLimits: Limits = {
  depth: 3,
  entries: 10_000,
  bytes: 256 * MiB,
  bytesAtOnce: 128 * MiB,
  patience: 30_000,
  wait: 300_000,
  memory: 1024 * MiB,
};
