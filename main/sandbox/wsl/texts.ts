/** Files inside the distribution that WSL itself heeds; pure. */
import { hostname } from '../every-home.ts';

/** The account that OpenClaw runs as inside. */
export interface AgentAccount {
  readonly name: string;
  /** An unusual number: all distributions of a person share one network, and rules for this number must not meet another's. */
  readonly uid: number;
  readonly gid: number;
}

/**
 * /etc/wsl.conf: nothing of Windows is mounted by itself, no program of Windows can be started from inside, and nobody
 * looks in from the Explorer. Source: microsoft/WSL, WslDistributionConfig.cpp.
 */
export function wslConf(): string {
  const sections: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {
    boot: { systemd: true },
    // `mountFsTab`: the shared folder, see fstab.
    automount: { enabled: false, mountFsTab: true, ldconfig: false },
    interop: { enabled: false, appendWindowsPath: false },
    // ClawCove names an account at each call; what another program starts here gets nothing more than this one.
    user: { default: 'nobody' },
    network: { generateHosts: true, generateResolvConf: true, hostname },
    gpu: { enabled: false },
    general: { guiApplications: false },
    fileServer: { enabled: false },
    time: { useWindowsTimezone: true },
  };
  const body = Object.entries(sections).map(
    ([name, values]) =>
      `[${name}]\n${Object.entries(values)
        .map(([key, value]) => `${key}=${value}\n`)
        .join('')}`,
  );
  return `# Kept by ClawCove: it writes this anew whenever it differs.\n${body.join('\n')}`;
}

/** A word of fstab: what would end it, or begin an escape, as octal numbers. Source: fstab(5), getmntent(3). */
export function fstabWord(word: string): string {
  return word.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/**
 * Whether a folder can be shared: on a drive with a letter. Network places (`\\server\share`) are other computers',
 * and a whole drive is no folder.
 * A comma or a semicolon in its name would end it where WSL puts the mount's options together, and another folder above
 * it would be shared instead. Source: microsoft/WSL, src/linux/init/drvfs.cpp.
 */
export function isSharable(windowsPath: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  return /^[A-Za-z]:\\[^\x00-\x1f"*,;<>?|\\][^\x00-\x1f"*,;<>?|]*$/.test(windowsPath);
}

/**
 * /etc/fstab: the one folder of Windows that can be seen inside. `nofail`: the home must start to say that it can't
 * be seen. Not allowed there: programs that gain rights, and devices.
 *
 * @param windowsPath `C:\Users\Jürgen Müller\OpenClaw`, see {@link isSharable}
 */
export function fstab(windowsPath: string, target: string, { uid, gid }: AgentAccount): string {
  if (!isSharable(windowsPath)) throw new Error('not a folder on a drive of this computer');
  const options = [
    'rw',
    'nosuid',
    'nodev',
    `uid=${uid}`,
    `gid=${gid}`,
    'umask=077',
    'fmask=177',
    'metadata',
    'nofail',
  ];
  const words = [fstabWord(windowsPath), fstabWord(target), 'drvfs', options.join(','), '0', '0'];
  return `# Kept by ClawCove: it writes this anew whenever it differs.\n${words.join(' ')}\n`;
}
