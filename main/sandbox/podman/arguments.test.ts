import { describe, expect, it } from 'vitest';
import { demandFence, fenceRules } from '../fence.ts';
import type { HomeSpec } from '../sandbox.ts';
import {
  createArguments,
  type Ingredients,
  onceArguments,
  rehearsalArguments,
  specDigest,
} from './arguments.ts';

const spec: HomeSpec = {
  image: `ghcr.io/openclaw/openclaw@sha256:${'a'.repeat(64)}`,
  version: '2026.9.6',
  port: 18_789,
  sharedFolder: '/home/anna/OpenClaw',
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
const ingredients: Ingredients = {
  means: {
    network: 'slirp4netns:allow_host_loopback=false,enable_ipv6=false',
    resolver: '10.0.2.3',
    limits: { memory: true, pids: true, cpu: true },
    countsProcessesPerHome: true,
    restarts: true,
    selinux: false,
  },
  seccomp: { file: '/data/system-calls.json', contents: '{}' },
  secretIds: ['1', '2'],
};
const means = (change: Partial<Ingredients['means']>): Ingredients => ({
  ...ingredients,
  means: { ...ingredients.means, ...change },
});

describe('the arguments of a home', () => {
  const args = createArguments('a-name', spec, ingredients);

  it('make it hard', () => {
    for (const flag of [
      '--userns=keep-id:uid=1000,gid=1000',
      '--user=1000:1000',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--security-opt=seccomp=/data/system-calls.json',
      '--read-only',
      '--read-only-tmpfs=false',
      '--memory=3221225472',
      '--memory-swap=3221225472',
      '--pids-limit=512',
      '--cpus=2',
      '--ulimit=nproc=512:512',
      '--oom-score-adj=500',
      '--http-proxy=false',
      '--pull=never',
    ])
      expect(args).toContain(flag);
    expect(args.join(' ')).not.toMatch(
      /privileged|cap-add|unconfined|--device|=host|--pid=|--ipc=|--env-host/,
    );
  });

  it('publish one port, to this computer alone', () => {
    expect(args.filter((arg) => /^(-p|--publish)/.test(arg))).toEqual(['--publish=127.0.0.1:18789:18789']);
  });

  it('fence the network in', () => {
    const rules = args.filter((arg) => arg.startsWith('--annotation='));
    expect(rules).toEqual([`--annotation=app.clawcove.fence=${fenceRules(spec.fence, '10.0.2.3')}`]);
    // Podman takes an annotation apart at its commas.
    expect(rules.join()).not.toContain(',');
    expect(args).toContain('--dns=10.0.2.3');
    expect(args[args.indexOf(spec.image) + 3]).toContain(demandFence);
  });

  it('show one folder of this computer', () => {
    expect(args.filter((arg) => arg.includes('type=bind'))).toEqual([
      '--mount=type=bind,"src=/home/anna/OpenClaw",dst=/home/node/shared,nosuid,nodev',
    ]);
    expect(args.filter((arg) => arg.startsWith('--volume='))).toEqual([
      '--volume=clawcove-openclaw-state:/home/node/.openclaw:rw,nosuid,nodev',
    ]);
  });

  it('hand secrets over as files that only the agent reads, never as values', () => {
    expect(args.filter((arg) => arg.startsWith('--secret='))).toEqual([
      '--secret=clawcove-gateway,type=mount,uid=1000,gid=1000,mode=0400,target=/run/clawcove/gateway.json',
      '--secret=clawcove-model-key,type=mount,uid=1000,gid=1000,mode=0400,target=/run/clawcove/environment/OPENAI_API_KEY',
    ]);
    const odd = { ...spec, secrets: [{ id: 'model-key', as: 'environment', name: '../x' }] } as const;
    expect(() => createArguments('n', odd, ingredients)).toThrow();
  });

  it('end with the image by digest and the command', () => {
    const image = args.indexOf(spec.image);
    expect(args.slice(image + 1, image + 3)).toEqual(['/bin/sh', '-c']);
    expect(args.slice(-3)).toEqual(spec.command);
  });

  it('leave out limits that this system refuses, and put others in their place', () => {
    const bare = createArguments('n', spec, means({ limits: { memory: false, pids: false, cpu: false } }));
    expect(bare.join(' ')).not.toMatch(/--memory|--pids-limit|--cpus/);
    expect(bare).toContain(`--ulimit=data=${19 * 1024 ** 3}:${19 * 1024 ** 3}`);
    expect(bare).toContain('--ulimit=nproc=512:512');
    expect(createArguments('n', spec, means({ countsProcessesPerHome: false })).join(' ')).not.toContain(
      'nproc',
    );
  });

  it('differ where the system does', () => {
    expect(createArguments('n', spec, means({ selinux: true })).join(' ')).toContain('relabel=private');
    expect(createArguments('n', spec, means({ restarts: false }))).toContain('--restart=no');
    expect(createArguments('n', spec, { ...ingredients, seccomp: null }).join(' ')).not.toContain('seccomp');
    const carried = createArguments('n', { ...spec, certificates: 'PEM' }, ingredients);
    expect(carried).toContain('--env=NODE_EXTRA_CA_CERTS=/run/clawcove/certificates.pem');
  });

  it('have one digest for one home, whatever its name', () => {
    const digest = specDigest(spec, ingredients);
    expect(args).toContain(`--label=app.clawcove.spec=${digest}`);
    expect(createArguments('other-name', spec, ingredients)).toContain(`--label=app.clawcove.spec=${digest}`);
    const others = [
      specDigest({ ...spec, port: 18_790 }, ingredients),
      specDigest({ ...spec, environment: {} }, ingredients),
      specDigest({ ...spec, fence: { ...spec.fence, allowed: [] } }, ingredients),
      specDigest({ ...spec, fence: { ...spec.fence, refused: ['203.0.113.9'] } }, ingredients),
      specDigest({ ...spec, certificates: 'PEM' }, ingredients),
      specDigest({ ...spec, certificates: 'OTHER' }, ingredients),
      specDigest(spec, { ...ingredients, secretIds: ['1', '3'] }),
      specDigest(spec, { ...ingredients, seccomp: { file: '/data/system-calls.json', contents: '{"a":1}' } }),
    ];
    expect(new Set([digest, ...others]).size).toBe(others.length + 1);
  });
});

describe('the arguments of a passing sandbox', () => {
  const once = (network: boolean) =>
    onceArguments('n', spec, ingredients, ['true'], { network, hasInput: false });

  it('are as hard, without a port and without a network unless asked', () => {
    expect(once(false)).toContain('--network=none');
    expect(once(true)).toContain(`--network=${ingredients.means.network}`);
    for (const isFence of [
      /^--annotation=app\.clawcove\.fence=table/,
      /the fence around this home is missing/,
    ]) {
      expect(once(true).filter((arg) => isFence.test(arg))).toHaveLength(1);
      expect(once(false).filter((arg) => isFence.test(arg))).toEqual([]);
    }
    expect(once(true).join(' ')).not.toContain('--publish');
    expect(once(false)).toContain('--rm');
    const hard = createArguments('n', spec, ingredients).filter((arg) =>
      /cap-drop|user|security|read-only|tmpfs/.test(arg),
    );
    for (const flag of hard) expect(once(false)).toContain(flag);
  });
});

it('the arguments of a rehearsal are as hard, and cut off', () => {
  const args = rehearsalArguments(spec, ingredients);
  for (const flag of [
    '--cap-drop=ALL',
    '--read-only',
    '--network=none',
    '--userns=keep-id:uid=1000,gid=1000',
  ])
    expect(args).toContain(flag);
  expect(args.filter((arg) => /type=bind|--publish/.test(arg))).toEqual([]);
  expect(args.filter((arg) => arg.startsWith('--volume='))).toEqual([
    '--volume=clawcove-openclaw-state-rehearsal:/home/node/.openclaw:rw,nosuid,nodev',
  ]);
});
