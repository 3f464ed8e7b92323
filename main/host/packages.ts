/** What installing the engine means on each family of Linux; pure. Constant words only: they run as administrator. */

/** A system's own way of installing programs, by the tool's path. */
export interface PackageManager {
  readonly tool: string;
  /** Shell lines that install the engine, in the order they run. */
  install(needs: { readonly runc: boolean }): readonly string[];
  /** Shell lines that install what a virtual machine needs. */
  installMachine(): readonly string[];
}

const optional = (wanted: boolean, name: string) => (wanted ? ` ${name}` : '');

const aptBegin = ['export DEBIAN_FRONTEND=noninteractive', 'apt-get update || true'];

/**
 * - A virtual machine: QEMU for this kind of processor without any screen, what makes and checks disks, ssh to speak
 *   to it, `passt` and `nftables` for its jail, `gpgv` to verify what it is made from.
 * - Debian: `containers-storage` brings the configuration without which Podman 4.3 takes the
 *   storage driver `vfs` (three times the disk); `dbus-user-session` lets the kernel enforce
 *   limits; `netavark` is what an earlier use may have settled on, and Podman does nothing without
 *   it then; `slirp4netns` keeps the computer's own services out; `passt` isn't on all releases.
 *   A source list that can't be refreshed must not keep the rest from being installed.
 * - `nftables` builds the fence around a home's network; nowhere does it start anything of its own.
 * - The others pull in what Podman needs by themselves; the named ones are only recommended there.
 */
export const packageManagers: readonly PackageManager[] = [
  {
    tool: '/usr/bin/apt-get',
    installMachine: () => [
      ...aptBegin,
      'apt-get install -y --no-install-recommends qemu-system-x86 qemu-utils openssh-client passt nftables gpgv',
    ],
    install: ({ runc }) => [
      ...aptBegin,
      `apt-get install -y --no-install-recommends podman uidmap slirp4netns fuse-overlayfs netavark containers-storage dbus-user-session crun nftables${optional(runc, 'runc')}`,
    ],
  },
  {
    tool: '/usr/bin/dnf',
    installMachine: () => [
      'dnf install -y qemu-system-x86-core qemu-img openssh-clients passt nftables gnupg2 util-linux',
    ],
    install: ({ runc }) => [
      `dnf install -y podman shadow-utils fuse-overlayfs passt nftables${optional(runc, 'runc')}`,
    ],
  },
  {
    tool: '/usr/bin/zypper',
    installMachine: () => [
      'zypper --non-interactive install qemu-x86 qemu-tools openssh-clients passt nftables gpg2 util-linux',
    ],
    install: ({ runc }) => [
      `zypper --non-interactive install podman shadow slirp4netns fuse-overlayfs nftables${optional(runc, 'runc')}`,
    ],
  },
  {
    tool: '/usr/bin/pacman',
    installMachine: () => [
      'pacman -S --needed --noconfirm qemu-base openssh passt nftables gnupg util-linux',
    ],
    install: ({ runc }) => [
      `pacman -S --needed --noconfirm podman slirp4netns fuse-overlayfs passt crun nftables${optional(runc, 'runc')}`,
    ],
  },
];
