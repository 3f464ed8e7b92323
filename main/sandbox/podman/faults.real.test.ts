/** What only Podman can do wrong: a source that fails, other containers, engines that are killed. */
import { spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { network } from '../../host/network.ts';
import { Cancelled } from '../../problem.ts';
import { type FaultyRegistry, startFaultyRegistry } from '../image/faulty-registry.ts';
import { mixesCgroups } from '../observe/cgroups.ts';
import { problemCode } from '../sandbox.contract.ts';
import type { FetchedImage, HomeSpec } from '../sandbox.ts';
import { idle, silentReport } from '../silent-report.ts';
import { leftoversIn, openTestHome, type TestHome } from './test-home.ts';

const version = '2026.9.6';
const other = '2026.8.2';

/** A registry without TLS that stands behind the official name on this computer, as the rig sets one up. */
async function mirrorOf({ podman }: TestHome): Promise<string | null> {
  const registries = await podman('info', '--format={{json .Registries}}');
  return /"Location":"(127\.0\.0\.1:\d+)\/openclaw","Insecure":true/.exec(registries.stdout)?.[1] ?? null;
}

describe('Podman when something goes wrong', () => {
  let home: TestHome;
  let mirror: string | null;
  let image: FetchedImage;
  let registry: FaultyRegistry | null = null;

  const specFor = async (folderName: string): Promise<HomeSpec> => {
    const sharedFolder = join(home.folder, folderName);
    await mkdir(sharedFolder, { recursive: true });
    return {
      image: image.reference,
      version,
      port: 18_999,
      sharedFolder,
      memoryBytes: 1024 ** 3,
      cpus: 1,
      pids: 128,
      command: ['sleep', '600'],
      environment: {},
      secrets: [],
      certificates: null,
      fence: { refused: [], allowed: [] },
    };
  };
  const goVia = (location: string | null) =>
    writeFile(
      home.registriesConf,
      location === null
        ? '[[registry]]\nprefix = "ghcr.io/openclaw"\nlocation = "no-such-place.invalid/openclaw"\n'
        : `[[registry]]\nprefix = "ghcr.io/openclaw"\nlocation = "${location}/openclaw"\ninsecure = true\n`,
    );

  beforeAll(async () => {
    home = await openTestHome();
    mirror = await mirrorOf(home);
    if (mirror) registry = await startFaultyRegistry(mirror);
    image = await home.sandbox.fetchImage(version, silentReport());
  });
  afterAll(async () => {
    await registry?.close();
    await home?.close();
  });

  describe('fetching', () => {
    it('reports bytes as they come, up to what was announced', async ({ skip }) => {
      if (!registry) return skip('needs a registry that can be slowed down');
      registry.fault = 'slow';
      await goVia(registry.address);
      const report = silentReport();
      await home.sandbox.fetchImage(other, report);
      const { steps } = report;
      expect(steps.length).toBeGreaterThan(5);
      expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).sort((a, b) => a - b));
      expect(new Set(steps.map(({ of }) => of)).size).toBe(1);
      expect(steps.at(-1)?.of).toBeGreaterThan(10_000_000);
      expect(steps.at(-1)?.done).toBe(steps.at(-1)?.of);
      expect(report.lines.some((line) => line.includes('Copying blob'))).toBe(true);
    });

    it('leaves nothing half-made when cancelled', async ({ skip }) => {
      if (!registry) return skip('needs a registry that can be slowed down');
      await home.sandbox.dropSpareImages([version], idle());
      expect(await home.sandbox.findImage(other, idle())).toBeNull();
      const abort = new AbortController();
      const report = silentReport(abort.signal);
      registry.fault = 'slow';
      const fetching = home.sandbox.fetchImage(other, {
        ...report,
        progress: (done) => (done > 5_000_000 ? abort.abort() : undefined),
      });
      await expect(fetching).rejects.toBeInstanceOf(Cancelled);
      expect(await readdir(join(home.folder, 'clawcove', 'download'))).toEqual([]);
      expect(await home.sandbox.findImage(other, idle())).toBeNull();
      expect(await leftoversIn(home)).toEqual([`ghcr.io/openclaw/openclaw:${version}`]);
    });

    it.each([
      ['damaged', 'download-damaged'],
      ['cut', 'source-silent'],
      ['out-of-order', 'source-out-of-order'],
      ['refuses', 'source-refuses'],
      ['wants-password', 'source-refuses'],
      ['sign-in-page', 'somebody-in-between'],
    ] as const)('says what is wrong when the source is %s', async (fault, code) => {
      if (!registry) return;
      registry.fault = fault;
      await goVia(registry.address);
      expect(await problemCode(home.sandbox.fetchImage(other, silentReport()))).toBe(code);
      expect(await readdir(join(home.folder, 'clawcove', 'download'))).toEqual([]);
      expect(await home.sandbox.findImage(other, idle())).toBeNull();
    });

    it('tells an unknown version, a dead source and no internet apart', async () => {
      if (!registry) return;
      registry.fault = 'none';
      await goVia(registry.address);
      expect(await problemCode(home.sandbox.fetchImage('2099.1.1', silentReport()))).toBe(
        'version-not-offered',
      );
      await goVia('127.0.0.1:9');
      expect(await problemCode(home.sandbox.fetchImage(other, silentReport()))).toBe('source-silent');
      expect(await problemCode(home.another().listVersions(idle()))).toBe('source-silent');
      await goVia(null);
      expect(await problemCode(home.sandbox.fetchImage(other, silentReport()))).toBe('no-internet');
      await goVia(registry.address);
    });
  });

  it("sets somebody else's container with our name aside, stopped and whole", async () => {
    const globals = (await mixesCgroups()) ? ['--runtime=runc'] : [];
    await home.podman(
      ...globals,
      'run',
      '--detach',
      '--name=clawcove-openclaw',
      '--network=none',
      image.reference,
      'sleep',
      '600',
    );
    expect(await home.sandbox.inspect(idle())).toEqual({ is: 'foreign', name: 'clawcove-openclaw' });
    expect(await home.sandbox.observe(idle())).toEqual({ is: 'not-running' });
    expect(await problemCode(home.sandbox.start(idle()))).toBe('home-not-ours');
    await home.sandbox.stop(idle());
    expect((await home.podman('ps', '--format={{.Names}}')).stdout.trim()).toBe('clawcove-openclaw');
    const report = silentReport();
    await home.sandbox.create(await specFor('shared'), report);
    expect((await home.sandbox.inspect(idle())).is).toBe('present');
    const names = (await home.podman('ps', '--all', '--format={{.Names}} {{.Status}}')).stdout;
    expect(names).toMatch(/clawcove-openclaw-not-ours-\d+ Exited/);
    expect(report.lines.join()).toContain('not made by ClawCove');
    await home.sandbox.destroy({ state: true }, silentReport());
    expect((await leftoversIn(home)).filter((name) => name.includes('not-ours'))).toHaveLength(1);
    await home.podman('rm', '--all', '--force', '--time=0');
    image = await home.sandbox.fetchImage(version, silentReport());
  });

  it('makes one home when two ClawCoves make it at once, of whichever spec', async () => {
    const [spec, different] = [await specFor('one'), await specFor('two')];
    const same = await Promise.allSettled([
      home.sandbox.create(spec, silentReport()),
      home.another().create(spec, silentReport()),
      home.another().create(spec, silentReport()),
    ]);
    expect(same.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await Promise.allSettled([
      home.sandbox.create(different, silentReport()),
      home.another().create(spec, silentReport()),
    ]);
    expect((await home.sandbox.inspect(idle())).is).toBe('present');
    const names = (await leftoversIn(home)).filter((name) => name.startsWith('clawcove-openclaw'));
    expect(names).toEqual(['clawcove-openclaw', 'clawcove-openclaw-state']);
  });

  it('gets over an engine that is killed while it works', async () => {
    const spec = await specFor('killed');
    for (const after of [20, 60, 120, 250, 400]) {
      // A change, so that there is something to make.
      const changed = { ...spec, environment: { AFTER: String(after) } };
      const making = problemCode(home.sandbox.create(changed, silentReport()));
      await new Promise((resolve) => setTimeout(resolve, after));
      await killPodman(home.folder);
      await making;
      await home.sandbox.create(changed, silentReport());
      await home.sandbox.start(idle());
      expect(await home.sandbox.inspect(idle())).toMatchObject({ is: 'present', state: 'running' });
      await home.sandbox.stop(idle());
    }
  });

  it('copies into nothing, whatever a removal that was cut off has left behind', async () => {
    const spec = await specFor('removal cut off');
    const of = { image: image.reference, version };
    const options = { timeoutMs: 60_000, signal: idle(), network: false };
    const state = home.sandbox.inside.state;
    await home.sandbox.create(spec, silentReport());
    await home.sandbox.once(spec, ['sh', '-c', `echo now > ${state}/kept`], options);
    const { stdout } = await home.podman(
      'volume',
      'inspect',
      '--format={{.Mountpoint}}',
      'clawcove-openclaw-state',
    );
    const volumes = join(stdout.trim(), '../..');
    // The engine has forgotten them; their files are still there.
    for (const kind of ['before', 'making', 'aside']) {
      const left = join(volumes, `clawcove-openclaw-state-${kind}/_data`);
      await home.podman('unshare', 'sh', '-c', 'mkdir -p "$1" && echo old > "$1/stale"', 'leave', left);
    }
    const files = async () => (await home.sandbox.once(spec, ['ls', state], options)).untrustedOut;
    const before = await files();
    await home.sandbox.copyState('before', of, silentReport());
    await home.sandbox.exchangeState('before', of, idle());
    expect(await files()).toBe(before);
    expect(await home.sandbox.findCopy('aside', idle())).toEqual(of);
    for (const copy of ['before', 'aside'] as const) await home.sandbox.dropCopy(copy, idle());
  });

  it('gets over a home whose keeper (conmon) was killed', async () => {
    const spec = await specFor('keeper');
    await home.sandbox.create(spec, silentReport());
    await home.sandbox.start(idle());
    const pid = (
      await home.podman('inspect', '--format={{.State.ConmonPid}}', 'clawcove-openclaw')
    ).stdout.trim();
    process.kill(Number(pid), 'SIGKILL');
    await home.sandbox.stop(idle());
    // Podman 4.3 waits for its end for ever then; making it again is what helps.
    await home.sandbox.create(spec, silentReport());
    await home.sandbox.start(idle());
    expect(await home.sandbox.inspect(idle())).toMatchObject({ state: 'running' });
    const said = await home.sandbox.exec('agent', ['echo', 'alive'], { timeoutMs: 30_000, signal: idle() });
    expect(said.untrustedOut).toBe('alive\n');
    await home.sandbox.stop(idle());
  });

  it('carries certificates in, as a file and not as a second folder', async () => {
    const pem = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
    const certificates = /-----BEGIN[\s\S]+?END CERTIFICATE-----\n/.exec(pem)?.[0] ?? '';
    const spec = { ...(await specFor('certificates')), certificates };
    await home.sandbox.create(spec, silentReport());
    const before = (await home.podman('inspect', '--format={{.Id}}', 'clawcove-openclaw')).stdout;
    await home.sandbox.create(spec, silentReport());
    expect((await home.podman('inspect', '--format={{.Id}}', 'clawcove-openclaw')).stdout).toBe(before);
    const script = "console.log(require('fs').readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8'))";
    const seen = await home.sandbox.once(spec, ['node', '-e', script], {
      network: false,
      timeoutMs: 60_000,
      signal: idle(),
    });
    expect(seen.untrustedOut.trim()).toBe(certificates.trim());
    const there = await home.sandbox.inspect(idle());
    expect(there.is === 'present' && there.mounts.filter(({ kind }) => kind === 'bind')).toHaveLength(1);
  });

  it('starts no home by itself where the person has no systemd, and says so', async () => {
    await home.sandbox.setAutostart(true, idle());
    const hasSystemd = (await home.run({
      file: 'systemctl',
      args: ['--user', 'show-environment'],
      timeoutMs: 10_000,
      signal: idle(),
    })) as { code?: number };
    expect(await home.sandbox.hasAutostart(idle())).toBe(hasSystemd.code === 0);
    await home.sandbox.setAutostart(false, idle());
    expect(await home.sandbox.hasAutostart(idle())).toBe(false);
  });

  describe('the fence', () => {
    const neighbour = { host: '10.77.0.2', port: 8099 };
    const internet = { host: '198.51.100.2', port: 8099 };
    const reaches = async ({ host, port }: { host: string; port: number }) => {
      const script = `require('net').connect(${port}, '${host}')
        .on('connect', () => { console.log('open'); process.exit() }).on('error', (e) => console.log(e.code))`;
      const options = { timeoutMs: 30_000, signal: idle() };
      return (await home.sandbox.exec('agent', ['node', '-e', script], options)).untrustedOut.trim();
    };
    const settle = async (change: Partial<HomeSpec> = {}) => {
      await home.sandbox.create({ ...(await specFor('fence')), ...change }, silentReport());
      await home.sandbox.start(idle());
    };

    it('leaves the internet open, and the neighbours out, also when the engine had got stuck', async ({
      skip,
    }) => {
      const patience = { timeoutMs: 2_000, signal: idle() };
      if ((await network.connect(neighbour.host, neighbour.port, patience)) !== 'open')
        return skip('needs a neighbour');
      await settle();
      expect([await reaches(internet), await reaches(neighbour)]).toEqual(['open', 'ECONNREFUSED']);
      await home.sandbox.unstick(idle());
      await settle();
      expect([await reaches(internet), await reaches(neighbour)]).toEqual(['open', 'ECONNREFUSED']);
      const { host: address, port } = neighbour;
      await settle({ fence: { refused: [internet.host], allowed: [{ address, port }] } });
      expect([await reaches(internet), await reaches(neighbour)]).toEqual(['ECONNREFUSED', 'open']);
    });

    it('is missed by a home that somebody starts without it, which ends', async () => {
      await settle();
      await home.sandbox.stop(idle());
      const globals = (await mixesCgroups()) ? ['--runtime=runc'] : [];
      await home.podman(...globals, 'start', 'clawcove-openclaw');
      await home.podman('wait', 'clawcove-openclaw');
      expect(await home.sandbox.inspect(idle())).toMatchObject({ state: 'stopped', exitCode: 69 });
      expect(await home.sandbox.untrustedLog(5, idle())).toContain('fence');
      await settle();
      expect(await home.sandbox.inspect(idle())).toMatchObject({ state: 'running' });
    });

    it('keeps a home from starting when it can’t be built', async () => {
      await home.sandbox.stop(idle());
      const clumsy = home.another({ nftPlaces: ['/bin/false'] });
      expect(await problemCode(clumsy.start(idle()))).toBe('fence-failed');
      const spec = await specFor('fence');
      const options = { network: true, timeoutMs: 60_000, signal: idle() };
      expect(await problemCode(clumsy.once(spec, ['true'], options))).toBe('fence-failed');
      expect(await home.sandbox.inspect(idle())).toMatchObject({ state: 'stopped' });
    });

    it('must be possible: without, a home can be looked at and stopped, and no more', async () => {
      await settle();
      const bare = home.another({ nftPlaces: [] });
      expect((await bare.probe(idle())).is).toBe('no-fence');
      expect(await bare.inspect(idle())).toMatchObject({ state: 'running' });
      await bare.stop(idle());
      expect(await problemCode(bare.start(idle()))).toBe('engine-not-ready');
      expect(await problemCode(bare.create(await specFor('fence'), silentReport()))).toBe('engine-not-ready');
    });
  });

  it('keeps what listens on this computer alone out of reach', async () => {
    const spec = await specFor('network');
    // The address by which a guest reaches its host's loopback, were it not turned off.
    const { stdout } = await home.podman('info', '--format={{.Host.Slirp4NetNS.Executable}}');
    const doorToHost = stdout.trim() === '' ? '169.254.1.2' : '10.0.2.2';
    const listener = spawn(process.execPath, [
      '-e',
      "require('net').createServer((s) => s.end('host')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
    ]);
    const [line] = (await event(listener.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    const script = `for (const host of ['127.0.0.1', '${doorToHost}'])
      require('net').connect({ host, port: ${port}, timeout: 3000 })
        .on('connect', () => { console.log('reached', host); process.exit(1) })
        .on('timeout', function () { this.destroy() }).on('error', () => {})`;
    const result = await home.sandbox.once(spec, ['node', '-e', script], {
      network: true,
      timeoutMs: 60_000,
      signal: idle(),
    });
    listener.kill();
    expect(result).toMatchObject({ exitCode: 0, untrustedOut: '' });
  });
});

/** Kills every Podman of a test's home, and nobody else's, as a crash or the memory killer would. */
async function killPodman(folder: string): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [command, environment] = await Promise.all(
      ['cmdline', 'environ'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    if (command?.startsWith('podman\0') && environment?.includes(`HOME=${folder}\0`)) {
      try {
        process.kill(Number(name), 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
  }
}
