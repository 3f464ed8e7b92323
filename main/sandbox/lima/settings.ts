/** The machine's settings as Lima reads them. */
import { stringify } from 'yaml';
import type { MachineSpec } from '../distro/machine.ts';
import type { Base } from './bases.ts';
import { keeperFor, ours, sharedInside } from './names.ts';

const MiB = 1024 ** 2;
const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g;

/** What Lima fills in blanks of (Go's text/template), as text that it reads back as it was. */
function withoutBlanks(text: string): string {
  return text.replaceAll('{{', '{{"{{"}}');
}

/**
 * The text of lima.yaml; pure. Everything that Lima would otherwise choose to share stands here: by
 * itself it shows a machine the person's whole home folder and brings every port of it to this computer.
 *
 * @param spec with absolute paths
 * @param bases one for each kind of processor
 * @param uid the person's number
 */
export function settingsText(spec: MachineSpec, bases: readonly Base[], uid: number): string {
  return stringify(
    {
      minimumLimaVersion: '2.0.0',
      message: ours,
      vmType: 'vz',
      os: 'Linux',
      images: bases.map(({ location, arch, digest }) => ({ location, arch, digest })),
      cpus: spec.cpus,
      memory: `${Math.floor(spec.memoryBytes / MiB)}MiB`,
      disk: `${Math.ceil(spec.diskBytes / MiB)}MiB`,
      user: { ...keeperFor(uid), comment: 'ClawCove', shell: '/bin/bash' },
      mountType: 'virtiofs',
      mountInotify: false,
      mounts: [{ location: withoutBlanks(spec.sharedFolder), mountPoint: sharedInside, writable: true }],
      ssh: {
        loadDotSSHPubKeys: false,
        forwardAgent: false,
        forwardX11: false,
        forwardX11Trusted: false,
      },
      caCerts: {
        removeDefaults: false,
        files: [],
        certs: [...(spec.certificates ?? '').matchAll(certificate)].map(([pem]) => pem),
      },
      containerd: { system: false, user: false },
      video: { display: 'none' },
      propagateProxyEnv: true,
      hostResolver: { enabled: true, ipv6: false },
      // Only Lima's own user-mode network: the others give the machine an address on the person's network.
      networks: [],
      additionalDisks: [],
      copyToHost: [],
      provision: [],
      upgradePackages: false,
      // The first that fits counts; the second does away with Lima's own, which forwards every port.
      portForwards: [
        {
          guestIP: '127.0.0.1',
          guestPort: spec.port,
          hostIP: '127.0.0.1',
          hostPort: spec.port,
          proto: 'tcp',
        },
        {
          guestIP: '0.0.0.0',
          guestIPMustBeZero: false,
          guestPortRange: [1, 65535],
          proto: 'any',
          ignore: true,
        },
      ],
    },
    // Long paths stay on their line, and nothing is said by reference.
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
