/** Looks from outside for what a home should not hold: ways to become root, and engines to give orders to. */
import { posix } from 'node:path';
import type { Files, Stat } from './files.ts';
import type { MountLine } from './mounts.ts';

/** Paths inside a home are Linux's, on whatever system it lives. */
const { join } = posix;

/** Where programs usually are. */
export const programFolders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin'];
/** Programs whose purpose is to become somebody else. */
const becomers = ['sudo', 'doas', 'pkexec', 'run0'];
/** Where engines usually listen. */
export const usualSockets = [
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
export async function rootDoorsIn(files: Files, root: string, canGainPrivileges: boolean): Promise<string[]> {
  if ((await files.list(root)) === null) throw new Error(`can't read ${root}`);
  const found: string[] = [];
  for (const folder of programFolders) {
    // A link leads to a folder that is on the list itself, or, if it is absolute, out of the home.
    if ((await statInside(files, root, folder))?.is !== 'folder') continue;
    const names = await files.list(join(root, folder));
    if (names === null) throw new Error(`can't read ${folder}`);
    for (const name of names) {
      const isBecomer = becomers.includes(name);
      if (!isBecomer && !(canGainPrivileges && (await isSetUid(files, join(root, folder, name))))) continue;
      found.push(`/${folder}/${name}`);
      if (found.length === enough) return found;
    }
  }
  return found;
}

async function isSetUid(files: Files, path: string): Promise<boolean> {
  const stat = await files.stat(path);
  return stat?.is === 'file' && (stat.mode & setUserId) !== 0;
}

/**
 * Sockets of container engines that can be seen inside.
 *
 * @param root `/proc/PID/root`
 * @param mounts of a process in the home
 */
export async function engineSocketsIn(
  files: Files,
  root: string,
  mounts: readonly MountLine[],
): Promise<string[]> {
  const mounted = mounts.filter((mount) => socketName.test(mount.root) || socketName.test(mount.target));
  const found = new Set(mounted.map(({ target }) => target));
  for (const path of usualSockets)
    if ((await statInside(files, root, path))?.is === 'socket') found.add(`/${path}`);
  return [...found].slice(0, enough);
}

/** What is at a path inside, or null; never through a link, which would lead out into this computer. */
async function statInside(files: Files, root: string, path: string): Promise<Stat | null> {
  let at = root;
  let stat: Stat | null = null;
  for (const part of path.split('/')) {
    at = join(at, part);
    stat = await files.stat(at);
    if (stat === null || stat.is === 'link') return null;
  }
  return stat;
}
