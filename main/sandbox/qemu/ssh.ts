/** How this computer speaks to the machine over SSH, and what SSH's failures mean; pure. */
import { hostAlias, type Places } from './names.ts';

/** ssh's own exit code for "I failed, not what you ran". Source: ssh(1). */
export const sshFailed = 255;
const connectSeconds = 10;

/** Nothing of this person's own SSH comes in: no settings, no agent, no other keys, no known hosts, no questions. */
function settings(places: Places, port: number): string[] {
  const options = {
    BatchMode: 'yes',
    CheckHostIP: 'no',
    ClearAllForwardings: 'yes',
    ConnectTimeout: String(connectSeconds),
    ControlPath: escaped(places.ssh),
    ForwardAgent: 'no',
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlgorithms: 'ssh-ed25519',
    HostKeyAlias: hostAlias,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    IdentityFile: escaped(places.clientKey),
    LogLevel: 'ERROR',
    PreferredAuthentications: 'publickey',
    RequestTTY: 'no',
    // A machine that stands still is noticed: three questions without an answer.
    ServerAliveInterval: '15',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: escaped(places.knownHosts),
  };
  return [
    // `none`: no file of settings at all, the system's neither.
    '-F',
    'none',
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '-p',
    String(port),
    '-l',
    'root',
  ];
}

/** A path as ssh reads it back: quoted for blanks, and `%` is a placeholder's beginning. Source: ssh_config(5). */
const escaped = (path: string) => `"${path.replaceAll('%', '%%')}"`;

/**
 * One command in the machine.
 *
 * @param word see oneWord
 * @param way over the connection that is kept, if there is one; or with a greeting of its own
 */
export function sshArguments(places: Places, port: number, word: string, way: 'as-it-is' | 'anew'): string[] {
  // The first value that is given counts.
  const own = way === 'anew' ? ['-o', 'ControlPath=none'] : [];
  return [...own, ...settings(places, port), '-o', 'ControlMaster=no', '-T', '127.0.0.1', word];
}

/** A connection that stays, through which the others go: saves each of them its greeting. */
export function keepOpenArguments(places: Places, port: number): string[] {
  return [
    ...settings(places, port),
    '-o',
    'ControlMaster=yes',
    '-o',
    'ControlPersist=no',
    '-N',
    '-T',
    '127.0.0.1',
  ];
}

/** Asks for that connection, or (`exit`) ends it. */
export function controlArguments(places: Places, port: number, what: 'check' | 'exit'): string[] {
  return [...settings(places, port), '-O', what, '127.0.0.1'];
}

/** The machine's one line in our known_hosts. @param publicKey as ssh-keygen writes it */
export function knownHost(publicKey: string): string {
  const [kind = '', key = ''] = publicKey.trim().split(/\s+/);
  return `${hostAlias} ${kind} ${key}\n`;
}

/** Why a machine can't be spoken to. */
export type NoAnswer = 'host-key-changed' | 'key-refused' | 'silent';

/** What ssh itself said when it failed (exit code 255); only for calls whose command prints nothing. Seen with OpenSSH 9.2. */
export function noAnswerFrom(stderr: string): NoAnswer {
  if (/host key verification failed|host identification has changed|no matching host key type/i.test(stderr))
    return 'host-key-changed';
  if (/permission denied/i.test(stderr)) return 'key-refused';
  return 'silent';
}
