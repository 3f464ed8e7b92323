import { describe, expect, it } from 'vitest';
import { fixture } from '../fixtures.ts';
import { engineStateFrom, meansFrom, PodmanInfo, refusesCgroups, tagSources } from './probe.ts';

const recorded = JSON.parse(fixture('info.rootless-4.3.1.recorded.json'));
const around = { user: 'anna', mixesCgroups: false, hasRunc: false, hasNft: true };

// biome-ignore lint/suspicious/noExplicitAny: whatever Podman prints
function info(change: (info: any) => void = () => {}): PodmanInfo {
  const copy = structuredClone(recorded);
  change(copy);
  return PodmanInfo.parse(copy);
}
const version = (Version: string) => info((it) => Object.assign(it.version, { Version }));
const modern = (Version: string, controllers: string[]) =>
  info((it) => {
    Object.assign(it.host, { cgroupVersion: 'v2', cgroupControllers: controllers });
    it.version.Version = Version;
  });

describe('whether Podman can carry a home', () => {
  it('is ready, with limits as far as the kernel keeps them', () => {
    expect(engineStateFrom(info(), around)).toEqual({
      is: 'ready',
      version: '4.3.1',
      limits: 'not-enforced',
    });
    const limits = (controllers: string[]) => engineStateFrom(modern('4.9.3', controllers), around);
    expect(limits(['cpu', 'memory', 'pids'])).toMatchObject({ limits: 'enforced' });
    expect(limits(['memory', 'pids'])).toMatchObject({ limits: 'enforced' });
    expect(limits(['pids'])).toMatchObject({ limits: 'not-enforced' });
    expect(limits([])).toMatchObject({ limits: 'not-enforced' });
  });

  it.each(['3.4.4', '4.2.1', '4.2.0-dev'])('is too old at %s', (old) => {
    expect(engineStateFrom(version(old), around)).toEqual({ is: 'too-old', version: old, needs: '4.3.0' });
  });

  it.each(['4.3.0', '4.9.4-rhel', '5.4.2', '6.0.0-rc1'])('is recent enough at %s', (recent) => {
    const withPasta = info((it) => {
      it.version.Version = recent;
      it.host.pasta = { executable: '/usr/bin/pasta' };
    });
    expect(engineStateFrom(withPasta, around)).toMatchObject({ is: 'ready', version: recent });
  });

  it('lacks subordinate ids of either kind', () => {
    for (const map of ['uidmap', 'gidmap']) {
      const single = info((it) => {
        it.host.idMappings[map] = [{ container_id: 0, host_id: 1000, size: 1 }];
      });
      expect(engineStateFrom(single, around)).toEqual({
        is: 'no-subordinate-ids',
        version: '4.3.1',
        user: 'anna',
      });
    }
    expect(
      engineStateFrom(
        info((it) => Object.assign(it.host, { idMappings: null })),
        around,
      ).is,
    ).toBe('no-subordinate-ids');
  });

  it('needs runc where crun refuses the cgroups', () => {
    const mixed = { ...around, mixesCgroups: true };
    expect(engineStateFrom(info(), mixed)).toEqual({ is: 'no-runtime-for-cgroups', version: '4.3.1' });
    expect(engineStateFrom(info(), { ...mixed, hasRunc: true }).is).toBe('ready');
    expect(
      refusesCgroups(
        info((it) => Object.assign(it.host.ociRuntime, { name: 'runc' })),
        true,
      ),
    ).toBe(false);
  });

  it('is broken as administrator or on another computer', () => {
    const rootful = PodmanInfo.parse(JSON.parse(fixture('info.rootful-4.3.1.recorded.json')));
    expect(engineStateFrom(rootful, around).is).toBe('broken');
    expect(
      engineStateFrom(
        info((it) => Object.assign(it.host, { serviceIsRemote: true })),
        around,
      ).is,
    ).toBe('broken');
  });

  it('starts nothing where no fence can be built', () => {
    expect(engineStateFrom(info(), { ...around, hasNft: false })).toEqual({
      is: 'no-fence',
      version: '4.3.1',
    });
  });

  it('is not whole without a way to the network', () => {
    const cut = info((it) => Object.assign(it.host, { slirp4netns: { executable: '' } }));
    expect(engineStateFrom(cut, around)).toEqual({ is: 'absent' });
  });
});

