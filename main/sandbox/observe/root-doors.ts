/** Looks from outside for what a home should not hold: ways to become root, and engines to give orders to. */
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountLine } from './mounts.ts';

/** Where programs usually are. */
const programFolders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin'];
/** Programs whose purpose is to become somebody else. */
const becomers = ['sudo', 'doas', 'pkexec', 'run0'];
/** Where engines usually listen. */
const usualSockets = [
  'run/docker.sock',
  'run/podman/podman.sock',
  'run/containerd/containerd.sock',
  'run/crio/crio.sock',
  'run/buildkit/buildkitd.sock',
  'run/host-services/docker.proxy.sock',
];
const socketName = /(?:^|\/)(?:docker|podman|containerd|crio|buildkitd|docker\.proxy)[^/]*\.sock$/;
/** More than this many finds say nothing new. */
const enough = 20;
/** The bit in a file's mode. */
const setUserId = 0o4000;

/**
 * Paths by which the agent could become root: programs made for it, and, where new
 * privileges can be gained at all, every set-user-id program. With no-new-privileges the
 * kernel ignores that bit, and every ordinary image has some (`su`, `mount` …).
 *
 * @param root `/proc/PID/root`
 * @throws when it can't be read
 */
export async function rootDoorsIn(root: string, canGainPrivileges: boolean): Promise<string[]> {
  await readdir(root);
  const found: string[] = [];
  for (const folder of programFolders) {
    // A link leads to a folder that is on the list itself, or, if it is absolute, out of the home.
    if (!(await statInside(root, folder))?.isDirectory()) continue;
    for (const name of await readdir(join(root, folder))) {
      const isBecomer = becomers.includes(name);
      if (!isBecomer && !(canGainPrivileges && (await isSetUid(join(root, folder, name))))) continue;
      found.push(`/${folder}/${name}`);
      if (found.length === enough) return found;
    }
  }
  return found;
}

async function isSetUid(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => null);
  return stat?.isFile() === true && (stat.mode & setUserId) !== 0;
}

/**
 * Sockets of container engines that can be seen inside.
 *
 * @param root `/proc/PID/root`
 * @param mounts of a process in the home
 */
export async function engineSocketsIn(root: string, mounts: readonly MountLine[]): Promise<string[]> {
  const mounted = mounts.filter((mount) => socketName.test(mount.root) || socketName.test(mount.target));
  const found = new Set(mounted.map(({ target }) => target));
  for (const path of usualSockets) if ((await statInside(root, path))?.isSocket()) found.add(`/${path}`);
  return [...found].slice(0, enough);
}

/** What is at a path inside, or null; never through a link, which would lead out into this computer. */
async function statInside(root: string, path: string): Promise<Stats | null> {
  let at = root;
  let stat: Stats | null = null;
  for (const part of path.split('/')) {
    at = join(at, part);
    stat = await lstat(at).catch(() => null);
    if (stat === null || stat.isSymbolicLink()) return null;
  }
  return stat;
}
