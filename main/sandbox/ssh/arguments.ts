/** How this computer speaks to another system over SSH, and what SSH's failures mean; pure. */

/** ssh's own exit code for "I failed, not what you ran". Source: ssh(1). */
export const sshFailed = 255;
const connectSeconds = 10;

/**
 * The longest path that a socket may have (bytes), less what SSH adds to it while it makes one.
 * Source: unix(7), sun_path; OpenSSH, muxclient.
 */
export const longestSocketPath = 107 - 17;

/** A system that is known by one key of its own and opened by one key of ours, as root. */
export interface Connection {
  /** Address or name; never begins with a dash. */
  readonly host: string;
  readonly port: number;
  /** What it is called in {@link knownHosts}, whatever its address is. */
  readonly alias: string;
  /** Files of this computer. */
  readonly clientKey: string;
  readonly knownHosts: string;
  /** Where the connection that is kept can be found. */
  readonly socket: string;
  /** Ports of its 127.0.0.1 that are, as long as a connection is kept, the same ports of ours. */
  readonly forwards: readonly number[];
}

type Settings = Readonly<Record<string, string>>;

const words = (settings: Settings): string[] => [
  // `none`: no file of settings at all, the system's neither.
  '-F',
  'none',
  ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
];

/** Nothing of this person's own SSH comes in: no settings, no agent, no other keys, no known hosts, no questions. */
function settingsFor({ alias, knownHosts }: Pick<Connection, 'alias' | 'knownHosts'>): Settings {
  return {
    BatchMode: 'yes',
    CheckHostIP: 'no',
    ClearAllForwardings: 'yes',
    ConnectTimeout: String(connectSeconds),
    ForwardAgent: 'no',
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlgorithms: 'ssh-ed25519',
    HostKeyAlias: alias,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    LogLevel: 'ERROR',
    PreferredAuthentications: 'publickey',
    RequestTTY: 'no',
    // One that stands still is noticed: three questions without an answer.
    ServerAliveInterval: '15',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: escaped(knownHosts),
  };
}

function settings(connection: Connection, more: Settings = {}): string[] {
  const { port, clientKey, socket } = connection;
  const keys = { ControlPath: escaped(socket), IdentityFile: escaped(clientKey) };
  return [...words({ ...settingsFor(connection), ...keys, ...more }), '-p', String(port), '-l', 'root'];
}

/** A path as ssh reads it back: quoted for blanks, and `%` is a placeholder's beginning. Source: ssh_config(5). */
const escaped = (path: string) => `"${path.replaceAll('%', '%%')}"`;

/**
 * One command in the other system.
 *
 * @param word see oneWord
 * @param way over the connection that is kept, if there is one; or with a greeting of its own
 */
export function sshArguments(connection: Connection, word: string, way: 'as-it-is' | 'anew'): string[] {
  // The first value that is given counts.
  const own = way === 'anew' ? ['-o', 'ControlPath=none'] : [];
  return [...own, ...settings(connection), '-o', 'ControlMaster=no', '-T', '--', connection.host, word];
}

/**
 * A connection that stays, through which the others go: saves each of them its greeting. One whose ports somebody
 * else has doesn't come about: the next call tries again.
 */
export function keepOpenArguments(connection: Connection): string[] {
  const { host, forwards } = connection;
  return [
    ...settings(
      connection,
      forwards.length === 0 ? {} : { ClearAllForwardings: 'no', ExitOnForwardFailure: 'yes' },
    ),
    '-o',
    'ControlMaster=yes',
    '-o',
    'ControlPersist=no',
    ...forwards.flatMap((port) => ['-L', `127.0.0.1:${port}:127.0.0.1:${port}`]),
    '-N',
    '-T',
    '--',
    host,
  ];
}

/** Asks for that connection, or (`exit`) ends it. */
export function controlArguments(connection: Connection, what: 'check' | 'exit'): string[] {
  return [...settings(connection), '-O', what, '--', connection.host];
}

/**
 * One command under somebody's own account, who is asked for their password: once, so that a wrong one locks
 * nobody out.
 *
 * @param line for their shell there: constant
 */
export function passwordArguments(
  to: Pick<Connection, 'host' | 'port' | 'alias' | 'knownHosts'> & { readonly account: string },
  line: string,
): string[] {
  const asked = {
    BatchMode: 'no',
    KbdInteractiveAuthentication: 'yes',
    NumberOfPasswordPrompts: '1',
    PreferredAuthentications: 'password,keyboard-interactive',
    PubkeyAuthentication: 'no',
  };
  const all = words({ ...settingsFor(to), ...asked });
  return [...all, '-p', String(to.port), '-l', to.account, '-T', '--', to.host, line];
}

/** A system's one line in our known_hosts. @param publicKey as ssh-keygen writes it */
export function knownHost(alias: string, publicKey: string): string {
  const [kind = '', key = ''] = publicKey.trim().split(/\s+/);
  return `${alias} ${kind} ${key}\n`;
}

/** Why a system can't be spoken to. */
export type NoAnswer = 'host-key-changed' | 'key-refused' | 'silent';

/** What ssh itself said when it failed (exit code 255); only for calls whose command prints nothing. Seen with OpenSSH 9.2. */
export function noAnswerFrom(stderr: string): NoAnswer {
  if (/host key verification failed|host identification has changed|no matching host key type/i.test(stderr))
    return 'host-key-changed';
  if (/permission denied/i.test(stderr)) return 'key-refused';
  return 'silent';
}
