import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { startDaemon, stopDaemon } from './daemon.ts';
import { cacheFolder, isRoot, type OpenClawVersion, registryPort, runFolder } from './settings.ts';

/** Debian's registry server. */
export const registryPackages = ['docker-registry'] as const;

/** Where the registry listens; the person's registries.conf points here. */
export const registryAddress = `127.0.0.1:${registryPort}`;
/** The one repository it serves. */
export const registryRepository = 'openclaw/openclaw';

const storage = join(cacheFolder, 'registry');
const blobs = join(storage, 'docker/registry/v2/blobs/sha256');
const repository = join(storage, 'docker/registry/v2/repositories', registryRepository);

const answers = async () =>
  (await fetch(`http://${registryAddress}/v2/`).catch(() => undefined))?.ok === true;

/** Serves what the cache holds. Source of the keys: the Distribution project's configuration reference. */
async function serve(name: string, http: object, ready: () => Promise<boolean>): Promise<void> {
  mkdirSync(runFolder, { recursive: true });
  mkdirSync(storage, { recursive: true });
  const config = join(runFolder, `${name}.yml`);
  const settings = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http,
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  await startDaemon({ name, argv: ['docker-registry', 'serve', config], ready });
}

/** Starts the registry. Quiet when it runs already; nothing to do without root. */
export async function startRegistry(): Promise<void> {
  if (isRoot) await serve('registry', { addr: registryAddress }, answers);
}

/** Serves the same encrypted, where the official name leads to. Root only. */
export async function startEncryptedRegistry(address: string, tls: { certificate: string; key: string }) {
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(443, address, () => resolve(true)).once('error', () => resolve(false));
      socket.unref();
      setTimeout(() => socket.destroy(), 1_000).unref();
    });
  await serve('official', { addr: `${address}:443`, tls }, isUp);
}
export const stopEncryptedRegistry = (): Promise<void> => stopDaemon('official');

/** Takes the registry off the net: pulls fail with "connection refused" at the mirror. */
export const stopRegistry = (): Promise<void> => stopDaemon('registry');

const blobFile = (digest: string) => {
  const hash = digest.replace('sha256:', '');
  return join(blobs, hash.slice(0, 2), hash, 'data');
};
const tagFolder = (tag: string) => join(repository, '_manifests/tags', tag);
const linkFile = (tag: string) => join(tagFolder(tag), 'current/link');

/** The digest that a tag stands for. @throws Error when there is no such tag */
export function tagDigest(tag: string): string {
  return readFileSync(linkFile(tag), 'utf8').trim();
}

/** Whether the registry holds a tag. */
export const hasTag = (tag: string): boolean => existsSync(linkFile(tag));

interface Manifest {
  layers: { digest: string; size: number }[];
}

const hiddenTag = (tag: string) => join(storage, 'hidden', tag);

/** Takes a version out of the registry's list, as if it were not out yet. Quiet when it is hidden. */
function hide(version: OpenClawVersion): void {
  if (!existsSync(tagFolder(version))) return;
  mkdirSync(dirname(hiddenTag(version)), { recursive: true });
  renameSync(tagFolder(version), hiddenTag(version));
}

/** Brings it out. Quiet when it is out. */
export function show(version: OpenClawVersion): void {
  if (existsSync(hiddenTag(version))) renameSync(hiddenTag(version), tagFolder(version));
}

/** Does something while a version is not out yet. */
export async function whileHidden<T>(version: OpenClawVersion, work: () => Promise<T>): Promise<T> {
  hide(version);
  try {
    return await work();
  } finally {
    show(version);
  }
}

/** Takes a version out for good; what only it was made of stays in the storage. */
export function withdraw(version: string): void {
  rmSync(tagFolder(version), { recursive: true, force: true });
}

/** The version's own layer, the last one; the base below is shared with the other version. */
export function ownLayer(version: OpenClawVersion): string {
  const manifest = JSON.parse(readFileSync(blobFile(tagDigest(version)), 'utf8')) as Manifest;
  const last = manifest.layers.at(-1);
  if (!last) throw new Error(`The image of ${version} has no layers.`);
  return blobFile(last.digest);
}

const soundCopy = (file: string) => `${file}.sound`;

/**
 * Makes the registry serve a version whose bytes don't match their digest (one byte in the middle of its
 * layer is turned round). The client notices only when it fetches that layer, so take the image away
 * first.
 */
export function corrupt(version: OpenClawVersion): void {
  const layer = ownLayer(version);
  if (existsSync(soundCopy(layer))) return;
  const { size } = statSync(layer);
  copyFileSync(layer, soundCopy(layer));
  const file = openSync(layer, 'r+');
  try {
    const byte = Buffer.alloc(1);
    const middle = Math.floor(size / 2);
    readSync(file, byte, 0, 1, middle);
    byte[0] = (byte[0] ?? 0) ^ 0xff;
    writeSync(file, byte, 0, 1, middle);
  } finally {
    closeSync(file);
  }
}

/** Puts a corrupted version right again. */
export function restore(version: OpenClawVersion): void {
  const layer = ownLayer(version);
  if (existsSync(soundCopy(layer))) renameSync(soundCopy(layer), layer);
}
