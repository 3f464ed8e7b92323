/** The system inside a machine, as this driver asks it: with scripts that lie there, and files that it is given. */

import updates from '../../../assets/guest/52clawcove-unattended?raw';
import accounts from '../../../assets/guest/accounts.sh?raw';
import fence from '../../../assets/guest/fence.sh?raw';
import hold from '../../../assets/guest/hold.sh?raw';
import look from '../../../assets/guest/look.sh?raw';
import marked from '../../../assets/guest/marked.sh?raw';
import state from '../../../assets/guest/state.sh?raw';
import unpackLayer from '../../../assets/guest/unpack-layer.sh?raw';
import { ProblemError } from '../../problem.ts';
import { diskFull } from '../podman/call.ts';
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
 * Lays files one after the other; one that is as it should be is left alone. Constant: everything comes on standard
 * input, a line about each file before its contents.
 */
const putScript = `set -eu
umask 077
while read -r mode owner length path; do
  case $path in */*) [ -d "\${path%/*}" ] || install -d -m 711 "\${path%/*}" ;; esac
  head -c "$length" > "$path.new"
  chown "$owner:$owner" "$path.new"
  chmod "$mode" "$path.new"
  if cmp -s "$path.new" "$path" && [ "$(stat -c %u:%a "$path")" = "$owner:$mode" ]; then rm "$path.new"; else mv -T "$path.new" "$path"; fi
done`;

/** The line before each file can't hold everything that a path may. */
const plainPath = /^(?:\/[\w.@\\-]+)+$/;

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

/** Whether a command ended well; its output says nothing. */
export async function succeeds(guest: Guest, argv: readonly string[], signal: AbortSignal): Promise<boolean> {
  return (await guest.run(argv, { timeoutMs, signal })).exitCode === 0;
}

export async function putFiles(
  guest: Guest,
  files: readonly GuestFile[],
  signal: AbortSignal,
): Promise<void> {
  const input = files
    .map(({ path, text, mode, owner = 0 }) => {
      if (!plainPath.test(path)) throw new Error('not a plain path');
      return `${mode} ${owner} ${Buffer.byteLength(text)} ${path}\n${text}`;
    })
    .join('');
  await mustSucceed(guest.run(['/bin/sh', '-c', putScript, 'put'], { input, timeoutMs, signal }));
}

export const systemctl = (
  guest: Guest,
  words: readonly string[],
  signal: AbortSignal,
  patience = timeoutMs,
) => mustSucceed(guest.run(['systemctl', ...words], { timeoutMs: patience, signal }));

/** One of the scripts that lie in the system, with its arguments. */
export function tool(name: keyof typeof scripts, ...words: string[]): string[] {
  return ['/bin/sh', `${tools}/${name}.sh`, ...words];
}

const scripts = { accounts, fence, hold, look, marked, state, 'unpack-layer': unpackLayer };

/** Has the system's own security updates come by themselves, where it is one of Debian's kind. Constant. */
const updatesScript = `[ ! -d /etc/apt/apt.conf.d ] || exec /bin/sh -c "$1" put`;
const updatesFile = '/etc/apt/apt.conf.d/52clawcove-unattended';

/**
 * Makes the system ready for a home: scripts, the agent's account, folders, its own updates. Changes nothing where
 * everything is as it should be.
 */
export async function provision(guest: Guest, agentId: number, signal: AbortSignal): Promise<void> {
  const files = Object.entries(scripts).map(([name, text]) => ({
    path: `${tools}/${name}.sh`,
    text,
    mode: '755',
  }));
  await putFiles(
    guest,
    [
      ...files,
      { path: `${unitFolder}/${fenceUnit}`, text: fenceUnitText(), mode: '644' },
      { path: `${unitFolder}/${scratchUnit}`, text: scratchUnitText(), mode: '644' },
    ],
    signal,
  );
  await mustSucceed(guest.run(tool('accounts', String(agentId)), { timeoutMs, signal }));
  const input = `644 0 ${Buffer.byteLength(updates)} ${updatesFile}\n${updates}`;
  await mustSucceed(
    guest.run(['/bin/sh', '-c', updatesScript, 'updates', putScript], { input, timeoutMs, signal }),
  );
}
