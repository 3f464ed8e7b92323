/** The same home typed by hand: what ClawCove's set-up is measured against. */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepSecret } from '../break.ts';
import { podman } from '../rig/podman.ts';

const image = 'ghcr.io/openclaw/openclaw:2026.9.6';
const state = '/home/node/.openclaw';
const port = 18789;

const sealed = [
  '--runtime=runc',
  '--userns=keep-id:uid=1000,gid=1000',
  '--user=1000:1000',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--read-only',
  '--tmpfs=/tmp:rw,noexec,nosuid,nodev,mode=1777',
  '--mount=type=tmpfs,dst=/home/node/.cache,U=true,notmpcopyup',
  '--tmpfs=/run:rw,noexec,nosuid,nodev',
  '--no-healthcheck',
  '--hostname=by-hand',
  `--volume=by-hand:${state}`,
  '--secret=by-hand,type=mount,uid=1000,mode=0400,target=/run/by-hand/gateway.json',
];
const [runtime = '', ...options] = sealed;
const once = (...words: string[]) => podman([runtime, 'run', '--rm', '--network=none', ...options, ...words]);

/** Pulls, configures, creates, starts and waits until ready; returns seconds. */
export async function setUpByHand(): Promise<number> {
  const began = performance.now();
  await podman(['pull', '--quiet', image]);
  await keepSecret('by-hand', JSON.stringify({ token: 'a'.repeat(48) }));
  await once(
    '--env=OPENCLAW_GATEWAY_TOKEN=later',
    image,
    ...'openclaw onboard --non-interactive --accept-risk --skip-health --mode local --auth-choice skip'.split(
      ' ',
    ),
    ...'--secret-input-mode ref --gateway-auth token --gateway-token-ref-env OPENCLAW_GATEWAY_TOKEN'.split(
      ' ',
    ),
    ...`--gateway-bind lan --gateway-port ${port} --skip-channels --skip-skills --skip-search --skip-ui`.split(
      ' ',
    ),
    ...'--no-install-daemon --json'.split(' '),
  );
  const settings = [
    {
      path: 'secrets.providers.hand',
      provider: { source: 'file', path: '/run/by-hand/gateway.json', mode: 'json' },
    },
    { path: 'gateway.auth.token', ref: { source: 'file', provider: 'hand', id: '/token' } },
    { path: 'gateway.controlUi.allowedOrigins', value: [`http://127.0.0.1:${port}`] },
  ];
  await once(image, 'openclaw', 'config', 'set', '--batch-json', JSON.stringify(settings));
  await podman([
    runtime,
    'create',
    '--name=by-hand',
    ...options,
    '--network=slirp4netns:allow_host_loopback=false,enable_ipv6=false',
    `--publish=127.0.0.1:${port}:${port}`,
    image,
    ...`openclaw gateway run --bind lan --port ${port}`.split(' '),
  ]);
  await podman([runtime, 'start', 'by-hand']);
  while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status !== 200) await sleep(200);
  return (performance.now() - began) / 1000;
}
