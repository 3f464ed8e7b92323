import { createHash } from 'node:crypto';
import { createWriteStream, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { imageNode, imageRootPackages, installOpenClaw, makeImageRoot } from './image-root.ts';
import { npmOrigin } from './npm.ts';
import { hasTag, registryAddress, registryRepository, tagDigest } from './registry.ts';
import { download, manifestOf, put, upload } from './registry-api.ts';
import { cacheFolder, latestOpenClaw, openClawVersions } from './settings.ts';
import { step } from './steps.ts';

/** Debian packages that building the images takes. skopeo goes when a test removes the engine, and is not missed then. */
export const imagePackages = [...imageRootPackages, 'skopeo'] as const;

// The label of a stand-in, not a measurement.
const made = '2026-11-01T00:00:00Z';
const second = 1e9;

interface Layer {
  file: string;
  /** Of the compressed file, as the registry names it. */
  digest: string;
  /** Of the unpacked archive, as the image's configuration names it. */
  diffId: string;
}

/** Packs a folder as an image layer, the way `docker push` does: tar, then gzip. */
export async function packLayer(folder: string, file: string): Promise<Layer> {
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  const tar = execa(
    'tar',
    ['--sort=name', '--numeric-owner', '--format=gnu', '-C', folder, '-cf', '-', '.'],
    {
      buffer: false,
    },
  );
  const gzip = execa('pigz', ['-1', '-n'], { buffer: false, encoding: 'buffer' });
  const tee = (hash: ReturnType<typeof createHash>) =>
    new PassThrough({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
  await Promise.all([
    pipeline(tar.stdout, tee(plain), gzip.stdin),
    pipeline(gzip.stdout, tee(packed), createWriteStream(file)),
    tar,
    gzip,
  ]);
  return { file, digest: `sha256:${packed.digest('hex')}`, diffId: `sha256:${plain.digest('hex')}` };
}

const healthProbe =
  "fetch('http://127.0.0.1:18789/healthz').then((r)=>process.exit(r.ok?0:1)).catch(()=>process.exit(1))";

/** The image's configuration: user, tini, health check and labels as the official image has them. */
function imageConfig(version: string, diffIds: readonly string[]) {
  return {
    architecture: 'amd64',
    os: 'linux',
    created: made,
    config: {
      User: 'node',
      ExposedPorts: { '18789/tcp': {} },
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        `NODE_VERSION=${imageNode}`,
        'NODE_ENV=production',
        'HOME=/home/node',
        // The stand-in's own: npm asks its own registry where nothing is said.
        `NPM_CONFIG_REGISTRY=${npmOrigin}`,
      ],
      WorkingDir: '/home/node',
      Entrypoint: ['tini', '-s', '--'],
      Cmd: ['openclaw', 'gateway'],
      Healthcheck: {
        Test: ['CMD', 'node', '-e', healthProbe],
        Interval: 180 * second,
        Timeout: 10 * second,
        StartPeriod: 15 * second,
        Retries: 3,
      },
      Labels: {
        'org.opencontainers.image.title': 'OpenClaw',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.source': 'https://github.com/openclaw/openclaw',
        'org.opencontainers.image.licenses': 'MIT',
      },
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: [
      { created: made, created_by: 'Debian, Node, tini' },
      { created: made, created_by: `npm install --global openclaw@${version}` },
    ],
  };
}

/**
 * Writes an image as skopeo's `dir:` layout, with Docker's manifest: OCI's own has no place for a
 * HEALTHCHECK. Source: containers-transports(5); Docker Image Manifest V2, Schema 2.
 */
function writeImage(folder: string, version: string, layers: readonly Layer[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const diffIds = layers.map(({ diffId }) => diffId);
  const config = Buffer.from(JSON.stringify(imageConfig(version, diffIds)));
  const configHash = createHash('sha256').update(config).digest('hex');
  writeFileSync(join(folder, configHash), config);
  for (const layer of layers) linkSync(layer.file, join(folder, layer.digest.replace('sha256:', '')));
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: config.length,
      digest: `sha256:${configHash}`,
    },
    layers: layers.map(({ file, digest }) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      size: statSync(file).size,
      digest,
    })),
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'version'), 'Directory Transport Version: 1.1\n');
}

const push = (folder: string, tag: string) =>
  execa('skopeo', [
    'copy',
    '--quiet',
    '--insecure-policy',
    '--dest-tls-verify=false',
    `dir:${folder}`,
    `docker://${registryAddress}/${registryRepository}:${tag}`,
  ]);

/** Whether the registry's storage holds every version already. */
export const imagesReady = (): boolean => [...openClawVersions, 'latest'].every(hasTag);

/**
 * Builds every version's image into files, without any engine. `pushImages` then hands them to the
 * registry. About 90 s on two cores, 4 GB of scratch on the way.
 */
export async function buildImages(): Promise<void> {
  const scratch = join(cacheFolder, 'images');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const root = join(scratch, 'root');
  await step('image: Debian, Node, npm', () => makeImageRoot(root));
  const base = step('image: pack the shared layer', () => packLayer(root, join(scratch, 'base.tgz')));
  const own = openClawVersions.map((version) =>
    step(`image: OpenClaw ${version}`, async () => {
      const layer = join(scratch, `${version}-layer`);
      await installOpenClaw(root, version, layer, scratch);
      return packLayer(layer, join(scratch, `${version}.tgz`));
    }),
  );
  const [shared, ...layers] = await Promise.all([base, ...own]);
  for (const [index, version] of openClawVersions.entries())
    writeImage(join(scratch, version), version, [shared, layers[index] as Layer]);
}

/** Hands the built images to the running registry and drops the scratch files. */
export async function pushImages(): Promise<void> {
  const scratch = join(cacheFolder, 'images');
  for (const version of openClawVersions) await push(join(scratch, version), version);
  await push(join(scratch, latestOpenClaw), 'latest');
  rmSync(scratch, { recursive: true, force: true });
}

/** Gives images that an older rig has built the configuration of this one; their layers stay. Takes no time. */
export async function renewConfigs(): Promise<void> {
  for (const version of openClawVersions) {
    const manifest = await manifestOf(version);
    const before = await download(manifest.config);
    const config = JSON.stringify(imageConfig(version, JSON.parse(before).rootfs.diff_ids));
    if (config === before) continue;
    const renewed = { ...manifest, config: { ...manifest.config, ...(await upload(Buffer.from(config))) } };
    for (const tag of version === latestOpenClaw ? [version, 'latest'] : [version]) await put(tag, renewed);
  }
}

/** What a test may want to know of the images. */
export const imageDigests = (): Record<string, string> =>
  Object.fromEntries(openClawVersions.map((version) => [version, tagDigest(version)]));
