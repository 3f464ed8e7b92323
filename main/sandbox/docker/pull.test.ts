/** What the engine says while it fetches, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { systemClock } from '../../host/clock.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import { ProblemError } from '../../problem.ts';
import { silentReport } from '../silent-report.ts';
import { createDocker } from './call.ts';
import type { Tell, Told } from './engine-api.ts';
import { createTally, pullImage } from './pull.ts';

const digest = `sha256:${'d'.repeat(64)}`;
const source = { name: '127.0.0.1:5055/openclaw/openclaw', insecure: true };
const host = 'unix:///var/run/docker.sock';
const inspect = `docker --host=${host} image inspect -- ${source.name}:2026.9.6`;
const image = exited(
  0,
  JSON.stringify([
    {
      RepoTags: [`${source.name}:2026.9.6`],
      RepoDigests: [`${source.name}@${digest}`],
      Size: 900,
      Config: { Labels: { 'org.opencontainers.image.version': '2026.9.6' } },
    },
  ]),
);
/** As recorded on 20.10, one layer of many. */
const lines = [
  '{"status":"Pulling from openclaw/openclaw","id":"2026.9.6"}',
  '{"status":"Pulling fs layer","progressDetail":{},"id":"aa"}',
  '{"status":"Downloading","progressDetail":{"current":10,"total":30},"progress":"[=>  ]","id":"aa"}',
  '{"status":"Downloading","progressDetail":{"current":5,"total":20},"progress":"[=>  ]","id":"bb"}',
  '{"status":"Downloading","progressDetail":{"current":30,"total":30},"progress":"[==>]","id":"aa"}',
  '{"status":"Extracting","progressDetail":{"current":1,"total":30},"progress":"[=>  ]","id":"aa"}',
  '{"status":"Pull complete","progressDetail":{},"id":"aa"}',
];

const fetch = (said: readonly string[], told: Told | null, answers: Record<string, Outcome> = {}) => {
  const paths: string[] = [];
  const tell: Tell = async (_, path, onLine) => {
    paths.push(path);
    for (const line of said) onLine(line);
    return told;
  };
  const report = silentReport();
  const { run } = strictRun(answers);
  const docker = createDocker(run, host, '/data/docker');
  const means = {
    arch: 'amd64',
    rootFolder: '/var/lib/docker',
    isDesktop: false,
    limits: { memory: true, pids: true, cpu: true },
    countsProcessesPerHome: false,
  };
  const net = {
    get: async () => ({ is: 'refused' }) as const,
    connect: async () => 'refused' as const,
    resolve: async () => [],
    listen: async () => null,
  };
  const result = pullImage({
    engine: { docker, host, means },
    tell,
    net,
    source,
    version: '2026.9.6',
    clock: systemClock,
    report,
  });
  return { result, report, paths };
};
const codeOf = async (result: Promise<unknown>) => {
  const error = await result.catch((reason: unknown) => reason);
  if (!(error instanceof ProblemError)) throw new Error(`no problem: ${error}`);
  return error.problem.code;
};

describe('fetching', () => {
  it('counts bytes of all layers, and finds the image by its digest', async () => {
    const { result, report, paths } = fetch(lines, { status: 200, last: '' }, { [inspect]: image });
    expect(await result).toEqual({
      reference: `${source.name}@${digest}`,
      digest,
      version: '2026.9.6',
      sizeBytes: 900,
    });
    expect(paths).toEqual(['/images/create?fromImage=127.0.0.1%3A5055%2Fopenclaw%2Fopenclaw&tag=2026.9.6']);
    expect(report.steps.map(({ done }) => done)).toEqual([10, 15, 35, 35, 35]);
    expect(report.lines).toEqual([
      '2026.9.6 Pulling from openclaw/openclaw',
      'aa Pulling fs layer',
      'aa Pull complete',
    ]);
  });

  it.each([
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'no-room-on-disk'],
    ['Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host', 'no-internet'],
    ['read tcp 10.0.0.2:1->1.2.3.4:443: read: connection reset by peer', 'source-silent'],
    ['filesystem layer verification failed for digest sha256:0', 'download-damaged'],
    ['toomanyrequests: slow down', 'source-busy'],
    ['manifest for x:1 not found: manifest unknown: manifest unknown', 'version-not-offered'],
    ['Get "https://ghcr.io/v2/": x509: certificate signed by unknown authority', 'somebody-in-between'],
  ])('%s', async (message, code) => {
    const inMiddle = JSON.stringify({ errorDetail: { message }, error: message });
    expect(await codeOf(fetch([...lines, inMiddle], { status: 200, last: inMiddle }).result)).toBe(code);
    expect(await codeOf(fetch([], { status: 500, last: JSON.stringify({ message }) }).result)).toBe(code);
  });

  it('says so when the engine goes away, or has no such image after all', async () => {
    expect(await codeOf(fetch(lines, null).result)).toBe('engine-failed');
    const none = exited(1, '[]', 'Error: No such image: x\n');
    expect(await codeOf(fetch(lines, { status: 200, last: '' }, { [inspect]: none }).result)).toBe(
      'download-damaged',
    );
  });
});

it('what is no report is no progress', () => {
  const tally = createTally();
  for (const line of ['', 'null', '[]', '{"status":7}', 'x'.repeat(99)]) expect(tally.take(line)).toBeNull();
  expect(tally.bytes()).toBe(0);
});
