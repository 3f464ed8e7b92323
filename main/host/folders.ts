/** The person's own folders, and what must never be shared of them. */
import { mkdir, readdir, realpath, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KnownFolders } from '../doors.ts';
import { exists, readBounded } from './files.ts';

/** Names that desktops give to personal folders where user-dirs.dirs doesn't say otherwise. */
const usualPersonal = [
  ...['Desktop', 'Documents', 'Downloads', 'Pictures', 'Music', 'Videos', 'Public', 'Templates'],
  ...['桌面', '文档', '下载', '图片', '音乐', '视频', '公共', '模板'],
];

/** Folders that a program copies to other computers, by how their names begin (`OneDrive - Company`, `Nextcloud2`). */
const syncedPrefixes = [
  ...['Dropbox', 'OneDrive', 'Google Drive', 'GoogleDrive', 'My Drive', 'iCloud', 'Nextcloud', 'ownCloud'],
  ...['Nutstore', '坚果云', 'BaiduNetdisk', 'BaiduNetdiskDownload', '百度网盘', '百度云', '我的坚果云'],
  ...['Syncthing', 'Sync', 'pCloudDrive', 'pCloud', 'MEGA', 'Seafile', 'Tresorit', 'Box', 'Resilio Sync'],
  ...['Proton Drive', 'Koofr', 'Yandex.Disk', 'WPS云盘', 'WPSDrive', '腾讯微云', '阿里云盘', '天翼云盘'],
];
const syncedHidden = ['.dropbox-dist', 'insync', 'snap/onedrive'];

/** Where passwords, keys and sign-ins are kept, from the home folder on. */
const secretFolders = [
  ...['.ssh', '.gnupg', '.password-store', '.pki', '.aws', '.azure', '.kube', '.docker', '.netrc.d'],
  ...['.config', '.local', '.cache', '.var', 'snap', '.mozilla', '.thunderbird', '.wallets', '.electrum'],
  ...['.bitcoin', '.ethereum', '.1password', '.keepass', '.openclaw', '.clawdbot'],
];
/** Names of password managers' own folders, wherever in the home folder they lie. */
const secretPrefixes = [
  'KeePass',
  'Keepass',
  '1Password',
  'Bitwarden',
  'Enpass',
  'LastPass',
  'Passwords',
  '密码',
];

/**
 * Reads xdg-user-dirs' file; pure.
 *
 * @param text of ~/.config/user-dirs.dirs: `XDG_DOCUMENTS_DIR="$HOME/Dokumente"`
 */
export function userFolders(text: string, home: string): string[] {
  return (
    text
      .split('\n')
      .map((line) => /^\s*XDG_[A-Z]+_DIR="((?:[^"\\]|\\.)*)"/.exec(line)?.[1])
      .filter((value) => value !== undefined)
      .map((value) => value.replace(/\\(.)/g, '$1').replace(/^\$HOME(?=\/|$)/, home))
      .filter((path) => path.startsWith('/'))
      .map((path) => path.replace(/\/+$/, '') || '/')
      // xdg-user-dirs sets a folder that is gone to the home folder itself.
      .filter((path) => path !== home && path !== '/')
  );
}

/** Real paths of those that exist. */
async function real(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(realPath));
  return [...new Set(found.filter((path) => path !== null))];
}

/** Looks at the person's home folder on a desktop of Linux's. */
export async function knownFolders(home: string, configFolder: string): Promise<KnownFolders> {
  const named = userFolders((await readBounded(join(configFolder, 'user-dirs.dirs'))) ?? '', home);
  return gatherFolders(home, { personal: named, synced: [], secrets: [] });
}

/**
 * Looks at a person's home folder, wherever it is.
 *
 * @param own what this system has besides, as absolute paths; what isn't there is left out
 */
export async function gatherFolders(
  home: string,
  own: Pick<KnownFolders, 'personal' | 'synced' | 'secrets'>,
): Promise<KnownFolders> {
  const realHome = (await realPath(home)) ?? home;
  const names = await readdir(home).catch(() => []);
  const at = (list: readonly string[]) => list.map((name) => join(home, name));
  const clouds = names.filter((name) => syncedPrefixes.some((prefix) => beginsAsWord(name, prefix)));
  const safes = names.filter((name) => secretPrefixes.some((prefix) => name.startsWith(prefix)));
  const personal = await real([...own.personal, ...at(usualPersonal)]);
  return {
    home: realHome,
    personal: personal.filter((path) => path !== realHome),
    synced: await real([...own.synced, ...at(clouds), ...at(syncedHidden)]),
    secrets: await real([...own.secrets, ...at(secretFolders), ...at(safes)]),
  };
}

/** `OneDrive - Company` and `Nextcloud2` are clouds, `Boxing` isn't. */
function beginsAsWord(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\p{Script=Latin}/u.test(name.slice(prefix.length));
}

/** A path with all links resolved, or null when there is nothing. */
export async function realPath(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

/** Makes a folder for this person alone, with the folders above it; one that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Free bytes for this person where a path, or its nearest parent that exists, lies. */
export async function freeDisk(path: string): Promise<number> {
  let at = path;
  while (at !== dirname(at) && !(await exists(at))) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}
