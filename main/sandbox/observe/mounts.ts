/** Reads /proc/PID/mountinfo and finds what of this computer's files can be seen in a home; pure. Source: proc(5). */

/** One line of mountinfo. */
export interface MountLine {
  /** "major:minor" of the filesystem. */
  readonly device: string;
  /** Which folder of the filesystem is mounted. */
  readonly root: string;
  readonly target: string;
  readonly writable: boolean;
  readonly type: string;
}

export function parseMounts(text: string): MountLine[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length > 8)
    .map((fields) => {
      const dash = fields.indexOf('-', 6);
      const isWritable = (options: string | undefined) => (options ?? '').split(',').includes('rw');
      return {
        device: fields[2] ?? '',
        root: unescaped(fields[3] ?? ''),
        target: unescaped(fields[4] ?? ''),
        // Both the mount and the filesystem behind it have a say.
        writable: isWritable(fields[5]) && isWritable(fields[dash + 3]),
        type: fields[dash + 1] ?? '',
      };
    });
}

/** Spaces and the like are written as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Filesystems that show the kernel and hold no files. */
const kernels = ['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue'];
/** Where devices live: not files, but ways into the computer. */
const devices = 'devtmpfs';
/** Devices that every container has. */
const harmlessDevices = ['null', 'zero', 'full', 'tty', 'random', 'urandom'];

/** A mount in a home whose contents come from this computer. */
export interface HostMount {
  readonly target: string;
  readonly writable: boolean;
  /** Where it lies on this computer, if it can be told. */
  readonly source: string;
}

/**
 * Mounts in a home whose contents come from this computer's files, apart from what the
 * engine itself keeps there (images, volumes, secrets, `resolv.conf` …).
 *
 * @param inside mounts of a process in the home
 * @param outside mounts of this computer
 * @param engineFolders where the engine keeps its own
 */
export function hostMounts(
  inside: readonly MountLine[],
  outside: readonly MountLine[],
  engineFolders: readonly string[],
): HostMount[] {
  return inside
    .filter(({ type }) => !kernels.includes(type) && type !== devices)
    .map((mount) => ({ ...mount, sources: pathsOutside(mount, outside) }))
    .filter(({ sources }) => sources.length > 0)
    .filter(({ sources }) => !sources.some((path) => engineFolders.some((folder) => isIn(path, folder))))
    .map(({ target, writable, sources }) => ({ target, writable, source: sources[0] ?? '' }));
}

/** Devices of this computer that can be reached in a home, where they were let in, but those that every program has. */
export function hostDevices(inside: readonly MountLine[]): string[] {
  return inside
    .filter(({ type, root }) => type === devices && !harmlessDevices.includes(root.slice(1)))
    .map(({ target }) => target);
}

/** Where on this computer the folder behind a mount can be found; empty for filesystems of the home's own. */
function pathsOutside(mount: MountLine, outside: readonly MountLine[]): string[] {
  return outside
    .filter(({ device, root }) => device === mount.device && isIn(mount.root, root))
    .map(({ root, target }) => {
      const way = mount.root.slice(root === '/' ? 0 : root.length);
      return target === '/' ? way || '/' : target + (way === '/' ? '' : way);
    });
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Filesystems by which a machine shows folders of the computer that it runs on. */
const shares = [
  '9p',
  'virtiofs',
  'drvfs',
  'vboxsf',
  'fuse.sshfs',
  'fuse.vmhgfs-fuse',
  'fuse.grpcfuse',
  'nfs',
  'nfs4',
  'cifs',
];

/**
 * Mounts in a home, in a machine, that show files of the computer which the machine runs on.
 *
 * @param inside mounts of a process in the home
 * @param machine mounts of the machine's own
 * @param sharedFolder where the shared folder is in the machine
 */
export function sharedMounts(
  inside: readonly MountLine[],
  machine: readonly MountLine[],
  sharedFolder: string,
): HostMount[] {
  const foreign = machine.filter(({ type, target }) => shares.includes(type) || target === sharedFolder);
  return inside
    .filter(({ type }) => !kernels.includes(type) && type !== devices)
    .map((mount) => ({
      mount,
      source: pathsOutside(mount, foreign)[0] ?? (shares.includes(mount.type) ? '' : null),
    }))
    .filter(({ source }) => source !== null)
    .map(({ mount: { target, writable }, source }) => ({ target, writable, source: source ?? '' }));
}
