import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder, displayNumber, isRoot } from './settings.ts';

/** Whose computer it is in a test. */
export interface RigUser {
  name: string;
  uid: number;
  gid: number;
  /** Never a real person's home: tests wipe it. */
  home: string;
  /** XDG_RUNTIME_DIR. */
  runtimeFolder: string;
}

const ordinaryName = 'clawcove';

function lookUp(name: string): RigUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  if (!line) return undefined;
  const [, , uid, gid, , home = ''] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid), home, runtimeFolder: `/run/user/${uid}` };
}

/**
 * The person in front of the computer: the account `clawcove` where the rig is root, else the invoker with
 * a home of its own inside the cache.
 * @throws Error before `ensureUser` made the account
 */
export function rigUser(): RigUser {
  if (isRoot) {
    const user = lookUp(ordinaryName);
    if (!user) throw new Error(`There is no account ${ordinaryName} yet: node e2e/rig/rig.ts prepare`);
    return user;
  }
  const { username, uid, gid } = userInfo();
  // Inside a session the rig already runs as the person, and the session says where their home is.
  const { CLAWCOVE_RIG_HOME, CLAWCOVE_RIG_RUNTIME } = process.env;
  return {
    name: username,
    uid,
    gid,
    home: CLAWCOVE_RIG_HOME ?? join(cacheFolder, 'home'),
    runtimeFolder: CLAWCOVE_RIG_RUNTIME ?? join(cacheFolder, 'runtime'),
  };
}

/**
 * Makes the ordinary, non-administrator account with all that rootless containers ask of it: subordinate
 * ids (useradd gives them), a runtime folder (no logind here), and the two device nodes.
 */
export async function ensureUser(): Promise<RigUser> {
  if (isRoot) {
    if (!lookUp(ordinaryName)) await execa('useradd', ['-m', '-s', '/bin/bash', ordinaryName]);
    for (const device of ['/dev/net/tun', '/dev/fuse']) if (existsSync(device)) chmodSync(device, 0o666);
  }
  const user = rigUser();
  mkdirSync(user.home, { recursive: true });
  mkdirSync(user.runtimeFolder, { recursive: true });
  if (isRoot) chownSync(user.runtimeFolder, user.uid, user.gid);
  chmodSync(user.runtimeFolder, 0o700);
  return user;
}

const systemCertificates = '/etc/ssl/certs/ca-certificates.crt';

/** The environment of the person's desktop session: complete, nothing of the test runner's own leaks in. */
export function sessionEnv(extra: Record<string, string> = {}): Record<string, string> {
  const { name, home, runtimeFolder } = rigUser();
  return {
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: '/bin/bash',
    // As Debian gives it to ordinary people: without the sbin folders.
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: runtimeFolder,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_SESSION_TYPE: 'x11',
    DISPLAY: `:${displayNumber}`,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtimeFolder}/bus`,
    CLAWCOVE_RIG_CACHE: cacheFolder,
    CLAWCOVE_RIG_HOME: home,
    CLAWCOVE_RIG_RUNTIME: runtimeFolder,
    ...(existsSync(systemCertificates) && { NODE_EXTRA_CA_CERTS: systemCertificates }),
    ...extra,
  };
}

/** argv that becomes the person and keeps the environment: ordinary groups, no capabilities. */
export function becomeUser(argv: readonly string[]): string[] {
  if (!isRoot) return [...argv];
  const { uid, gid } = rigUser();
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--inh-caps=-all', ...argv];
}

/** argv that runs `argv` as the person, in their session's environment and nothing else. */
export function asUser(argv: readonly string[], env: Record<string, string> = {}): string[] {
  const pairs = Object.entries(sessionEnv(env)).map(([key, value]) => `${key}=${value}`);
  return becomeUser(['env', '-i', ...pairs, ...argv]);
}
