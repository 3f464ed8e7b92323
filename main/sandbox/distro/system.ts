/** The system inside a machine, as this driver asks it: with scripts that lie there, and files that it is given. */

import updates from '../../../assets/guest/52clawcove-unattended?raw';
import accounts from '../../../assets/guest/accounts.sh?raw';
import fence from '../../../assets/guest/fence.sh?raw';
import fixes from '../../../assets/guest/fixes.sh?raw';
import hold from '../../../assets/guest/hold.sh?raw';
import home from '../../../assets/guest/home.sh?raw';
import look from '../../../assets/guest/look.sh?raw';
import marked from '../../../assets/guest/marked.sh?raw';
import state from '../../../assets/guest/state.sh?raw';
import unpackLayer from '../../../assets/guest/unpack-layer.sh?raw';
import { ProblemError } from '../../problem.ts';
import { diskFull } from '../disk-full.ts';
import type { ExecResult } from '../sandbox.ts';
import type { Guest } from './machine.ts';
import { fenceUnit, scratchUnit, tools, unitFolder } from './names.ts';
import { fenceUnitText, scratchUnitText } from './unit.ts';

const timeoutMs = 60_000;

/** A file of the system's. Its folder is made where it is missing. */
export interface GuestFile {
  readonly path: string;
  readonly text: string;
  /** Octal, as chmod takes it. */
  readonly mode: string;
  /** Number of the account that it belongs to, root's unless said otherwise. */
  readonly owner?: number;
}

/**
 * Lays files one after the other; one that is as it should be is left alone. Then a command runs that may know whether
 * a unit changed. Constant: everything comes as arguments and on standard input, a line about each file before its
 * contents.
 */
const putScript = `set -eu
umask 077
CLAWCOVE_CHANGED=no
while read -r mode owner length path; do
  if [ "$mode" = gone ]; then rm -rf "$path"; continue; fi
  case $path in */*) [ -d "\${path%/*}" ] || install -d -m 755 "\${path%/*}" ;; esac
  head -c "$length" > "$path.new"
  if cmp -s "$path.new" "$path" && [ "$(stat -c %u:%a "$path")" = "$owner:$mode" ]; then rm "$path.new"; continue; fi
  chown "$owner:$owner" "$path.new"
  chmod "$mode" "$path.new"
  mv -T "$path.new" "$path"
  case $path in */systemd/system/*) CLAWCOVE_CHANGED=yes ;; esac
done
export CLAWCOVE_CHANGED
[ $# = 0 ] || exec "$@" < /dev/null`;

/** The line before each file can't hold everything that a path may. */
const plainPath = /^(?:\/[\w.@-]+)+$/;

/** @throws ProblemError for a failure of the system inside */
export async function mustSucceed(call: Promise<ExecResult>): Promise<ExecResult> {
  const result = await call;
  if (result.exitCode !== 0) throw guestProblem(result);
  return result;
}

/** What the system inside said when it failed, in one line. */
export function guestProblem({ exitCode, untrustedErr }: ExecResult): ProblemError {
  if (diskFull.test(untrustedErr)) return new ProblemError('no-room-on-disk', {}, ['try-again']);
  const lines = untrustedErr.split('\n').filter((line) => line.trim() !== '');
  const detail = (lines.at(-1) ?? `exit code ${exitCode}`).replace(/[^\x20-\x7e]/g, '?').slice(0, 300);
  return new ProblemError('engine-failed', { detail }, ['try-again', 'open-log']);
}

/** The scripts' exit code for a fence that could not be built. */
export const noFence = 70;

export function fenceProblem(result: ExecResult): ProblemError {
  const { detail = '' } = guestProblem(result).problem.facts;
  return new ProblemError('fence-failed', { detail }, ['try-again', 'open-log']);
}

/** Whether a command ended well; its output says nothing. */
export async function succeeds(guest: Guest, argv: readonly string[], signal: AbortSignal): Promise<boolean> {
  return (await guest.run(argv, { timeoutMs, signal })).exitCode === 0;
}

/** A file, or a folder, that must not be there any more. */
export interface Gone {
  readonly gone: string;
}

function lineFor(file: GuestFile | Gone): string {
  const path = 'gone' in file ? file.gone : file.path;
  if (!plainPath.test(path)) throw new Error('not a plain path');
  if ('gone' in file) return `gone 0 0 ${path}\n`;
  return `${file.mode} ${file.owner ?? 0} ${Buffer.byteLength(file.text)} ${path}\n${file.text}`;
}

/**
 * Lays files in the order they come, and then runs a command.
 *
 * @returns what the command printed
 */
export async function putFiles(
  guest: Guest,
  files: readonly (GuestFile | Gone)[],
  signal: AbortSignal,
  then: readonly string[] = [],
): Promise<string> {
  const input = files.map(lineFor).join('');
  const words = ['/bin/sh', '-c', putScript, 'put', ...then];
  return (await mustSucceed(guest.run(words, { input, timeoutMs, signal }))).untrustedOut;
}

/** The last words of a unit, in bytes. */
const maxLog = 256 * 1024;

/** The last lines that a unit's processes printed, bounded. */
export async function lastLines(
  guest: Guest,
  unit: string,
  lines: number,
  signal: AbortSignal,
): Promise<string> {
  const words = [`_SYSTEMD_UNIT=${unit}`, `--lines=${lines}`, '--quiet', '--no-pager', '--output=cat'];
  const answer = await guest.run(['journalctl', ...words], { timeoutMs, signal, maxBytes: maxLog });
  return answer.untrustedOut.trimEnd();
}

/** One of the scripts that lie in the system, with its arguments. */
export function tool(name: keyof typeof scripts, ...words: string[]): string[] {
  return ['/bin/sh', `${tools}/${name}.sh`, ...words];
}

const scripts = { accounts, fence, fixes, hold, home, look, marked, state, 'unpack-layer': unpackLayer };

/** What lies in every system that carries a home: scripts, and units that are always the same. */
export const systemFiles: readonly GuestFile[] = [
  ...Object.entries(scripts).map(([name, text]) => ({ path: `${tools}/${name}.sh`, text, mode: '755' })),
  { path: `${tools}/52clawcove-unattended`, text: updates, mode: '644' },
  { path: `${unitFolder}/${fenceUnit}`, text: fenceUnitText(), mode: '644' },
  { path: `${unitFolder}/${scratchUnit}`, text: scratchUnitText(), mode: '644' },
];
