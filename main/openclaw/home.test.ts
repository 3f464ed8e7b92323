import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelChoice } from '../contract.ts';
import { openDoors } from '../testing/doors.ts';
import { createMachine, freshChoices } from '../testing/machine.ts';
import { gatherSpec, homeSpec, memoryFor } from './home.ts';

const GiB = 1024 ** 3;
const parts = {
  image: 'example.org/openclaw@sha256:1',
  version: '2026.9.6',
  computerMemoryBytes: 8 * GiB,
  cores: 4,
  hasModelKey: false,
  certificates: null,
  proxy: {},
  fence: { refused: [], allowed: [] },
};
const withModel = (model: ModelChoice, hasModelKey: boolean) =>
  homeSpec({ ...freshChoices, model }, { ...parts, hasModelKey }).secrets;

describe('memoryFor', () => {
  it.each([
    [1, 2],
    [4, 2],
    [5, 2.5],
    [6, 3],
    [64, 3],
  ])('a computer with %d GiB gives %d GiB', (computer, home) => {
    expect(memoryFor(computer * GiB)).toBe(home * GiB);
  });

  it('is always enough to live on and never more than what OpenClaw needs, in whole bytes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), (bytes) => {
        const memory = memoryFor(bytes);
        expect(memory).toBeGreaterThanOrEqual(2 * GiB);
        expect(memory).toBeLessThanOrEqual(3 * GiB);
        expect(Number.isInteger(memory)).toBe(true);
      }),
    );
  });
});

describe('homeSpec', () => {
  it('uses one port inside and outside, and nothing newer than it was told', () => {
    const spec = homeSpec({ ...freshChoices, port: 20_000 }, parts);
    expect(spec).toMatchObject({ port: 20_000, image: parts.image, version: '2026.9.6', pids: 512 });
    expect(spec.command).toEqual(['openclaw', 'gateway', 'run', '--bind', 'lan', '--port', '20000']);
    expect(spec.environment.OPENCLAW_GATEWAY_PORT).toBe('20000');
  });

  it('shares the one chosen folder', () => {
    expect(homeSpec(freshChoices, parts).sharedFolder).toBe(freshChoices.sharedFolder);
  });

  it('tells OpenClaw that somebody else starts, stops and updates it', () => {
    expect(homeSpec(freshChoices, parts).environment).toMatchObject({
      OPENCLAW_SUPERVISOR_MODE: 'external',
      OPENCLAW_SERVICE_REPAIR_POLICY: 'external',
      OPENCLAW_NO_RESPAWN: '1',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      OPENCLAW_DISABLE_BONJOUR: '1',
    });
  });

  it('is not talked out of that by the computer’s proxy settings', () => {
    const proxy = { HTTPS_PROXY: 'http://proxy:3128', OPENCLAW_NO_AUTO_UPDATE: '0' };
    const { environment } = homeSpec(freshChoices, { ...parts, proxy });
    expect(environment).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128', OPENCLAW_NO_AUTO_UPDATE: '1' });
  });

  it('hands over the gateway’s secret always, a model key only where there is one and a service for it', () => {
    const gateway = { id: 'gateway', as: 'file' };
    expect(withModel({ provider: 'later' }, true)).toEqual([gateway]);
    expect(withModel({ provider: 'anthropic' }, false)).toEqual([gateway]);
    expect(withModel({ provider: 'anthropic' }, true)).toEqual([
      gateway,
      { id: 'model-key', as: 'environment', name: 'ANTHROPIC_API_KEY' },
    ]);
  });

  it('leaves the compiled code to the engine, which keeps it out of the state and so out of the backups', () => {
    expect(homeSpec(freshChoices, parts).environment).not.toHaveProperty('NODE_COMPILE_CACHE');
  });

  it('gives away at most two cores and at least one', () => {
    for (const [cores, cpus] of [
      [0, 1],
      [1, 1],
      [2, 2],
      [64, 2],
    ] as const)
      expect(homeSpec(freshChoices, { ...parts, cores }).cpus).toBe(cpus);
  });

  it('is the same home for the same facts', () => {
    expect(homeSpec(freshChoices, parts)).toEqual(homeSpec({ ...freshChoices }, { ...parts }));
  });
});

it('gatherSpec puts the home together from this computer', async () => {
  const machine = createMachine({
    choices: { ...freshChoices, model: { provider: 'anthropic' } },
    secrets: new Map([['model-key', 'k']]),
  });
  const image = { reference: 'example.org/openclaw@sha256:2', version: '2026.9.5' };
  const spec = await gatherSpec(openDoors(machine).doors, image, new AbortController().signal);
  expect(spec).toMatchObject({ image: image.reference, version: '2026.9.5', memoryBytes: 3 * GiB, cpus: 2 });
  expect(spec.secrets).toContainEqual({ id: 'model-key', as: 'environment', name: 'ANTHROPIC_API_KEY' });
  expect(JSON.stringify(spec)).not.toContain('"k"');
});
