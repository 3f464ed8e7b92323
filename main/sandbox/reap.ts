/** Ends what a command left behind that was given up: ending its caller leaves it running inside. */
import { randomBytes } from 'node:crypto';

/** The environment variable that marks the processes of one call, so that they can be ended. */
export const callVariable = 'CLAWCOVE_CALL';

/** What a call is marked with; nobody else's is. */
export const newCallMark = (): string => randomBytes(12).toString('hex');

/**
 * Looked for until they are gone twice running: the command may only just be starting when the call is given up.
 * Constant: what marks them comes as an argument.
 */
const script = `gone=0
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=$(grep -lsxzF -- "$1" /proc/[0-9]*/environ | cut -d/ -f3)
  if [ -n "$found" ] && kill -KILL $found; then gone=0; else gone=$((gone + 1)); fi
  [ "$gone" -ge 2 ] && exit 0
  sleep 0.2
done`;

/** Longer than it takes on a busy computer (ms). */
export const reapTimeout = 30_000;

/**
 * The command that ends all processes of a call, to be run where they can be seen and ended: from beside them, so
 * that it needs nothing of theirs, not even one free process.
 */
export const reaping = (mark: string): string[] => [
  '/bin/sh',
  '-c',
  script,
  'reap',
  `${callVariable}=${mark}`,
];
