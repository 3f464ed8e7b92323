/**
 * How a command gets into the machine as it is, whatever its words hold. SSH knows no lists of words: what it
 * is given goes to a shell at the other end. So it is given a single word of harmless letters, which a fixed
 * script in the machine takes apart; no shell ever reads what is in it. Pure.
 *
 * The key opens this script and nothing else (`command=` in the machine's list of keys), as root: whoever may
 * run any command as root gains nothing from an account of their own with sudo, and a machine without one
 * has one way less to become root.
 */
import { callVariable } from '../reap.ts';

/**
 * The most that one command may be (bytes, all words together): the kernel lets one variable have 128 KiB, and
 * the letters are four for three. Source: execve(2), MAX_ARG_STRLEN.
 */
export const mostWords = 90 * 1024;

export const scriptInside = '/usr/local/lib/clawcove/run';

/**
 * bash, because it reads words that end with a NUL byte into a list. The first one marks the call. `exec` starts
 * files only, no builtins, and what it starts has the input, output and exit code to itself.
 */
export const runScript = `#!/bin/bash
# Kept by ClawCove: runs what its owner's computer sends, word by word.
set -u
cd /
mapfile -d '' -t words < <(printf %s "\${SSH_ORIGINAL_COMMAND:-}" | base64 --decode)
[ "\${#words[@]}" -ge 2 ] || { echo "nothing to run" >&2; exit 64; }
export ${callVariable}="\${words[0]}" HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset SSH_ORIGINAL_COMMAND SSH_CLIENT SSH_CONNECTION
exec -- "\${words[@]:1}"
`;

/**
 * The one word for SSH.
 *
 * @param mark letters and digits
 * @throws Error when there is nothing to run, a word holds a NUL byte (no program can be given one), or it is too much
 */
export function oneWord(mark: string, argv: readonly string[]): string {
  if (argv.length === 0) throw new Error('nothing to run');
  const words = [mark, ...argv];
  if (words.some((word) => word.includes('\0'))) throw new Error('a word with a NUL byte');
  const bytes = Buffer.from(words.map((word) => `${word}\0`).join(''), 'utf8');
  if (bytes.length > mostWords) throw new Error('too many words for one command');
  return bytes.toString('base64');
}
