import { describe, expect, it } from 'vitest';
import {
  hardening,
  homeUnitText,
  type Ingredients,
  imageUnitText,
  rehearsalUnitText,
  sliceText,
} from './unit.ts';

const digest = `sha256:${'a1'.repeat(32)}`;
const ingredients: Ingredients = {
  digest,
  workingFolder: '/home/node',
  agentId: 1000,
  sharedInside: '/mnt/shared',
  limits: { memoryBytes: 3 * 1024 ** 3, cpus: 1.5, pids: 512 },
  keepsLimits: true,
};
const around = { kind: 'home', network: true, as: 'agent', state: '/var/lib/clawcove/state' } as const;

describe('the home as a unit', () => {
  it.each([
    'User=1000',
    'PrivateUsers=yes',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'NoNewPrivileges=yes',
    'SystemCallFilter=@system-service',
    'RestrictNamespaces=yes',
    `RootDirectory=/opt/clawcove/images/${'a1'.repeat(16)}`,
    'ProtectSystem=strict',
    'PrivateDevices=yes',
    'ProtectProc=invisible',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'ProtectHostname=yes',
    'BindPaths=/var/lib/clawcove/state:/home/node/.openclaw',
    'BindPaths=/mnt/shared:/home/node/shared',
    'Requires=clawcove-fence.service',
    'After=clawcove-fence.service network-online.target',
    'RestartPreventExitStatus=78',
  ])('says %s', (line) => {
    expect(homeUnitText(ingredients).split('\n')).toContain(line);
  });

  it('does without what breaks the gateway’s lock', () => {
    expect(homeUnitText(ingredients)).not.toMatch(/RestrictSUIDSGID|DynamicUser/);
  });

  it('has a network only behind the fence', () => {
    const names = (network: boolean) => hardening(ingredients, { ...around, network });
    expect(names(true)).not.toContainEqual(['PrivateNetwork', 'yes']);
    expect(names(false)).toContainEqual(['PrivateNetwork', 'yes']);
    expect(names(false)).not.toContainEqual(['Requires', 'clawcove-fence.service']);
    expect(rehearsalUnitText(ingredients, '/copy')).toMatch(/^PrivateNetwork=yes$/m);
    expect(rehearsalUnitText(ingredients, '/copy')).not.toContain('/mnt/shared');
  });

  it('takes no more from a root beside the home than its name', () => {
    const asRoot = hardening(ingredients, { ...around, as: 'root' });
    const asAgent = hardening(ingredients, around);
    expect(asRoot.filter(([name]) => !/^(?:User|Group)$/.test(name))).toEqual(
      asAgent.filter(([name]) => !/^(?:User|Group)$/.test(name)),
    );
  });

  it('has limits of single processes where the kernel keeps none of groups', () => {
    expect(homeUnitText(ingredients)).not.toMatch(/LimitNPROC|LimitDATA/);
    const without = homeUnitText({ ...ingredients, keepsLimits: false });
    expect(without).toMatch(/^LimitNPROC=512$/m);
    expect(without).toMatch(/^LimitDATA=\d+$/m);
    expect(sliceText(ingredients).split('\n')).toEqual(
      expect.arrayContaining(['MemoryMax=3221225472', 'TasksMax=512', 'CPUQuota=150%']),
    );
  });

  it('lays ours over the newest layer, and that over the older ones', () => {
    expect(imageUnitText(digest, ['old', 'new'])).toContain(
      'lowerdir=/opt/clawcove/top:/opt/clawcove/layers/new:/opt/clawcove/layers/old:/opt/clawcove/empty',
    );
    expect(imageUnitText(digest, [])).toMatch(/^Options=ro,nosuid,nodev,/m);
  });
});
