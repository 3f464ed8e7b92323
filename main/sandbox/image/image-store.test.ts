import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { network } from '../../host/network.ts';
import { openStream } from '../../host/stream.ts';
import { testFolder } from '../../host/test-folder.ts';
import { Cancelled, ProblemError } from '../../problem.ts';
import type { Report } from '../sandbox.ts';
import { createImageStore, type ImageStore } from './image-store.ts';

const name = 'ghcr.io/openclaw/openclaw';
const digestOf = (text: string | Buffer) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const layer = Buffer.alloc(300_000, 'layer');
const own = Buffer.from('the version’s own layer');
const config = JSON.stringify({
  architecture: 'amd64',
  created: '2026-11-01T00:00:00Z',
  config: {
    Env: ['PATH=/usr/bin', 'EMPTY=', 'not a variable'],
    WorkingDir: '/home/node',
    Labels: { 'org.opencontainers.image.version': '2026.9.6' },
  },
});
const part = (bytes: string | Buffer, mediaType: string) => ({
  mediaType,
  digest: digestOf(bytes),
  size: Buffer.byteLength(bytes),
});
const manifest = JSON.stringify({
  schemaVersion: 2,
  config: part(config, 'application/vnd.oci.image.config.v1+json'),
  layers: [layer, own].map((bytes) => part(bytes, 'application/vnd.oci.image.layer.v1.tar+gzip')),
});
const index = (architecture: string) =>
  JSON.stringify({ manifests: [{ digest: digestOf(manifest), platform: { os: 'linux', architecture } }] });

/** What the source does wrong. */
type Fault = 'none' | 'cut' | 'damaged' | 'gone' | 'busy' | 'wants-token' | 'for-others' | 'other-manifest';