describe('what a home can be given', () => {
  it('keeps the computer itself out of reach on every version', () => {
    expect(meansFrom(info()).network).toBe('slirp4netns:allow_host_loopback=false,enable_ipv6=false');
    const pasta = (Version: string) =>
      meansFrom(
        info((it) => {
          it.version.Version = Version;
          it.host.pasta = { executable: '/usr/bin/pasta' };
          if (!Version.startsWith('6')) it.host.slirp4netns = { executable: '' };
        }),
      );
    const usual = 'pasta:--ipv4-only,--dns-forward,169.254.1.1';
    expect(pasta('5.2.0').network).toBe(usual);
    expect(pasta('5.4.2').network).toBe(`${usual},--map-guest-addr,none`);
    expect(pasta('6.0.0').network).toBe(`${usual},--map-guest-addr,none`);
    expect([meansFrom(info()).resolver, pasta('6.0.0').resolver]).toEqual(['10.0.2.3', '169.254.1.1']);
  });

  it('is read from Podman 5 as from 4', () => {
    const newer = PodmanInfo.parse(JSON.parse(fixture('info.rootless-5.4.2.recorded.json')));
    expect(engineStateFrom(newer, { ...around, mixesCgroups: true, hasRunc: true })).toEqual({
      is: 'ready',
      version: '5.4.2',
      limits: 'not-enforced',
    });
    expect(meansFrom(newer)).toMatchObject({
      restarts: false,
      network: expect.stringContaining('slirp4netns'),
    });
    expect(tagSources(newer, 'ghcr.io/openclaw/openclaw')[0]?.insecure).toBe(true);
  });

  it('restarts a home only where its fence comes along', () => {
    expect(meansFrom(info()).restarts).toBe(false);
    expect(meansFrom(version('5.5.2')).restarts).toBe(false);
    expect(meansFrom(version('5.6.0')).restarts).toBe(true);
  });

  it('limits processes per home only on kernels that count them so', () => {
    const kernel = (release: string) =>
      meansFrom(info((it) => Object.assign(it.host, { kernel: release }))).countsProcessesPerHome;
    expect(kernel('5.10.0-28-amd64')).toBe(false);
    expect(kernel('5.14.0-427.el9.x86_64')).toBe(true);
    expect(kernel('6.18.44-fc-v669')).toBe(true);
  });
});

describe('where tags are asked for', () => {
  const image = 'ghcr.io/openclaw/openclaw';
  const withRegistries = (registries: object) =>
    tagSources(
      info((it) => Object.assign(it, { registries })),
      image,
    );

  it('is the source itself where nothing is configured', () => {
    expect(withRegistries({})).toEqual([{ name: image, insecure: false }]);
    expect(withRegistries({ search: ['docker.io'] })).toEqual([{ name: image, insecure: false }]);
  });

  it('is a mirror first', () => {
    const mirrored = {
      Prefix: 'ghcr.io/openclaw',
      Location: 'ghcr.io/openclaw',
      Insecure: false,
      Mirrors: [{ Location: '127.0.0.1:5055/openclaw', Insecure: true, PullFromMirror: '' }],
    };
    expect(withRegistries({ 'ghcr.io/openclaw': mirrored })).toEqual([
      { name: '127.0.0.1:5055/openclaw/openclaw', insecure: true },
      { name: image, insecure: false },
    ]);
  });

  it('follows the most telling entry and no other', () => {
    const moved = (Prefix: string, Location: string) => ({
      Prefix,
      Location,
      Insecure: false,
      Mirrors: null,
    });
    expect(
      withRegistries({
        a: moved('ghcr.io', 'far.example'),
        b: moved('ghcr.io/openclaw', 'near.example/claw'),
        c: moved('ghcr.io/open', 'wrong.example'),
      }),
    ).toEqual([{ name: 'near.example/claw/openclaw', insecure: false }]);
  });
});
