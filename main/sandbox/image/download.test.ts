import { describe, expect, it } from 'vitest';
import { errorLine } from '../container/call.ts';
import { engineSourceProblem } from '../source-problem.ts';
import { readManifest } from './download-size.ts';

const manifest = {
  schemaVersion: 2,
  config: { digest: 'sha256:c', size: 1_676 },
  layers: [
    { digest: 'sha256:a', size: 2_000_000 },
    { digest: 'sha256:b', size: 60_000_000 },
    { digest: 'sha256:a', size: 2_000_000 },
  ],
};
const digest = `sha256:${'1'.repeat(64)}`;

describe('how much a download will be', () => {
  it('is read from a manifest', () => {
    expect(readManifest(JSON.stringify(manifest), '', 'amd64')).toEqual({ is: 'size', bytes: 62_001_676 });
  });

  it('is read from the error of Podman 4.3, which shows a manifest that it refuses to show', () => {
    const blob = JSON.stringify(JSON.stringify(manifest));
    const stderr = `Error: parsing manifest blob ${blob} as a "application/vnd.oci.image.manifest.v1+json": Treating single images as manifest lists is not implemented`;
    expect(readManifest('', stderr, 'amd64')).toEqual({ is: 'size', bytes: 62_001_676 });
  });

  it('is elsewhere for an image that fits several kinds of computer', () => {
    const index = {
      manifests: [
        { digest: `sha256:${'2'.repeat(64)}`, platform: { architecture: 'arm64', os: 'linux' } },
        { digest, platform: { architecture: 'amd64', os: 'linux' } },
        { digest: `sha256:${'3'.repeat(64)}`, platform: { architecture: 'unknown', os: 'unknown' } },
      ],
    };
    expect(readManifest(JSON.stringify(index), '', 'amd64')).toEqual({ is: 'elsewhere', digest });
    expect(readManifest(JSON.stringify(index), '', 'riscv64')).toEqual({ is: 'for-others' });
    const unsaid = { manifests: [...index.manifests, { digest }] };
    expect(readManifest(JSON.stringify(unsaid), '', 'riscv64')).toEqual({ is: 'unknown' });
    expect(readManifest('{"manifests":[]}', '', 'amd64')).toEqual({ is: 'unknown' });
  });

  it.each(['', 'null', '[]', '{"layers":"many"}', '<html>'])('is unknown after %j', (stdout) => {
    expect(readManifest(stdout, 'Error: something else', 'amd64')).toEqual({ is: 'unknown' });
  });
});

describe('what went wrong with a download', () => {
  const mirrored = (detail: string) =>
    `initializing source docker://ghcr.io/openclaw/openclaw:2026.9.6: (Mirrors also failed: [127.0.0.1:5078/openclaw/openclaw:2026.9.6: ${detail}]): ghcr.io/openclaw/openclaw:2026.9.6: pinging container registry ghcr.io: Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.255.255.53:53: no such host`;
  const direct = (detail: string) =>
    `initializing source docker://ghcr.io/openclaw/openclaw:2026.9.6: ${detail}`;
  const ping = 'pinging container registry 127.0.0.1:5078: ';
  const manifest = 'reading manifest 2026.9.6 in 127.0.0.1:5078/openclaw/openclaw: ';

  it.each([
    [direct(`${ping}invalid status code from registry 500 (Internal Server Error)`), 'source-out-of-order'],
    [mirrored(`${ping}invalid status code from registry 503 (Service Unavailable)`), 'source-out-of-order'],
    [direct(`${ping}invalid status code from registry 403 (Forbidden)`), 'source-refuses'],
    [mirrored(`${manifest}unauthorized`), 'source-refuses'],
    [mirrored(`${manifest}toomanyrequests: toomanyrequests: slow down`), 'source-busy'],
    [mirrored(`${manifest}manifest unknown: manifest unknown`), 'version-not-offered'],
    [direct(`${manifest}manifest unknown: manifest unknown`), 'version-not-offered'],
    [
      "initializing image from source docker://ghcr.io/openclaw/openclaw:2026.9.6: invalid character '<' looking for beginning of value",
      'somebody-in-between',
    ],
    [
      direct(`${ping}Get "https://ghcr.io/v2/": x509: certificate signed by unknown authority`),
      'somebody-in-between',
    ],
    [
      'writing blob: storing blob to file "/var/tmp/storage1/1": happened during read: Digest did not match, expected sha256:7, got sha256:e',
      'download-damaged',
    ],
    [
      'parsing image configuration: Download config.json digest sha256:2 does not match expected sha256:9',
      'download-damaged',
    ],
    ['writing blob: storing blob to file "/x/1": happened during read: unexpected EOF', 'source-silent'],
    ['writing blob: storing blob to file "/x/2": write /x/2: no space left on device', 'no-room-on-disk'],
    [
      'writing blob: adding layer with blob "sha256:7": creating layer with ID "b": no space left on device',
      'no-room-on-disk',
    ],
    [
      direct(`${ping}Get "http://127.0.0.1:5078/v2/": dial tcp 127.0.0.1:5078: connect: connection refused`),
      'source-silent',
    ],
    [direct('Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host'), 'no-internet'],
    [
      direct('Get "https://ghcr.io/v2/": dial tcp 1.2.3.4:443: connect: network is unreachable'),
      'no-internet',
    ],
    [direct('Get "https://ghcr.io/v2/": dial tcp 1.2.3.4:443: i/o timeout'), 'source-silent'],
    ['creating a temporary directory: mkdir /x: permission denied', 'engine-failed'],
  ])('is found in %j', (detail, code) => {
    expect(engineSourceProblem(detail, '2026.9.6').problem.code).toBe(code);
  });

  it('is one line, behind whatever warnings come before', () => {
    const stderr = [
      'time="2026-11-22T15:29:25Z" level=warning msg="Found incomplete layer"',
      'Trying to pull ghcr.io/openclaw/openclaw:2026.9.6...',
      `Error: ${'x'.repeat(400)}`,
      '',
    ].join('\n');
    expect(errorLine(stderr)).toBe('x'.repeat(300));
    expect(errorLine('')).toBe('');
  });
});
