import { describe, expect, it } from 'vitest';
import { noFenceExit } from '../fence.ts';
import type { HomeSpec } from '../sandbox.ts';
import {
  createArguments,
  type Ingredients,
  onceArguments,
  rehearsalArguments,
  specDigest,
} from './arguments.ts';
import { guardArguments } from './guard.ts';
import { keeperArguments } from './keeper.ts';
import { visitorArguments } from './visitor.ts';

const spec: HomeSpec = {
  image: `ghcr.io/openclaw/openclaw@sha256:${'a'.repeat(64)}`,
  version: '2026.9.6',
  port: 18_789,
  sharedFolder: '/home/anna/Open,Claw',
  memoryBytes: 3 * 1024 ** 3,
  cpus: 2,
  pids: 512,
  command: ['openclaw', 'gateway', 'run'],
  environment: { OPENCLAW_NO_RESPAWN: '1' },
  secrets: [
    { id: 'gateway', as: 'file' },
    { id: 'model-key', as: 'environment', name: 'OPENAI_API_KEY' },
  ],
  certificates: null,
  fence: { refused: [], allowed: [{ address: '192.168.1.20', port: 445 }] },
};
const seccomp = { file: '/data/system-calls.json', contents: '{}' };
const ingredients: Ingredients = {
  means: {
    arch: 'amd64',
    rootFolder: '/var/lib/docker',
    isDesktop: false,
    limits: { memory: true, pids: true, cpu: true },
    countsProcessesPerHome: false,
  },
  seccomp,
  given: { gateway: 'clawcove-gateway-1-a', 'model-key': 'clawcove-model-key-2-b' },
};
const open = /privileged|unconfined|--device|=host|--env-host|docker\.sock/;
const mounts = (args: readonly string[]) => args.filter((arg) => arg.startsWith('--mount='));

describe('the arguments of a home', () => {
  const args = createArguments('a-name', 'f00', spec, ingredients);

  it('make it hard', () => {
    for (const flag of [
      '--user=1000:1000',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--security-opt=seccomp=/data/system-calls.json',
      '--read-only',
      '--ipc=private',
      '--memory=3221225472',
      '--memory-swap=3221225472',
      '--pids-limit=512',
      '--cpus=2',
      '--restart=on-failure:3',
      '--log-opt=max-size=10mb',
      '--pull=never',
    ])
      expect(args).toContain(flag);
    expect(args.join(' ')).not.toMatch(open);
    expect(args.join(' ')).not.toMatch(/cap-add|--pid=/);
  });

  it('have no network but the guard’s, publish nothing themselves, and demand the fence', () => {
    expect(args.filter((arg) => arg.startsWith('--network='))).toEqual(['--network=container:f00']);
    expect(args.filter((arg) => /^(?:-p|--publish)/.test(arg))).toEqual([]);
    expect(args[args.indexOf(spec.image) + 3]).toContain(`exit ${noFenceExit}`);
    expect(args.slice(-3)).toEqual(spec.command);
  });

  it('show one folder of this computer, the state and nothing else that lasts', () => {
    expect(mounts(args)).toEqual([
      '--mount=type=volume,src=clawcove-openclaw-state,dst=/home/node/.openclaw,volume-nocopy',
      '--mount=type=volume,src=clawcove-gateway-1-a,dst=/run/clawcove/gateway,volume-nocopy,readonly',
      '--mount=type=volume,src=clawcove-model-key-2-b,dst=/run/clawcove/environment/OPENAI_API_KEY,volume-nocopy,readonly',
      '--mount=type=bind,"src=/home/anna/Open,Claw",dst=/home/node/shared',
      '--mount=type=volume,src=clawcove-openclaw-cache,dst=/home/node/.cache,volume-nocopy',
    ]);
    const odd = { ...spec, secrets: [{ id: 'model-key', as: 'environment', name: '../x' }] } as const;
    expect(() => createArguments('n', 'f00', odd, ingredients)).toThrow();
  });

  it('carry certificates in', () => {
    const given = { ...ingredients.given, certificates: 'clawcove-certificates-3-c' };
    const carried = createArguments('n', 'f00', { ...spec, certificates: 'PEM' }, { ...ingredients, given });
    expect(carried).toContain('--env=NODE_EXTRA_CA_CERTS=/run/clawcove/certificates/value');
    expect(mounts(carried).join(' ')).toContain(
      'src=clawcove-certificates-3-c,dst=/run/clawcove/certificates,',
    );
  });

  it('have one digest for one home, whatever its name', () => {
    const digest = specDigest(spec, ingredients);
    expect(args).toContain(`--label=app.clawcove.spec=${digest}`);
    const others = [
      specDigest({ ...spec, port: 18_790 }, ingredients),
      specDigest({ ...spec, environment: {} }, ingredients),
      specDigest({ ...spec, fence: { ...spec.fence, refused: ['203.0.113.9'] } }, ingredients),
      specDigest({ ...spec, certificates: 'PEM' }, ingredients),
      specDigest(spec, { ...ingredients, given: { ...ingredients.given, gateway: 'clawcove-gateway-9-z' } }),
      specDigest(spec, { ...ingredients, seccomp: { ...seccomp, contents: '{"a":1}' } }),
    ];
    expect(new Set([digest, ...others]).size).toBe(others.length + 1);
  });
});

