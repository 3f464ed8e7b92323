/** Whether the distribution keeps to what it was told, seen from inside it, as root of it; pure but for the one question. */
import { parseMounts } from '../observe/mounts.ts';
import type { ExecResult } from '../sandbox.ts';

/** Between the answers; nothing that a file holds looks like it by accident, and who forges it forges only itself. */
const parting = '=-=-= clawcove =-=-=';

/** All that is looked at, in one call. Constant. */
export const lookAtLockdown = [
  '/bin/sh',
  '-c',
  [
    'cat /etc/wsl.conf',
    `echo "${parting}"`,
    'cat /etc/fstab',
    `echo "${parting}"`,
    'cat /proc/self/mountinfo',
    `echo "${parting}"`,
    // What systemd itself looks at to know that it runs the system. Source: sd_booted(3).
    '[ -d /run/systemd/system ] && echo systemd || cat /proc/1/comm',
    `echo "${parting}"`,
    // Only where programs of Windows may be started does WSL tell how. Source: microsoft/WSL, init.
    'echo "$WSL_INTEROP"',
  ].join('; '),
] as const;

/** What was seen. */
export interface Lockdown {
  readonly wslConf: string;
  readonly fstab: string;
  /** Folders of Windows that are mounted, as Windows calls them (null: nobody says), by where they are. */
  readonly windowsFolders: readonly { readonly source: string | null; readonly target: string }[];
  readonly hasSystemd: boolean;
  /** Whether programs of Windows could be started. */
  readonly interop: boolean;
}

/** File systems that lead to Windows' files. WSLg and the tools of WSL's own come by these as well, but not from a drive. */
const windowsTypes = ['9p', 'drvfs', 'virtiofs'];

/** Reads the answer to {@link lookAtLockdown}; untrusted, like everything from inside. */
export function lockdownFrom({ untrustedOut }: ExecResult): Lockdown | null {
  const parts = untrustedOut.split(`${parting}\n`);
  if (parts.length !== 5) return null;
  const [wslConf = '', fstab = '', mountinfo = '', first = '', interop = ''] = parts;
  const mounts = parseMounts(mountinfo).filter(({ type }) => windowsTypes.includes(type));
  return {
    wslConf,
    fstab,
    windowsFolders: mounts
      .map(({ target, type }) => ({ target, type, source: sourceOf(mountinfo, target) }))
      // WSL's other way of sharing doesn't say what; WSL's own parts come by 9p, and from no drive.
      .filter(({ source, type }) => source !== null || type === 'virtiofs')
      .map(({ source, target }) => ({ source, target })),
    hasSystemd: first.trim() === 'systemd',
    interop: interop.trim() !== '',
  };
}

/**
 * What drvfs mounts: as the line's source (`C:\134Users…`), or where that is one of the relay's own names, in its
 * options (`aname=drvfs;path=C:\…`). [own knowledge: no recorded mountinfo of WSL was at hand]
 */
function sourceOf(mountinfo: string, target: string): string | null {
  const unescaped = (word: string) =>
    word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ');
    if (unescaped(fields[4] ?? '') !== target) continue;
    const [, , source = '', options = ''] = fields.slice(fields.indexOf('-', 6));
    const path = /(?:^|[;,])path=([^;,]+)/.exec(unescaped(options))?.[1] ?? '';
    return [unescaped(source), path].find((each) => /^[A-Za-z]:/.test(each)) ?? null;
  }
  return null;
}

/** What is not as it should be. */
export type Breach =
  | 'settings-differ'
  | 'no-systemd'
  | 'sees-more'
  | 'starts-windows-programs'
  | 'folder-not-seen';

export interface Wanted {
  readonly wslConf: string;
  readonly fstab: string;
  readonly sharedFolder: string;
  readonly sharedInside: string;
}

/** Judges what was seen; empty: all is as told. */
export function breachesIn(seen: Lockdown, wanted: Wanted): Breach[] {
  const isWanted = ({ target }: { target: string }) => target === wanted.sharedInside;
  const isSame = (a: string, b: string) =>
    a.replace(/\\+$/, '').toLowerCase() === b.replace(/\\+$/, '').toLowerCase();
  const breaches: Breach[] = [];
  if (seen.wslConf !== wanted.wslConf || seen.fstab !== wanted.fstab) breaches.push('settings-differ');
  if (!seen.hasSystemd) breaches.push('no-systemd');
  if (
    seen.windowsFolders.some(
      (folder) => !isWanted(folder) || !isSame(folder.source ?? wanted.sharedFolder, wanted.sharedFolder),
    )
  )
    breaches.push('sees-more');
  if (seen.interop) breaches.push('starts-windows-programs');
  if (!seen.windowsFolders.some(isWanted)) breaches.push('folder-not-seen');
  return breaches;
}
