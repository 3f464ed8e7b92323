import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { debianSources, ensurePackages } from './apt.ts';
import { cacheFolder, isRoot } from './settings.ts';
import { step } from './steps.ts';

/** Served as Debian serves its own images: the image, the list of checksums, its signature; and the key beside them. */
const cloudFolder = join(cacheFolder, 'cloud');
const imageName = 'debian-12-generic-amd64.qcow2';

/** What builds the image, and what a virtual machine needs on this computer. */
const packages = [
  ...['mmdebstrap', 'e2fsprogs', 'fdisk', 'qemu-utils', 'gnupg'],
  ...['qemu-system-x86', 'passt', 'nftables', 'openssh-client', 'gpgv', 'mtools', 'iproute2'],
  // Brought into a machine by a test.
  'lynis',
];

/** What the official image carries, as far as the product meets it. */
const insidePackages = [
  ...[
    'linux-image-amd64',
    'initramfs-tools',
    'zstd',
    'systemd-sysv',
    'systemd-resolved',
    'udev',
    'dbus',
    'libpam-systemd',
  ],
  ...[
    'cloud-init',
    'cloud-guest-utils',
    'netplan.io',
    'openssh-server',
    'sudo',
    'e2fsprogs',
    'fdisk',
    'iproute2',
  ],
  ...[
    'unattended-upgrades',
    'apparmor',
    'ca-certificates',
    'curl',
    'xz-utils',
    'grub-pc-bin',
    'grub2-common',
  ],
  ...['procps', 'nftables', 'chrony', 'qemu-guest-agent'],
];
const leftOut = ['man', 'doc', 'locale', 'info'].map((name) => `path-exclude=/usr/share/${name}/*`);

/** Modules of the machine that QEMU shows; all others only take time to unpack where the processor is software. */
const early = ['virtio_blk', 'virtio_pci', 'virtio_net', 'ext4'];
const speed = `mkdir -p "$1/etc/initramfs-tools/conf.d"
printf 'COMPRESS=zstd\\nCOMPRESSLEVEL=1\\nMODULES=list\\n' > "$1/etc/initramfs-tools/conf.d/speed"
printf '%s\\n' ${early.join(' ')} > "$1/etc/initramfs-tools/modules"`;

const sector = 512;
const diskSectors = 3 * 1024 * 2048;
/** As in the official image: the loader's own partition, and the root after 128 MiB. */
const loaderStart = 2048;
const rootStart = 262_144;
const partitions = `label: gpt
14 : start=${loaderStart}, size=6144, type=21686148-6449-6E6F-744E-656564454649
 1 : start=${rootStart}, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
`;
const loaderModules = [
  ...['biosdisk', 'part_gpt', 'part_msdos', 'ext2', 'normal', 'linux', 'search', 'search_label'],
  ...['search_fs_uuid', 'configfile', 'serial', 'terminal', 'echo', 'test', 'ls', 'cat'],
];
const loaderConfig = `set timeout=0
serial --unit=0 --speed=115200
terminal_output console serial
echo "Loading Debian"
search --no-floppy --label cloudroot --set=root
menuentry Debian {
  linux /vmlinuz root=LABEL=cloudroot ro console=tty0 console=ttyS0,115200 consoleblank=0
  initrd /initrd.img
}
`;

/** A root folder as the official image has it. */
async function makeRoot(root: string): Promise<void> {
  const sources = await debianSources();
  await execa(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=apt',
      `--include=${insidePackages.join(',')}`,
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
      ...leftOut.map((option) => `--dpkgopt=${option}`),
      `--essential-hook=${speed}`,
      '--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1"/etc/ssh/ssh_host_*',
      sources[0]?.suite ?? '',
      root,
      ...sources.map(({ uri, suite }) => `deb ${uri} ${suite} main`),
    ],
    { stdin: 'ignore' },
  );
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write('etc/fstab', 'LABEL=cloudroot / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 1\n');
  write('etc/machine-id', '');
  rmSync(join(root, 'etc/resolv.conf'), { force: true });
  symlinkSync('../run/systemd/resolve/stub-resolv.conf', join(root, 'etc/resolv.conf'));
  mkdirSync(join(root, 'boot/grub'), { recursive: true });
  write('boot/grub/grub.cfg', loaderConfig);
  await execa('chroot', [root, 'systemctl', 'enable', 'systemd-networkd', 'systemd-resolved', 'ssh']);
}

