/** One machine from its making to its end, under a processor of software: needs the rig's `cloud-image`. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, open, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { network } from '../../host/network.ts';
import { Cancelled } from '../../problem.ts';
import { problemCode } from '../sandbox.contract.ts';
import { idle, silentReport } from '../silent-report.ts';
import { findRunning } from './process.ts';
import { qmp } from './qmp.ts';
import { startPatiently } from './start-patiently.ts';
import { openTestMachine, type TestMachine } from './test-machine.ts';

const hours = 2 * 3_600_000;
const isLong = process.env.CLAWCOVE_E2E_LONG === '1';
const test = await openTestMachine();

describe.skipIf(test === null)('a virtual machine', { timeout: hours }, () => {
  const { machine, places, folder, spec, run } = test as TestMachine;
  const inside = (argv: readonly string[], more = {}) =>
    machine.guest.run(argv, { timeoutMs: 300_000, signal: idle(), ...more });
  const shell = async (script: string, ...words: string[]) =>
    (await inside(['bash', '-c', script, 'test', ...words])).untrustedOut.trim();

  beforeAll(async () => {
    expect(await machine.state(idle())).toEqual({ is: 'missing' });
    await machine.create(spec, silentReport());
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    await startPatiently(machine);
  }, hours);
  afterAll(() => test?.close(), hours);

  it('answers, and is what was asked for', async () => {
    const state = await machine.state(idle());
    expect(state).toMatchObject({ is: 'running' });
    const age = Date.now() - ((state as { startedAt: number }).startedAt ?? 0);
    expect(age).toBeGreaterThan(5_000);
    expect(age).toBeLessThan(hours);
    // A second start changes nothing.
    await machine.start(silentReport());
    expect(await machine.state(idle())).toEqual(state);
    expect(Number(await shell('nproc'))).toBe(spec.cpus);
    const [memory, disk] = await Promise.all([
      shell("awk '/MemTotal/ { print $2 }' /proc/meminfo"),
      shell('df --output=size -B1 / | tail -1'),
    ]);
    expect(Number(memory) * 1024).toBeGreaterThan(spec.memoryBytes * 0.85);
    expect(Number(disk)).toBeGreaterThan(spec.diskBytes * 0.85);
  });

  it('runs what it is given, word for word, and hands back what comes of it', async () => {
    const odd = ["it's", '"', '$(id)', '`id`', 'two\nlines', '', '-n', '; reboot', '小龙虾', '*'];
    const { untrustedOut, exitCode } = await inside(['printf', '[%s]', ...odd]);
    expect([untrustedOut, exitCode]).toEqual([odd.map((word) => `[${word}]`).join(''), 0]);
    expect(await inside(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
      exitCode: 7,
      untrustedOut: 'out\n',
      untrustedErr: 'err\n',
      truncated: false,
    });
    // ssh itself would end like this, and say this.
    const lie = await inside(['sh', '-c', 'echo "Host key verification failed." >&2; exit 255']);
    expect(lie).toMatchObject({ exitCode: 255, untrustedErr: 'Host key verification failed.\n' });
    expect((await inside(['cat'], { input: 'handed over\n' })).untrustedOut).toBe('handed over\n');
    expect(await shell('id -u; pwd; echo $HOME')).toBe('0\n/\n/root');
    const much = await inside(['head', '-c', '100000', '/dev/zero'], { maxBytes: 1_000 });
    expect([much.untrustedOut.length, much.truncated]).toEqual([1_000, true]);
  });

  it('ends what is given up, inside as well', async () => {
    const remains = () => shell('pgrep -fc "^sleep [4]3210" || true');
    expect(await problemCode(inside(['sleep', '43210'], { timeoutMs: 5_000 }))).toBe('engine-too-slow');
    expect(await remains()).toBe('0');
    const abort = new AbortController();
    const call = inside(['sleep', '43210'], { signal: abort.signal });
    setTimeout(() => abort.abort(), 4_000);
    await expect(call).rejects.toBeInstanceOf(Cancelled);
    expect(await remains()).toBe('0');
  });

  it('takes files in and gives files out', async () => {
    const contents = randomBytes(3_000_000);
    const sum = createHash('sha256').update(contents).digest('hex');
    const file = join(folder, 'sent file');
    await writeFile(file, contents);
    const sending = silentReport();
    const sent = await machine.guest.send(
      file,
      ['sh', '-c', 'cat >/root/it; sha256sum /root/it >&2'],
      sending,
    );
    expect(sent).toMatchObject({ exitCode: 0, untrustedErr: `${sum}  /root/it\n` });
    expect(sending.steps.at(-1)).toEqual({ done: contents.length, of: contents.length });
    const back = join(folder, 'got file');
    expect(await machine.guest.receive(['cat', '/root/it'], back, silentReport())).toMatchObject({
      exitCode: 0,
    });
    expect(await readFile(back)).toEqual(contents);
    expect((await stat(back)).mode & 0o777).toBe(0o600);
    const failed = join(folder, 'no file');
    expect((await machine.guest.receive(['cat', '/no/such'], failed, silentReport())).exitCode).toBe(1);
    expect([existsSync(failed), existsSync(`${failed}.part`)]).toEqual([false, false]);
  });

  it('has forgotten what it was told at its first start', async () => {
    expect([existsSync(places.seed), existsSync(places.hostKey)]).toEqual([false, false]);
    // Whoever is nobody inside finds no key in any file, nor in the disk that was the seed.
    const found = await shell(
      'setpriv --reuid=65534 --regid=65534 --clear-groups grep -rlsa "OPENSSH PRIVATE KEY" /etc /var/lib /run /root /home /dev/disk/by-label || true',
    );
    expect(found).toBe('');
    const kept = await shell(
      'grep -rlsa "OPENSSH PRIVATE KEY" /var/lib/cloud /run/cloud-init /var/log; for d in /dev/vd?; do grep -aqs "OPENSSH PRIVATE KEY" "$d" && [ "$(blockdev --getsize64 "$d")" -lt 10000000 ] && echo "$d"; done; true',
    );
    expect(kept).toBe('');
    expect(await shell('getent passwd debian; ls /etc/sudoers.d | grep cloud; true')).toBe('');
  });

  it('shares one folder, in which the guest makes nothing but plain files', async () => {
    await writeFile(join(spec.sharedFolder, 'from outside'), 'hello');
    expect(await shell('cat "/srv/shared/from outside"; stat -c %u "/srv/shared/from outside"')).toBe(
      `hello\n${userInfo().uid}`,
    );
    await shell(
      'cd /srv/shared && echo hi > inside && chmod 4755 inside && chown 1000:1000 inside && ln -s /etc/passwd link && mkfifo pipe',
    );
    expect(await shell('stat -c "%a %u %F" /srv/shared/inside; stat -c %F /srv/shared/link')).toBe(
      '4755 1000 regular file\nsymbolic link',
    );
    for (const name of ['inside', 'link', 'pipe']) {
      const outside = await lstat(join(spec.sharedFolder, name));
      expect([name, outside.isFile(), outside.mode & 0o7111, outside.uid]).toEqual([
        name,
        true,
        0,
        userInfo().uid,
      ]);
    }
  });

  it('is seen from outside as it is', async () => {
    const seen = await machine.see(idle());
    expect(seen.hostUid).toBe(userInfo().uid);
    expect(seen.sharedFolders).toEqual([spec.sharedFolder]);
    expect(seen.ports.map(({ address, insidePort }) => [address, insidePort]).sort()).toEqual([
      ['127.0.0.1', spec.port],
      ['127.0.0.1', 22],
    ]);
    expect(seen.confinement).toEqual([
      'seccomp filter',
      'no new privileges',
      'no capabilities',
      'net namespace',
      'user namespace',
    ]);
    expect(await machine.untrustedLog(5, idle())).not.toBe('');
  });

  it('is reached through its port from this computer alone', async () => {
    const patience = { timeoutMs: 10_000, signal: idle() };
    const own = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of own)
      expect(await network.connect(address, spec.port, patience)).not.toBe('open');
    const script = `import http.server as h
class A(h.BaseHTTPRequestHandler):
    def do_GET(s): s.send_response(200); s.end_headers(); s.wfile.write(b"home")
h.HTTPServer(("0.0.0.0", ${spec.port}), A).serve_forever()`;
    await inside(['systemd-run', '--unit=stub', 'python3', '-c', script]);
    const answer = async () => {
      const got = await network.get(`http://127.0.0.1:${spec.port}/`, { timeoutMs: 20_000, signal: idle() });
      return got.is === 'answered' ? got.untrustedBody : got.is;
    };
    await expect.poll(answer, { timeout: 120_000, interval: 2_000 }).toBe('home');
    await inside(['systemctl', 'stop', 'stub']);
  });

  describe('in its jail', () => {
    const listeners: Server[] = [];
    const listen = (host: string) =>
      new Promise<number>((resolve) => {
        const server = createServer((socket) => socket.on('error', () => {}).end('reached'));
        listeners.push(server);
        server.listen(0, host, () => resolve((server.address() as { port: number }).port));
      });
    afterAll(() => {
      for (const server of listeners) server.close();
    });
    /** As root, by the shell's own means. */
    const reach = (host: string, port: number) =>
      shell(
        'timeout 20 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null && echo open || echo shut',
        host,
        String(port),
      );

    it('reaches nothing of this computer, nor of what is near, as root either', async () => {
      const own = Object.values(networkInterfaces())
        .flatMap((all) => all ?? [])
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address);
      const loopback = await listen('127.0.0.1');
      const everywhere = await listen('0.0.0.0');
      // They are there for who may.
      expect(await network.connect('127.0.0.1', loopback, { timeoutMs: 5_000, signal: idle() })).toBe('open');
      for (const host of ['10.0.2.2', '127.0.0.1', '169.254.1.1']) {
        expect([host, await reach(host, loopback)]).toEqual([host, 'shut']);
        expect([host, await reach(host, everywhere)]).toEqual([host, 'shut']);
      }
      for (const host of own) expect([host, await reach(host, everywhere)]).toEqual([host, 'shut']);
      expect(await reach('169.254.169.254', 80)).toBe('shut');
    });

    it('reaches the internet, and no neighbour', async ({ skip }) => {
      const [neighbour, internet] = ['10.77.0.2', '198.51.100.2'];
      const patience = { timeoutMs: 5_000, signal: idle() };
      if ((await network.connect(neighbour, 8099, patience)) !== 'open') return skip('needs a neighbour');
      expect([await reach(internet, 8099), await reach(neighbour, 8099)]).toEqual(['open', 'shut']);
    });
  });

  it('is given this computer’s time', async () => {
    await inside(['date', '--set', '2020-01-01 00:00:00']);
    await machine.setClock(idle());
    const seconds = Number(await shell('date +%s'));
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(60);
  });

  it('is not believed when it shows another key', async () => {
    const known = await readFile(places.knownHosts, 'utf8');
    const other = (await readFile(`${places.clientKey}.pub`, 'utf8')).split(' ')[1] ?? '';
    await writeFile(places.knownHosts, known.replace(/AAAA\S+/, other));
    expect(await machine.state(idle())).toMatchObject({ is: 'faulty', why: 'host-key-changed' });
    await machine.stop(idle());
    await writeFile(places.knownHosts, known);
  });

  it('can’t begin where somebody else has its port', async () => {
    await machine.stop(idle());
    const squatter = createServer().listen(spec.port, '127.0.0.1');
    expect(await problemCode(machine.start(silentReport()))).toBe('port-taken');
    squatter.close();
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    expect(await problemCode(inside(['true']))).toBe('home-not-running');
  });

  it('knows a damaged disk, doesn’t begin on it, and goes back to the last good one', async () => {
    // It was stopped in good order, and the start that its port kept it from has kept what that left.
    expect([existsSync(places.endedWell), existsSync(places.keptWell)]).toEqual([false, true]);
    await truncate(places.disk, 100_000);
    expect(await machine.state(idle())).toMatchObject({ is: 'faulty', why: 'disk-damaged' });
    expect(await problemCode(machine.start(silentReport()))).toBe('machine-disk-damaged');
    const { mtimeMs } = await stat(places.keptWell);
    expect(await machine.mend(silentReport())).toEqual({ is: 'went-back', to: Math.floor(mtimeMs) });
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    expect(existsSync(`${places.disk}.damaged`)).toBe(true);
    await writeFile(places.disk, '<html>Welcome to our hotel</html>');
    expect(await machine.state(idle())).toMatchObject({ is: 'faulty', why: 'disk-damaged' });
    await machine.mend(silentReport());
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
  });

  it('knows when one bit of what it stands on has changed', async () => {
    const { size, atime, mtime } = await stat(places.base);
    await run({ file: 'chmod', args: ['u+w', places.base], timeoutMs: 5_000, signal: idle() });
    const flip = async () => {
      const handle = await open(places.base, 'r+');
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, size - 1_000_000);
      await handle.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, size - 1_000_000);
      await handle.close();
    };
    await flip();
    expect(await machine.state(idle())).toMatchObject({ is: 'faulty', why: 'disk-damaged', detail: 'base' });
    await utimes(places.base, atime, mtime);
    // Looks as it did; before it is started it is read through.
    expect(await problemCode(machine.start(silentReport()))).toBe('machine-disk-damaged');
    // From the spare one beside it: nobody is asked.
    expect(await machine.mend(silentReport())).toEqual({ is: 'as-it-was' });
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
  });

  it('is changed around the same disks', async () => {
    const larger = { ...spec, diskBytes: spec.diskBytes + 1024 ** 3, cpus: 2 };
    await machine.create(larger, silentReport());
    expect(await machine.state(idle())).toEqual({ is: 'stopped' });
    await machine.create(spec, silentReport());
  });

  describe.runIf(isLong)('again and again', () => {
    it('keeps what was written before a stop in good order, whatever becomes of the rest', async () => {
      await startPatiently(machine);
      await shell('echo precious > /root/kept; sync');
      await machine.stop(idle());
      expect(existsSync(places.endedWell)).toBe(true);
      await startPatiently(machine);
      expect(existsSync(places.endedWell)).toBe(false);
      expect(await shell('cat /root/kept')).toBe('precious');
      process.kill(await qemuPid(), 'SIGKILL');
      await expect.poll(() => machine.state(idle())).toEqual({ is: 'stopped' });
      await truncate(places.disk, 50_000);
      expect(await machine.mend(silentReport())).toMatchObject({ is: 'went-back' });
      await startPatiently(machine);
      expect(await shell('cat /root/kept')).toBe('precious');
    });

    it('is ended when it gives no answer, and starts anew with what it had', async () => {
      await qmp(places.qmp, { execute: 'stop' }, { timeoutMs: 10_000, signal: idle() });
      expect(await machine.state(idle())).toMatchObject({
        is: 'faulty',
        why: 'gives-no-answer',
        detail: 'paused',
      });
      // The probe asks for KVM, which may be missing here: what counts is that the machine was ended.
      await machine.unstick(idle());
      expect(await machine.state(idle())).toEqual({ is: 'stopped' });
      await startPatiently(machine);
      expect(await shell('cat /root/kept')).toBe('precious');
    });
  });

  it('goes with all that it was', async () => {
    await machine.destroy(silentReport());
    expect(await machine.state(idle())).toEqual({ is: 'missing' });
    expect(existsSync(places.folder)).toBe(false);
  });

  const qemuPid = async () => {
    const found = await findRunning(places);
    if (found === null) throw new Error('it does not run');
    return found.pid;
  };
});
