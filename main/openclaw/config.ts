import type { ModelChoice } from '../contract.ts';
import { onboardingFor } from './models.ts';

/** Stands in for the token during onboarding, which asks for one before it can be told where the real one lies. */
export const onboardingTokenName = 'OPENCLAW_GATEWAY_TOKEN';

/**
 * Arguments of OpenClaw's own non-interactive set-up.
 *
 * `--skip-*`: nothing that needs the network or a person; `--secret-input-mode ref`:
 * keys are referred to, never written into openclaw.json.
 */
export function onboardArgs(model: ModelChoice, port: number): string[] {
  return [
    'openclaw',
    'onboard',
    '--non-interactive',
    '--accept-risk',
    '--skip-health',
    '--mode',
    'local',
    ...onboardingFor(model).args,
    '--secret-input-mode',
    'ref',
    '--gateway-auth',
    'token',
    '--gateway-token-ref-env',
    onboardingTokenName,
    '--gateway-bind',
    'lan',
    '--gateway-port',
    String(port),
    '--skip-channels',
    '--skip-skills',
    '--skip-search',
    '--skip-ui',
    '--no-install-daemon',
    '--json',
  ];
}

/** One of them: what stands under a path is a value, a reference to a secret, or where secrets come from. */
export interface Setting {
  readonly path: string;
  readonly value?: unknown;
  readonly ref?: object;
  readonly provider?: object;
}

/**
 * What ClawCove holds OpenClaw's configuration to, as one batch of `openclaw config set`.
 *
 * Inside a sandbox the gateway must listen on all of *its* addresses (`lan`) for the
 * published port to work; that only this computer reaches it is the sandbox's business.
 */
export function hardenedConfig(port: number, gatewaySecretFile: string): readonly Setting[] {
  return [
    {
      path: 'secrets.providers.clawcove',
      provider: { source: 'file', path: gatewaySecretFile, mode: 'json' },
    },
    { path: 'gateway.mode', value: 'local' },
    { path: 'gateway.bind', value: 'lan' },
    { path: 'gateway.port', value: port },
    { path: 'gateway.auth.mode', value: 'token' },
    { path: 'gateway.auth.token', ref: { source: 'file', provider: 'clawcove', id: '/token' } },
    {
      path: 'gateway.auth.rateLimit',
      value: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 },
    },
    // The Control UI compares the page's origin with these: the same port inside and outside.
    {
      path: 'gateway.controlUi.allowedOrigins',
      value: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
    },
    { path: 'gateway.tailscale.mode', value: 'off' },
    { path: 'gateway.terminal.enabled', value: false },
    { path: 'discovery.mdns.mode', value: 'off' },
    { path: 'update.checkOnStart', value: false },
    { path: 'update.auto.enabled', value: false },
    // It may propose skills; what becomes of them, the person decides.
    { path: 'skills.workshop.autonomous.mode', value: 'propose' },
    { path: 'skills.workshop.approvalPolicy', value: 'pending' },
  ];
}