/** What grub-bios-setup does, without a device: the first sector points at the loader, and the loader at its own rest. */
async function installLoader(root: string, disk: string): Promise<void> {
  const core = join(root, 'core.img');
  await execa('chroot', [
    root,
    'grub-mkimage',
    ...['-O', 'i386-pc', '-p', '(hd0,gpt1)/boot/grub', '-o', '/core.img', ...loaderModules],
  ]);
  const handle = openSync(disk, 'r+');
  const put = (bytes: Buffer, at: number) => writeSync(handle, bytes, 0, bytes.length, at);
  const address = (block: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(block));
    return bytes;
  };
  put(readFileSync(join(root, 'usr/lib/grub/i386-pc/boot.img')).subarray(0, 440), 0);
  put(address(loaderStart), 0x5c);
  put(Buffer.from([0x90, 0x90]), 0x66);
  put(readFileSync(core), loaderStart * sector);
  put(address(loaderStart + 1), loaderStart * sector + 0x1f4);
  closeSync(handle);
  rmSync(core);
}

async function sign(folder: string, image: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(join(folder, image)), hash);
  writeFileSync(join(folder, 'SHA512SUMS'), `${hash.digest('hex')}  ${image}\n`);
  const home = join(folder, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const gpg = (...args: string[]) =>
    execa('gpg', ['--homedir', home, '--batch', '--passphrase', '', ...args], { encoding: 'buffer' });
  await gpg('--quick-generate-key', 'Rig <rig@example.invalid>', 'ed25519', 'sign', 'never');
  await gpg('--armor', '--detach-sign', '-o', join(folder, 'SHA512SUMS.sign'), join(folder, 'SHA512SUMS'));
  const { stdout } = await gpg('--export');
  writeFileSync(join(folder, 'keys'), Buffer.from(stdout).toString('base64'));
  await execa('gpgconf', ['--homedir', home, '--kill', 'all'], { reject: false });
  rmSync(home, { recursive: true });
}

async function build(folder: string): Promise<void> {
  const [root, disk] = [join(folder, 'root'), join(folder, 'disk.raw')];
  await makeRoot(root);
  writeFileSync(disk, '');
  truncateSync(disk, diskSectors * sector);
  await execa('sfdisk', ['-q', disk], { input: partitions });
  await installLoader(root, disk);
  const rootKilobytes = (diskSectors - rootStart - 2048) / 2;
  await execa('mke2fs', [
    ...['-q', '-t', 'ext4', '-L', 'cloudroot', '-m', '1', '-O', '^metadata_csum_seed'],
    ...['-E', `offset=${rootStart * sector},lazy_itable_init=1,nodiscard`, '-d', root, disk],
    `${rootKilobytes}k`,
  ]);
  await execa('qemu-img', ['convert', '-c', '-f', 'raw', '-O', 'qcow2', disk, join(folder, imageName)]);
  rmSync(root, { recursive: true });
  rmSync(disk);
  await sign(folder, imageName);
}

/**
 * Makes a stand-in for Debian's official cloud image, signed with a key of its own (root only; minutes, once).
 *
 * @returns the folder to serve
 */
export async function ensureCloudImage(): Promise<string> {
  if (!isRoot) throw new Error('The cloud image is built as root.');
  await ensurePackages(packages);
  if (existsSync(cloudFolder)) return cloudFolder;
  const scratch = `${cloudFolder}.part`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  await step('cloud image', () => build(scratch));
  renameSync(scratch, cloudFolder);
  return cloudFolder;
}
