/** The internet as far as ClawCove asks it: the source of OpenClaw's images, and the gateways of homes on this computer. */
import { createHash } from 'node:crypto';
import type { HttpAnswer, Net } from '../../doors.ts';
import type { OpenStream } from '../../host/stream.ts';
import { officialImage } from '../../sandbox/image/names.ts';
import { answerAt } from '../gateway.ts';
import type { Machine } from '../machine.ts';

const source = `https://${officialImage.replace('/', '/v2/')}/`;
const digestOf = (bytes: Buffer | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image of a version for every kind of processor. */
function imageOf(version: string): {
  readonly manifest: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
} {
  const layer = Buffer.from(`the files of ${version}`);
  const config = JSON.stringify({
    created: '2026-11-15T00:00:00Z',
    config: {
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      WorkingDir: '/app',
      Labels: { 'org.opencontainers.image.version': version },
    },
  });
  const part = (bytes: Buffer | string, mediaType: string) => ({
    mediaType,
    digest: digestOf(bytes),
    size: Buffer.byteLength(bytes),
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: part(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [part(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
  });
  const blobs = [Buffer.from(config), layer].map((bytes) => [digestOf(bytes), bytes] as const);
  return { manifest, blobs: new Map(blobs) };
}

export interface InternetOptions {
  readonly machine: Machine;
  readonly versions: readonly string[];
  /** Large files by their whole addresses. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** `address:port` of this computer's own programs that accept connections. */
  readonly open: ReadonlySet<string>;
  /** Where nobody may listen unasked only loopback can be listened on. */
  readonly asksBeforeListening: boolean;
}

export interface Internet {
  readonly net: Net;
  readonly open: OpenStream;
  /** Whatever was asked for and is nowhere. */
  readonly unexpected: string[];
}

export function createInternet(options: InternetOptions): Internet {
  const { machine, versions, files, asksBeforeListening } = options;
  const unexpected: string[] = [];
  const images = new Map(versions.map((version) => [version, imageOf(version)]));
  const blobs = new Map([...images.values()].flatMap((image) => [...image.blobs]));
  const answered = (status: number, untrustedBody = ''): HttpAnswer => ({
    is: 'answered',
    status,
    untrustedBody,
  });

  /** What the source of images says; null: it has no such thing. */
  function fromSource(what: string): string | null {
    if (what.startsWith('tags/list')) return JSON.stringify({ tags: ['latest', ...versions] });
    const [, kind, name = ''] = /^(manifests|blobs)\/(.+)$/.exec(what) ?? [];
    if (kind === 'blobs') return blobs.get(name)?.toString() ?? null;
    const newest = versions.at(-1) ?? '';
    const byTag = images.get(name === 'latest' ? newest : name);
    const byDigest = [...images.values()].find(({ manifest }) => digestOf(manifest) === name);
    return (byTag ?? byDigest)?.manifest ?? null;
  }

  const net: Net = {
    async get(url, { headers }) {
      const { hostname, port, pathname } = new URL(url);
      if (hostname === '127.0.0.1')
        return answerAt(machine, Number(port), pathname, headers?.authorization ?? headers?.Authorization);
      const said = url.startsWith(source) ? fromSource(url.slice(source.length)) : null;
      if (said !== null) return answered(200, said);
      unexpected.push(url);
      return answered(404);
    },
    async connect(address, port) {
      const isGateway = address === '127.0.0.1' && answerAt(machine, port, '/', undefined).is === 'answered';
      return isGateway || options.open.has(`${address}:${port}`) ? 'open' : 'refused';
    },
    resolve: async () => [],
    async listen(address) {
      if (asksBeforeListening && address !== '127.0.0.1') return null;
      return { port: 40_000, untrustedHeard: () => [], close: async () => {} };
    },
  };
  return {
    net,
    unexpected,
    async open(url) {
      const name = url.startsWith(source) ? url.slice(`${source}blobs/`.length) : '';
      const bytes = files[url] ?? blobs.get(name);
      if (!bytes) unexpected.push(url);
      return {
        status: bytes ? 200 : 404,
        untrustedLocation: null,
        untrustedLength: bytes?.length ?? null,
        untrustedPieces: (async function* () {
          if (bytes) yield bytes;
        })(),
        drop() {},
      };
    },
  };
}
