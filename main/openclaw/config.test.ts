import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelChoice, modelProviders } from '../contract.ts';
import { hardenedConfig, onboardArgs } from './config.ts';
import { isSameService, onboardingFor } from './models.ts';
import recorded from './samples/openclaw.hardened.json' with { type: 'json' };
import { nothingByItself } from './skills.ts';

const providers = modelProviders.filter((provider) => provider !== 'custom');
const model: fc.Arbitrary<ModelChoice> = fc.oneof(
  fc.constantFrom(...providers.map((provider) => ({ provider }))),
  fc.record({
    provider: fc.constant('custom' as const),
    baseUrl: fc.webUrl({ validSchemes: ['http', 'https'] }),
    modelId: fc.stringMatching(/^[\w./:@-]{1,50}$/),
  }),
);
const port = fc.integer({ min: 1024, max: 65_535 });

describe('onboardArgs', () => {
  it('is the set-up that was seen to work on 2026.9.6', () => {
    const custom = { provider: 'custom', baseUrl: 'http://fakellm:8099/v1', modelId: 'fake-1' } as const;
    expect(onboardArgs(custom, 18789).join(' ')).toBe(
      'openclaw onboard --non-interactive --accept-risk --skip-health --mode local --auth-choice custom-api-key ' +
        '--custom-base-url http://fakellm:8099/v1 --custom-model-id fake-1 --custom-compatibility openai ' +
        '--secret-input-mode ref --gateway-auth token --gateway-token-ref-env OPENCLAW_GATEWAY_TOKEN ' +
        '--gateway-bind lan --gateway-port 18789 --skip-channels --skip-skills --skip-search --skip-ui ' +
        '--no-install-daemon --json',
    );
  });

  it('never asks, never installs a service and never writes a key down, for any model', () => {
    fc.assert(
      fc.property(model, port, (choice, number) => {
        const args = onboardArgs(choice, number);
        for (const must of ['--non-interactive', '--no-install-daemon', '--skip-channels', '--skip-skills'])
          expect(args).toContain(must);
        expect(args[args.indexOf('--secret-input-mode') + 1]).toBe('ref');
        expect(args[args.indexOf('--gateway-port') + 1]).toBe(String(number));
        expect(args.filter((arg) => arg === '--auth-choice')).toHaveLength(1);
        expect(args.join(' ')).not.toMatch(/-api-key (sk|\$)/);
      }),
    );
  });
});

describe('onboardingFor', () => {
  it('needs a key from every service, and none for later', () => {
    for (const provider of providers) {
      const { keyName, args } = onboardingFor({ provider });
      expect(keyName === null, provider).toBe(provider === 'later');
      expect(args[0]).toBe('--auth-choice');
      if (keyName) expect(keyName).toMatch(/^[A-Z_]+_API_KEY$/);
    }
  });

  it('speaks with services over TLS only, and to each at an address of its own', () => {
    const addresses = providers.flatMap((provider) => {
      const { args } = onboardingFor({ provider });
      const at = args.indexOf('--custom-base-url');
      return at < 0 ? [] : [args[at + 1] ?? ''];
    });
    for (const address of addresses) expect(address).toMatch(/^https:\/\//);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('knows only choices that the contract takes', () => {
    fc.assert(fc.property(model, (choice) => ModelChoice.safeParse(choice).success));
  });
});

describe('isSameService', () => {
  it('goes by the service, and for a server of one’s own by its address', () => {
    const at = (baseUrl: string, modelId: string) => ({ provider: 'custom', baseUrl, modelId }) as const;
    expect(isSameService({ provider: 'zai' }, { provider: 'zai' })).toBe(true);
    expect(isSameService({ provider: 'zai' }, { provider: 'qwen' })).toBe(false);
    expect(isSameService({ provider: 'zai' }, at('https://a', 'm'))).toBe(false);
    expect(isSameService(at('https://a', 'm'), at('https://a', 'n'))).toBe(true);
    expect(isSameService(at('https://a', 'm'), at('https://b', 'm'))).toBe(false);
  });
});

describe('hardenedConfig', () => {
  type Entry = { path: string; value?: unknown; ref?: object; provider?: object };
  const configOf = (number: number) => hardenedConfig(number, '/run/secrets/gateway') as Entry[];
  const settingAt = (path: string) => configOf(18789).find((entry) => entry.path === path)?.value;

  it('sets what was seen to satisfy OpenClaw’s own audit', () => {
    const { gateway, discovery, update } = recorded;
    expect(settingAt('gateway.mode')).toBe(gateway.mode);
    expect(settingAt('gateway.bind')).toBe(gateway.bind);
    expect(settingAt('gateway.port')).toBe(gateway.port);
    expect(settingAt('gateway.auth.mode')).toBe(gateway.auth.mode);
    expect(settingAt('gateway.auth.rateLimit')).toEqual(gateway.auth.rateLimit);
    expect(settingAt('gateway.controlUi.allowedOrigins')).toEqual(gateway.controlUi.allowedOrigins);
    expect(settingAt('gateway.tailscale.mode')).toBe(gateway.tailscale.mode);
    expect(settingAt('discovery.mdns.mode')).toBe(discovery.mdns.mode);
    expect(settingAt('update.checkOnStart')).toBe(update.checkOnStart);
    expect(settingAt('gateway.terminal.enabled')).toBe(false);
  });

  it('lets nothing of OpenClaw change by itself', () => {
    const { skills, update } = nothingByItself;
    expect(settingAt('skills.workshop.autonomous.mode')).toBe(skills.workshop.autonomous.mode);
    expect(settingAt('skills.workshop.approvalPolicy')).toBe(skills.workshop.approvalPolicy);
    expect(settingAt('update.auto.enabled')).toBe(update.auto.enabled);
  });

  it('refers to the token’s file and holds no secret itself', () => {
    const token = configOf(18789).find(({ path }) => path === 'gateway.auth.token');
    expect(token).toEqual({
      path: 'gateway.auth.token',
      ref: { source: 'file', provider: 'clawcove', id: '/token' },
    });
    expect(configOf(18789)[0]).toEqual({
      path: 'secrets.providers.clawcove',
      provider: { source: 'file', path: '/run/secrets/gateway', mode: 'json' },
    });
  });

  it('allows only pages of this computer, at the gateway’s own port, and sets everything once', () => {
    fc.assert(
      fc.property(port, (number) => {
        const entries = configOf(number);
        const origins = entries.find(({ path }) => path.endsWith('allowedOrigins'))?.value as string[];
        for (const origin of origins) {
          expect(['127.0.0.1', 'localhost']).toContain(new URL(origin).hostname);
          expect(origin.endsWith(`:${number}`)).toBe(true);
        }
        const paths = entries.map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });
});
