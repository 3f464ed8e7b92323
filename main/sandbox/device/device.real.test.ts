/** Another computer for real: a system of its own with systemd and SSH, which root alone can make. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { network } from '../../host/network.ts';
import { subjectIn } from '../distro/test-subject.ts';
import { problemCode, sandboxContract } from '../sandbox.contract.ts';
import type { HomeSpec } from '../sandbox.ts';
import { idle, silentReport } from '../silent-report.ts';
import { agentId } from './names.ts';
import { openTestComputer, password, type TestComputer } from './test-computer.ts';

const versions = ['2026.9.6', '2026.8.2'] as const;
const port = 18_996;

sandboxContract(
  'Another computer',
  async () => {
    const test = await openTestComputer();
    await test.prepare();
    return {
      ...subjectIn(test.sandbox, test.inside),
      sandbox: test.sandbox,
      versions,
      agentId,
      folder: test.folder,
      letGoOfPort: () => test.machine.stop(idle()),
      close: test.close,
    };
  },
  'essential',
);

describe('another computer', () => {
  let test: TestComputer;
  beforeAll(async () => {
    test = await openTestComputer();
  });
  afterAll(() => test?.close());

  const keys = () =>
    test.inside('sh', '-c', 'cat /root/.ssh/authorized_keys 2> /dev/null | grep -c clawcove');
  /** Everything of ours on it, by path. */
  const ours = () =>
    test.inside(
      'sh',
      '-c',
      `{ find /etc /opt /var/lib /usr/local /run /root -xdev \\( -iname '*clawcove*' -o -iname '*openclaw*' \\) -not -path '/run/systemd/*' -not -path '/run/log/*';
        getent passwd openclaw; getent group openclaw; nft list tables | grep clawcove; systemctl list-unit-files 'clawcove*' --no-legend; }`,
    );
  /** When the files that make it what it is were last changed. */
  const written = () =>
    test.inside('sh', '-c', "find /etc /opt/clawcove -xdev -type f -printf '%p %T@\\n' | sort");

  it('shows its own key, and trusts nobody before its person does', async () => {
    const { access, computer, inside } = test;
    const key = await access.shownKey(computer, idle());
    expect(await inside('ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub')).toContain(key.fingerprint);
    expect(await test.machine.probe(idle())).toEqual({ is: 'not-prepared', lacks: 'key' });
    await access.trust(computer, key, idle());
    expect(await test.machine.probe(idle())).toEqual({ is: 'not-prepared', lacks: 'way-in' });
  });

  it('lets us in by the right password of the right account, once', async () => {
    const { access, computer } = test;
    expect(await access.letIn(computer, 'wrong', idle())).toEqual({ is: 'wrong-password' });
    expect(await access.letIn({ ...computer, account: 'ben' }, password, idle())).toEqual({
      is: 'not-administrator',
    });
    expect(await keys()).toBe('0');
    expect(await access.letIn(computer, password, idle())).toEqual({ is: 'done' });
    expect(await access.letIn(computer, password, idle())).toEqual({ is: 'done' });
    expect(await keys()).toBe('1');
    expect(await access.knock(idle())).toBeNull();
    const log = await test.inside('journalctl', '--no-pager');
    expect(log).not.toContain(password);
  });

  it('lets us in by hand as well', async () => {
    await test.inside('rm', '/root/.ssh/authorized_keys');
    expect(await test.access.knock(idle())).toBe('key-refused');
    const [first, ...lines] = await test.access.commands();
    expect(first).toMatch(/^sudo sh << /);
    await test.inside('sh', '-c', lines.slice(0, -1).join('\n'));
    expect(await test.access.knock(idle())).toBeNull();
  });

  it('shows whether somebody lives with it', async () => {
    expect(await test.access.signs(idle())).toEqual([{ sign: 'accounts', count: 2 }]);
    await test.inside('mkdir', '-p', '/home/ben/.config/chromium/Default/History');
    expect(await test.access.signs(idle())).toContainEqual({ sign: 'browser', count: 1 });
    expect(await test.machine.probe(idle())).toEqual({ is: 'not-prepared', lacks: 'word' });
    await test.access.dedicate();
    expect(await test.machine.probe(idle())).toMatchObject({ is: 'ready', notes: ['computer-lived-in'] });
  });

  describe('with a home', () => {
    let spec: HomeSpec;
    const open = () => network.connect(test.computer.host, port, { timeoutMs: 1_000, signal: idle() });
    const alive = async () => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const answer = await network.get(`http://127.0.0.1:${port}/`, { timeoutMs: 500, signal: idle() });
        if (answer.is === 'answered') return answer.untrustedBody;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return 'silent';
    };

    beforeAll(async () => {
      const { sandbox } = test;
      const image = await sandbox.fetchImage(versions[0], silentReport());
      await sandbox.keepSecret('gateway', '{"token":"x"}', idle());
      spec = {
        image: image.reference,
        version: image.version,
        port,
        sharedFolder: await mkdtemp(join(test.folder, 'shared-')),
        memoryBytes: 1024 ** 3,
        cpus: 1,
        pids: 128,
        // On all addresses, as OpenClaw does.
        command: [
          'node',
          '-e',
          `require('http').createServer((q, s) => s.end('alive')).listen(${port}, '0.0.0.0')`,
        ],
        environment: {},
        secrets: [{ id: 'gateway', as: 'file' }],
        certificates: null,
        fence: { refused: [], allowed: [] },
      };
      await sandbox.create(spec, silentReport());
      await sandbox.start(idle());
    });

    it('is reached from this computer’s loopback alone', async () => {
      expect(await alive()).toBe('alive');
      expect(await open()).not.toBe('open');
      expect(await test.sandbox.inspect(idle())).toMatchObject({
        state: 'running',
        mounts: expect.not.arrayContaining([expect.objectContaining({ kind: 'bind' })]),
        ports: [{ address: '127.0.0.1', port }],
      });
      expect(await test.sandbox.observe(idle())).toMatchObject({
        is: 'seen',
        uid: agentId,
        effectiveCapabilities: 0n,
        hostMounts: [],
        rootDoors: [],
      });
    });

    it('takes its system’s security fixes by itself, and that is put right where it isn’t so', async () => {
      expect(await test.sandbox.ownSystem(idle())).toMatchObject({ is: 'seen', isAutomatic: true });
      await test.inside('systemctl', 'disable', 'apt-daily-upgrade.timer');
      expect(await test.sandbox.ownSystem(idle())).toMatchObject({ is: 'seen', isAutomatic: false });
      await test.sandbox.create(spec, silentReport());
      expect(await test.sandbox.ownSystem(idle())).toMatchObject({ is: 'seen', isAutomatic: true });
      await test.sandbox.start(idle());
    });

    it('is seen when its door stands open, and shuts it', async () => {
      expect(await alive()).toBe('alive');
      await test.inside('nft', 'delete', 'table', 'inet', 'clawcove_inbound');
      expect(await open()).toBe('open');
      expect(await test.sandbox.inspect(idle())).toMatchObject({
        ports: [{ address: '127.0.0.1' }, { address: test.computer.host }],
      });
      await test.sandbox.create(spec, silentReport());
      await test.sandbox.start(idle());
      expect(await open()).not.toBe('open');
      expect(await alive()).toBe('alive');
    });

    it('starts no home where its door can’t be shut', async () => {
      await test.sandbox.stop(idle());
      await test.inside(
        'sh',
        '-c',
        'systemctl stop clawcove-fence clawcove-inbound; echo nonsense > /etc/clawcove/inbound.nft',
      );
      await test.inside('nft', 'delete', 'table', 'inet', 'clawcove_inbound');
      expect(await problemCode(test.sandbox.start(idle()))).toBe('fence-failed');
      expect(await open()).not.toBe('open');
      await test.sandbox.create(spec, silentReport());
      await test.sandbox.start(idle());
      expect(await alive()).toBe('alive');
    });

    it('is what it was when it is made once more', async () => {
      const before = await written();
      await test.sandbox.create(spec, silentReport());
      expect(await written()).toBe(before);
      await test.sandbox.start(idle());
    });

    it('comes back by itself when it was switched off, and nothing is known of it meanwhile', async () => {
      await test.switchOff();
      expect(await test.machine.probe(idle())).toEqual({ is: 'unreachable', host: test.computer.host });
      expect(await problemCode(test.sandbox.inspect(idle()))).toBe('computer-unreachable');
      await test.switchOn();
      for (let look = 0; look < 60; look++) {
        const there = await test.sandbox.inspect(idle());
        if (there.is === 'present' && there.state === 'running') break;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      expect(await alive()).toBe('alive');
      expect(await open()).not.toBe('open');
    });

    it('is not spoken to once it shows another key', async () => {
      const change = `set -e; cd /etc/ssh; mv ssh_host_ed25519_key kept; mv ssh_host_ed25519_key.pub kept.pub
        ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key; systemctl restart ssh`;
      await test.machine.stop(idle());
      await test.inside('sh', '-c', change);
      const came = () => test.inside('sh', '-c', "journalctl --no-pager -u ssh | grep -c 'Accepted'");
      const before = await came();
      expect(await test.machine.probe(idle())).toEqual({ is: 'other-key', host: test.computer.host });
      expect(await problemCode(test.sandbox.inspect(idle()))).toBe('computer-other-key');
      expect(await problemCode(test.sandbox.start(idle()))).toBe('computer-other-key');
      expect(await came()).toBe(before);
      await test.inside(
        'sh',
        '-c',
        'cd /etc/ssh; mv kept ssh_host_ed25519_key; mv kept.pub ssh_host_ed25519_key.pub; systemctl restart ssh',
      );
      expect(await alive()).toBe('silent');
      expect(await test.sandbox.inspect(idle())).toMatchObject({ state: 'running' });
      expect(await alive()).toBe('alive');
    });

    it('is left as it was before us', async () => {
      expect(await ours()).not.toBe('');
      await test.sandbox.destroy({ state: true }, silentReport());
      expect(await ours()).toBe('');
      expect(await keys()).toBe('0');
      expect(await test.machine.probe(idle())).toEqual({ is: 'not-prepared', lacks: 'key' });
      // Its people and their things are there.
      expect(await test.inside('ls', '/home')).toBe('ada\nben');
    });
  });
});
