import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa, type Options } from 'execa';
import { ensurePackages, removePackages } from './apt.ts';
import { isRoot, registryPort } from './settings.ts';
import { asUser, rigUser } from './user.ts';

/** A complete rootless engine on Debian 12, with both runtimes. */
export const enginePackages = [
  'podman',
  'crun',
  'runc',
  'fuse-overlayfs',
  'slirp4netns',
  'uidmap',
  'netavark',
  'passt',
  'nftables',
] as const;

/**
 * How the engine keeps images. Measured with the 2026.9.6 image (900 MB unpacked) on ext4, and
 * `create --userns keep-id:uid=1000,gid=1000`:
 *
 * | driver | pull | disk | first create | disk | next create |
 * |---|---|---|---|---|---|
 * | overlay | 18 s | 0.9 GB | 9 s, maps a copy of the image once | 1.8 GB | 0.1 s |
 * | fuse-overlayfs | 28 s | 0.9 GB | 0.1 s, but programs start half as fast | 0.9 GB | 0.1 s |
 * | vfs | 37 s | 1.3 GB | 15 s | 3.1 GB | 6 s and 0.9 GB more |
 *
 * Debian 12's Podman takes vfs where no storage.conf says otherwise; `untouched` leaves it at that.
 */
export type StorageDriver = 'overlay' | 'fuse-overlayfs' | 'vfs' | 'untouched';

const storageConf: Record<Exclude<StorageDriver, 'untouched'>, string> = {
  overlay: '[storage]\ndriver = "overlay"\n',
  'fuse-overlayfs':
    '[storage]\ndriver = "overlay"\n[storage.options.overlay]\nmount_program = "/usr/bin/fuse-overlayfs"\n',
  vfs: '[storage]\ndriver = "vfs"\n',
};

// Source: containers-registries.conf(5). The product asks for ghcr.io/openclaw/…, as it would anywhere.
const registriesConf = `[[registry]]
prefix = "ghcr.io/openclaw"
location = "ghcr.io/openclaw"
[[registry.mirror]]
location = "127.0.0.1:${registryPort}/openclaw"
insecure = true
`;

/** Writes a file into the person's home, theirs with all folders above it. */
export function writeForUser(path: string, text: string, mode = 0o644): void {
  const { uid, gid, home } = rigUser();
  const own = (what: string) => isRoot && chownSync(what, uid, gid);
  mkdirSync(dirname(path), { recursive: true });
  for (let folder = dirname(path); folder.startsWith(`${home}/`); folder = dirname(folder)) own(folder);
  writeFileSync(path, text, { mode });
  own(path);
}

/**
 * The person's own engine configuration: the mirror that stands in for the official registry, and a
 * storage driver, which only counts before the engine's first use. No runtime is chosen: crun refuses
 * hybrid cgroups and the product has to cope.
 */
export function configurePodman(driver: StorageDriver = 'overlay'): void {
  const folder = join(rigUser().home, '.config', 'containers');
  // Without root nothing was built and no registry runs: the official registry serves.
  if (isRoot) writeForUser(join(folder, 'registries.conf'), registriesConf);
  if (driver === 'untouched') rmSync(join(folder, 'storage.conf'), { force: true });
  else writeForUser(join(folder, 'storage.conf'), storageConf[driver]);
}

/** Whether the engine is installed. */
export const hasEngine = (): boolean => existsSync('/usr/bin/podman');

/** Takes the engine away for real, so that "no engine" can be tested. Root only. */
export async function removeEngine(): Promise<void> {
  await removePackages([...enginePackages, 'conmon']);
}

/** Puts the engine (back) on the machine. */
export async function installEngine(): Promise<void> {
  await ensurePackages(enginePackages);
}

/** Runs podman as the person. Rejects on a non-zero exit, unless `reject: false` is given. */
export function podman(args: readonly string[], options: Options = {}) {
  const [file = '', ...rest] = asUser(['podman', ...args]);
  return execa(file, rest, { stdin: 'ignore', cwd: '/', ...options });
}
