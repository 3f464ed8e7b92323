/** Ends what a command left behind that was given up: ending its caller leaves it running inside. */
import type { Clock } from '../doors.ts';

/** How often and how many times its processes are looked for (ms). */
const reapEvery = 200;
const reapTimes = 10;

/** Constant: what marks them comes as an argument. Needs no free process but its own. */
const script =
  'found=$(grep -lsxzF -- "$1" /proc/[0-9]*/environ | cut -d/ -f3); [ -n "$found" ] && kill -KILL $found';

/**
 * Ends all processes that carry a mark in their environment.
 *
 * @param mark `NAME=value`
 * @param run runs a command where the processes can be seen and ended, and answers with its exit code
 */
export async function reap(
  mark: string,
  run: (argv: readonly string[]) => Promise<number>,
  clock: Clock,
): Promise<void> {
  const idle = new AbortController().signal;
  // The command may only just be starting when the call is given up: looked for until it is gone twice running.
  for (let round = 0, gone = 0; round < reapTimes && gone < 2; round++) {
    gone = (await run(['sh', '-c', script, 'reap', mark])) === 0 ? 0 : gone + 1;
    await clock.sleep(reapEvery, idle);
  }
}