describe('images that are fetched from a source', () => {
  let server: Server;
  let fault: Fault = 'none';
  let asked: string[];
  let folder: string;
  let store: ImageStore;
  let address: string;

  const report = (signal = new AbortController().signal): Report & { steps: number[] } => {
    const steps: number[] = [];
    return { signal, steps, progress: (done) => steps.push(done), log() {} };
  };
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof ProblemError ? error.problem.code : error),
    );
  const storeAt = (...sources: string[]) =>
    createImageStore({
      folder,
      name,
      sources: sources.map((at) => ({ name: `${at}/openclaw/openclaw`, insecure: true })),
      net: network,
      open: openStream,
      arch: 'amd64',
    });

  beforeEach(async () => {
    fault = 'none';
    asked = [];
    const blobs = new Map(
      [config, layer, own, manifest].map((bytes) => [digestOf(bytes), Buffer.from(bytes)] as const),
    );
    server = createServer(({ url = '', headers }, response) => {
      asked.push([url, headers.range].filter(Boolean).join(' '));
      if (url.startsWith('/token')) return response.end('{"token":"dG9rZW4="}');
      if (fault === 'wants-token' && headers.authorization !== 'Bearer dG9rZW4=')
        return response.writeHead(401).end();
      if (fault === 'busy') return response.writeHead(429).end();
      if (url.includes('/tags/list'))
        return response.end(JSON.stringify({ tags: ['latest', '2026.9.6', '--help'] }));
      if (url.endsWith('/manifests/2026.9.6')) {
        if (fault === 'gone') return response.writeHead(404).end();
        return response.end(index(fault === 'for-others' ? 'riscv64' : 'amd64'));
      }
      const bytes = blobs.get(url.slice(url.lastIndexOf('/') + 1));
      if (!bytes) return response.writeHead(404).end();
      if (fault === 'other-manifest' && url.includes('/manifests/')) return response.end(`${manifest} `);
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
      const rest = Buffer.from(bytes.subarray(from));
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length });
      if (fault === 'damaged' && bytes === blobs.get(digestOf(own))) rest[0] = 0;
      if (fault === 'cut' && rest.length > 200_000)
        return void response.write(rest.subarray(0, 100_000), () =>
          setTimeout(() => response.destroy(), 100),
        );
      response.end(rest);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = await testFolder();
    store = storeAt(address);
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('lie here whole and verified, and are found again', async () => {
    expect(await store.find('2026.9.6')).toBeNull();
    const said = report();
    const image = await store.fetch('2026.9.6', said);
    expect(image).toMatchObject({ digest: digestOf(manifest), reference: `${name}@${digestOf(manifest)}` });
    expect(said.steps.at(-1)).toBe(image.sizeBytes);
    expect(await store.find('2026.9.6')).toEqual(image);
    expect(await store.date(image.reference)).toBe(Date.UTC(2026, 10, 1));
    const there = await store.open(image.reference);
    expect(there?.layers.map(({ digest, packed }) => [digest, packed])).toEqual([
      [digestOf(layer), 'gzip'],
      [digestOf(own), 'gzip'],
    ]);
    expect(there?.surroundings).toEqual({
      environment: { PATH: '/usr/bin', EMPTY: '' },
      workingFolder: '/home/node',
    });
    const before = asked.length;
    await store.fetch('2026.9.6', report());
    // The manifest is asked for again; nothing else travels twice.
    expect(asked.slice(before).every((url) => url.includes('/manifests/'))).toBe(true);
  });

  it('go on where the connection broke', async () => {
    fault = 'cut';
    expect(await code(store.fetch('2026.9.6', report()))).toBe('source-silent');
    expect(await store.find('2026.9.6')).toBeNull();
    fault = 'none';
    await store.fetch('2026.9.6', report());
    expect(asked).toContainEqual(`/v2/openclaw/openclaw/blobs/${digestOf(layer)} bytes=100000-`);
  });

  it('are thrown away where they are not what was promised, and come whole afterwards', async () => {
    fault = 'damaged';
    expect(await code(store.fetch('2026.9.6', report()))).toBe('download-damaged');
    const [part = ''] = (await readdir(join(folder, 'blobs'))).filter((file) => file.endsWith('.part'));
    expect(part).toBe('');
    fault = 'none';
    expect(await code(store.fetch('2026.9.6', report()))).toBe('none');
  });

  it.each([
    ['gone', 'version-not-offered'],
    ['busy', 'source-busy'],
    ['for-others', 'version-not-offered'],
    ['other-manifest', 'download-damaged'],
  ] as const)('say what is wrong with a source that is %s', async (wrong, problem) => {
    fault = wrong;
    expect(await code(store.fetch('2026.9.6', report()))).toBe(problem);
  });

  it('come with the token that everybody gets', async () => {
    fault = 'wants-token';
    expect(await code(store.fetch('2026.9.6', report()))).toBe('none');
  });

  it('come from the next place when the first one is silent', async () => {
    store = storeAt('127.0.0.1:1', address);
    expect(await code(store.fetch('2026.9.6', report()))).toBe('none');
    expect(await code(storeAt('127.0.0.1:1').fetch('2026.8.2', report()))).toBe('source-silent');
  });

  it('stop when somebody says so', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(store.fetch('2026.9.6', report(abort.signal))).rejects.toBeInstanceOf(Cancelled);
  });

  it('are listed by sane names', async () => {
    expect(await store.listVersions(report().signal)).toEqual(['latest', '2026.9.6']);
  });

  it('are no images when somebody has changed what lies here', async () => {
    const { reference } = await store.fetch('2026.9.6', report());
    await writeFile(join(folder, 'manifests', digestOf(manifest).slice(7)), `${manifest} `);
    expect(await store.find('2026.9.6')).toBeNull();
    expect(await store.open(reference)).toBeNull();
  });

  it('go when nobody needs them', async () => {
    await store.fetch('2026.9.6', report());
    await store.drop(['2026.9.6']);
    expect(await store.find('2026.9.6')).not.toBeNull();
    await store.drop(['2026.8.2']);
    expect(await store.find('2026.9.6')).toBeNull();
    expect(await readdir(join(folder, 'blobs'))).toEqual([]);
  });
});
