/** What a machine is made from. */

/** A system's disk as its makers published it. */
export interface Base {
  readonly location: string;
  readonly arch: 'x86_64' | 'aarch64';
  /** `sha256:…`: Lima throws away what differs, and never starts it. */
  readonly digest: string;
}

/** Ubuntu 24.04, supported until 2029. Source: Lima's templates/_images/ubuntu-24.04.yaml, and Canonical's SHA256SUMS. */
const ubuntu = 'https://cloud-images.ubuntu.com/releases/noble/release-20260705/ubuntu-24.04-server-cloudimg';
export const bases: readonly Base[] = [
  {
    location: `${ubuntu}-amd64.img`,
    arch: 'x86_64',
    digest: 'sha256:ffe6203da54deeb6db5d2a98a83f9ec8e55f149d3f7ba622e1abe5fa966ee3d6',
  },
  {
    location: `${ubuntu}-arm64.img`,
    arch: 'aarch64',
    digest: 'sha256:7df0201546f75b8bcc1044594c806c35749421ad3c9bc1be2a3ab806cfae39cc',
  },
];
