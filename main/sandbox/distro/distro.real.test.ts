/** The contract, and OpenClaw itself, in a whole Linux system with systemd; root alone can make one. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { network } from '../../host/network.ts';
import { hardenedConfig, onboardArgs, onboardingTokenName } from '../../openclaw/config.ts';
import { sandboxContract } from '../sandbox.contract.ts';
import type { HomeSpec } from '../sandbox.ts';
import { idle, silentReport } from '../silent-report.ts';
import { subjectIn } from './test-subject.ts';
import { openTestSystem, type TestSystem } from './test-system.ts';

const versions = ['2026.9.6', '2026.8.2'] as const;

sandboxContract('A Linux system with systemd', async () => {
  const { folder, machine, sandbox, inside, close } = await openTestSystem();
  const subject = subjectIn(sandbox, inside);
  return {
    ...subject,
    sandbox,
    versions,
    folder,
    async letGoOfPort() {
      await machine.stop(idle());
    },
    leftovers: async () => ((await machine.state(idle())).is === 'running' ? subject.leftovers() : []),
    close,
  };
});

describe('OpenClaw in a Linux system with systemd', () => {
  let system: TestSystem;
  const token = randomBytes(24).toString('base64url');
  const port = 18_997;
  const at = (path: string) => `http://127.0.0.1:${port}${path}`;
  const get = (path: string, headers: Record<string, string> = {}) =>
    network.get(at(path), { headers, timeoutMs: 5_000, signal: idle() });

  beforeAll(async () => {
    system = await openTestSystem();
  });
  afterAll(() => system?.close());

  it('is set up, starts, answers with its version, and turns strangers away', async () => {
    const { sandbox, folder } = system;
    const image = await sandbox.fetchImage(versions[0], silentReport());
    await sandbox.keepSecret('gateway', JSON.stringify({ token }), idle());
    const sharedFolder = join(folder, 'shared');
    await mkdir(sharedFolder);
    const spec: HomeSpec = {
      image: image.reference,
      version: image.version,
      port,
      sharedFolder,
      memoryBytes: 3 * 1024 ** 3,
      cpus: 2,
      pids: 512,
      command: ['openclaw', 'gateway', 'run', '--bind', 'lan', '--port', String(port)],
      environment: {
        OPENCLAW_SUPERVISOR_MODE: 'external',
        OPENCLAW_SERVICE_REPAIR_POLICY: 'external',
        OPENCLAW_NO_RESPAWN: '1',
        OPENCLAW_NO_AUTO_UPDATE: '1',
        OPENCLAW_DISABLE_BONJOUR: '1',
        OPENCLAW_GATEWAY_PORT: String(port),
      },
      secrets: [{ id: 'gateway', as: 'file' }],
      certificates: null,
      fence: { refused: [], allowed: [] },
    };
    const call = { network: false, timeoutMs: 600_000, signal: idle() };
    const bare = { ...spec, environment: { ...spec.environment, [onboardingTokenName]: 'replaced' } };
    const onboarded = await sandbox.once(bare, onboardArgs({ provider: 'later' }, port), call);
    expect(onboarded).toMatchObject({ exitCode: 0 });
    const batch = JSON.stringify(hardenedConfig(port, sandbox.inside.gatewaySecret));
    const hardened = await sandbox.once(spec, ['openclaw', 'config', 'set', '--batch-json', batch], call);
    expect(hardened).toMatchObject({ exitCode: 0 });
    await sandbox.create(spec, silentReport());
    await sandbox.start(idle());
    for (let attempt = 0; attempt < 300; attempt++) {
      const answer = await get('/readyz');
      if (answer.is === 'answered' && answer.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const config = '/__openclaw/control-ui-config.json';
    const known = await get(config, { Authorization: `Bearer ${token}` });
    expect([known, await sandbox.untrustedLog(30, idle())]).toMatchObject([
      { status: 200, untrustedBody: expect.stringContaining(versions[0]) },
      expect.any(String),
    ]);
    expect(await get(config)).toMatchObject({ status: 401 });
    expect(await sandbox.observe(idle())).toMatchObject({
      is: 'seen',
      uid: 1000,
      effectiveCapabilities: 0n,
      boundingCapabilities: 0n,
      seccomp: 2,
      rootWritable: false,
    });
    expect(await sandbox.inspect(idle())).toMatchObject({ state: 'running', restarts: 0 });
    await sandbox.stop(idle());
  }, 1_800_000);
});
