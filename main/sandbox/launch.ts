/** Starts what goes on when ClawCove ends, and reads whether it has ended. */
import type { Command } from '../doors.ts';

/** Administrators' programs lie where ordinary people's aren't looked for. */
export const pathWithSbin = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * In a session of its own, without anything of ours open. A shell waits for it and notes how it ended; the
 * file, which is new each time, says so after whatever the program itself said. Constant: all comes as arguments.
 */
const script = `umask 077; words=$1; shift; exec setsid --fork /bin/sh -c '"$@"; echo "clawcove: ended with $?"' launch "$@" </dev/null >"$words" 2>&1`;

/** The line that says so. */
export const endLine = /^clawcove: ended with (\d+)$/m;

/** @param wordsFile where it may say something */
export function launchCommand(wordsFile: string, argv: readonly string[], signal: AbortSignal): Command {
  return {
    file: '/bin/sh',
    args: ['-c', script, 'launch', wordsFile, ...argv],
    environment: { PATH: pathWithSbin },
    timeoutMs: 15_000,
    signal,
  };
}