describe('the arguments of what passes', () => {
  const home = createArguments('n', 'f00', spec, ingredients);
  const hard = home.filter((arg) =>
    /^--(?:cap-drop|user|security-opt|read-only|tmpfs|memory|pids)/.test(arg),
  );

  it.each([
    ['once', onceArguments('n', null, spec, ingredients, ['true'], false)],
    ['once with a network', onceArguments('n', 'f00', spec, ingredients, ['true'], false)],
    ['a rehearsal', rehearsalArguments(spec, ingredients)],
  ])('%s is as hard', (_, args) => {
    for (const flag of hard) expect(args).toContain(flag);
    expect(args.join(' ')).not.toMatch(open);
    expect(args.join(' ')).not.toMatch(/--publish/);
  });

  it('have a network only behind a fence', () => {
    const [without, within] = [null, 'f00'].map((guard) =>
      onceArguments('n', guard, spec, ingredients, ['true'], false),
    ) as [string[], string[]];
    expect(without).toContain('--network=none');
    expect(without.join(' ')).not.toContain('fence');
    expect(within).toContain('--network=container:f00');
    expect(within.join(' ')).toContain('the fence around this home is missing');
    expect(rehearsalArguments(spec, ingredients)).toContain('--network=none');
  });

  it('a rehearsal sees its copy and no folder of this computer', () => {
    expect(mounts(rehearsalArguments(spec, ingredients)).join(' ')).not.toMatch(/type=bind|openclaw-state,/);
  });
});

describe('those who stand beside a home', () => {
  const guard = guardArguments('g', spec.image, seccomp, spec.fence, 18_789);
  const keeper = keeperArguments('k', spec.image, seccomp, { script: 'true', as: 'look', hasInput: false });
  const visitor = visitorArguments('v', { image: spec.image, seccomp }, 'f00', ['KILL'], ['/bin/true']);

  it.each([
    ['a guard', guard, ['NET_ADMIN', 'SETUID', 'SETGID', 'SETPCAP']],
    ['a keeper', keeper, ['CHOWN', 'DAC_OVERRIDE', 'FOWNER']],
    ['a visitor', visitor, ['KILL']],
  ])('%s has no power but those it needs', (_, args, powers) => {
    expect(args).toContain('--cap-drop=ALL');
    expect(args.filter((arg) => arg.startsWith('--cap-add='))).toEqual(
      powers.map((power) => `--cap-add=${power}`),
    );
    for (const flag of ['--security-opt=no-new-privileges', '--read-only', '--pull=never'])
      expect(args).toContain(flag);
    expect(args.join(' ')).not.toMatch(open);
    expect(args.join(' ')).not.toContain('type=bind');
  });

  it('a guard publishes one port, to this computer alone, and sees no state', () => {
    expect(guard.filter((arg) => /^(?:-p|--publish)/.test(arg))).toEqual(['--publish=127.0.0.1:18789:18789']);
    expect(mounts(guard)).toEqual(['--mount=type=volume,dst=/run/clawcove-fence']);
    expect(guardArguments('g', spec.image, seccomp, spec.fence, null).join(' ')).not.toContain('publish');
    expect(guard).toContain('--restart=no');
  });

  it('keepers and visitors have no network, and who only looks can’t change anything', () => {
    for (const args of [keeper, visitor]) expect(args).toContain('--network=none');
    expect(mounts(keeper)).toEqual([
      '--mount=type=volume,src=clawcove-openclaw-all,dst=/clawcove,volume-nocopy,readonly',
    ]);
  });
});
