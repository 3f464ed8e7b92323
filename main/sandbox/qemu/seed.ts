/** What the machine is told at its first start; pure. */
import { runScript, scriptInside } from '../ssh/guest-script.ts';
import { fatImage } from './fat-image.ts';
import { hardenedFiles } from './hardened.ts';
import { hostAlias, resolver, sharedInside, sharedTag } from './names.ts';

export interface SeedWords {
  /** Of this machine and no other: cloud-init takes a new one for a new machine. */
  readonly instance: string;
  /** OpenSSH private and public key of the machine. */
  readonly hostKey: string;
  readonly hostKeyPublic: string;
  /** The key that opens it. */
  readonly clientKeyPublic: string;
}

/** Where the machine keeps which key opens it: not where somebody inside would add one. */
const keysFile = '/etc/ssh/clawcove-keys';

/** Says that the first start came to its end. */
export const settledFile = '/var/lib/clawcove/settled';

/**
 * - root by key only, and with the key nothing but the one script; nobody else at all, by no other way.
 * - No name is looked up for who comes in: it takes time where there is no network.
 * - Sessions stay as many: all calls share one connection (SSH-7408 asks for two).
 */
const sshdSettings = `AllowUsers root
PermitRootLogin forced-commands-only
AuthenticationMethods publickey
AuthorizedKeysFile ${keysFile}
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding no
AllowAgentForwarding no
AllowStreamLocalForwarding no
X11Forwarding no
PermitTunnel no
PermitUserEnvironment no
PermitUserRC no
PrintMotd no
UseDNS no
Compression no
LogLevel VERBOSE
MaxAuthTries 3
LoginGraceTime 60
TCPKeepAlive no
ClientAliveInterval 300
ClientAliveCountMax 2
MaxSessions 64
HostKey /etc/ssh/ssh_host_ed25519_key
`;

/** The systemd name of a mount is its path. Source: systemd.mount(5). */
const mountUnit = `${sharedInside.slice(1).replaceAll('/', '-')}.mount`;

const mountSettings = `[Unit]
Description=The folder shared with the computer
[Mount]
What=${sharedTag}
Where=${sharedInside}
Type=9p
Options=trans=virtio,version=9p2000.L,msize=262144,access=any,nosuid,nodev
[Install]
WantedBy=multi-user.target
`;

const file = (path: string, permissions: string, content: string) => ({
  path,
  owner: 'root:root',
  permissions,
  content,
});

function userData({ hostKey, hostKeyPublic, clientKeyPublic }: SeedWords): object {
  return {
    hostname: hostAlias,
    // No account of the image's own, which could become root.
    users: [],
    disable_root: false,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_genkeytypes: [],
    ssh_keys: { ed25519_private: hostKey, ed25519_public: hostKeyPublic },
    write_files: [
      file('/etc/ssh/sshd_config.d/00-clawcove.conf', '0644', sshdSettings),
      file(keysFile, '0644', `restrict,command="${scriptInside}" ${clientKeyPublic.trim()}\n`),
      file(scriptInside, '0755', runScript),
      file(`/etc/systemd/system/${mountUnit}`, '0644', mountSettings),
      ...Object.entries(hardenedFiles).map(([path, text]) => file(path, '0644', text)),
    ],
    // Here in order, each a list of words. The last one says that all went before it.
    runcmd: [
      ['mkdir', '-p', sharedInside, '/var/lib/clawcove'],
      ['sysctl', '--quiet', '--system'],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', mountUnit],
      // The machine was told all that there is to tell: without the seed it would take itself for a new one.
      ['touch', '/etc/cloud/cloud-init.disabled'],
      ['touch', settledFile],
    ],
  };
}

const networkConfig = {
  version: 2,
  ethernets: {
    home: {
      match: { driver: 'virtio_net' },
      dhcp4: true,
      'dhcp4-overrides': { 'use-dns': false },
      dhcp6: false,
      'accept-ra': false,
      'link-local': [],
      nameservers: { addresses: [resolver] },
    },
  },
};

/** The disk from which cloud-init reads it. YAML is a superset of JSON. */
export function seedImage(words: SeedWords): Buffer {
  return fatImage('CIDATA', {
    'meta-data': JSON.stringify({ 'instance-id': words.instance, 'local-hostname': hostAlias }),
    'user-data': `#cloud-config\n${JSON.stringify(userData(words))}\n`,
    'network-config': JSON.stringify(networkConfig),
  });
}
