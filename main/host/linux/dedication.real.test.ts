/** A computer that is there for OpenClaw alone, for real: a system of its own with systemd, which root alone can make. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import dedicate from '../../../assets/admin/dedicate.sh?raw';
import undedicate from '../../../assets/admin/undedicate.sh?raw';
import type { Run } from '../../doors.ts';
import { createTestMachine, guestAddress, type TestMachine } from '../../sandbox/distro/test-machine.ts';
import { idle, silentReport } from '../../sandbox/silent-report.ts';
import { systemClock } from '../clock.ts';
import { network } from '../network.ts';
import { createDedication } from './dedication.ts';

describe('a computer for OpenClaw alone', () => {
  let folder: string;
  let computer: TestMachine;
  const inside = async (...argv: string[]) => {
    const { exitCode, untrustedOut, untrustedErr } = await computer.guest.run(argv, {
      timeoutMs: 300_000,
      signal: idle(),
    });
    if (exitCode !== 0) throw new Error(untrustedErr);
    return untrustedOut.trim();
  };
  const knock = (port: number) => network.connect(guestAddress, port, { timeoutMs: 1_000, signal: idle() });
  /** With the rights of a person who is no administrator. */
  const asPerson: Run = async ({ file, args, timeoutMs, signal }) => {
    const words = ['runuser', '--user', 'ben', '--', file, ...args];
    const { exitCode, untrustedOut, untrustedErr } = await computer.guest.run(words, { timeoutMs, signal });
    return { is: 'exited', code: exitCode, stdout: untrustedOut, stderr: untrustedErr, truncated: false };
  };
  const look = () => createDedication(asPerson, systemClock).look(idle());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawcove-dedicated-'));
    computer = await createTestMachine(join(folder, 'system'));
    const sharedFolder = join(folder, 'shared');
    await mkdir(sharedFolder);
    const spec = { memoryBytes: 0, cpus: 1, diskBytes: 0, port: 18_991, sharedFolder, certificates: null };
    await computer.create({ ...spec, fence: { refused: [], allowed: [] } }, silentReport());
    await computer.start(silentReport());
    await inside('useradd', '--uid', '1002', '--create-home', '--shell', '/bin/bash', 'ben');
    await inside('ssh-keygen', '-A');
    await inside('systemctl', 'start', 'ssh');
    // A service that its person has forgotten about.
    await inside('/usr/sbin/sshd', '-p', '2222');
  });
  afterAll(async () => {
    await computer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is an ordinary one at first', async () => {
    expect(await look()).toMatchObject({ signs: [], door: { is: 'open' } });
    expect([await knock(22), await knock(2222)]).toEqual(['open', 'open']);
  });

  it('is shut but for SSH, and takes fixes by itself, after one consent; the second time nothing is different', async () => {
    await inside('/bin/sh', '-c', dedicate);
    expect(await look()).toMatchObject({ signs: [], door: { is: 'shut' }, fixes: 'on' });
    expect(await knock(22)).toBe('open');
    expect(await knock(2222)).not.toBe('open');
    const rules = await inside('nft', 'list', 'table', 'inet', 'clawcove_computer');
    await inside('/bin/sh', '-c', dedicate);
    expect(await inside('nft', 'list', 'table', 'inet', 'clawcove_computer')).toBe(rules);
    // By itself, with the computer and every few minutes.
    expect(await inside('systemctl', 'is-active', 'clawcove-computer.timer')).toBe('active');
    expect(await inside('systemctl', 'is-enabled', 'clawcove-computer.service')).toBe('enabled');
  });

  it('is seen when its fixes are off, and when nobody lays its rules', async () => {
    await inside('systemctl', 'disable', 'apt-daily-upgrade.timer');
    expect(await look()).toMatchObject({ fixes: 'off' });
    await inside(
      'sh',
      '-c',
      'echo nonsense > /etc/clawcove-computer/inbound.nft; systemctl start clawcove-computer.service || :',
    );
    expect(await look()).toMatchObject({ door: { is: 'stuck' } });
    await inside('/bin/sh', '-c', dedicate);
    expect(await look()).toMatchObject({ door: { is: 'shut' }, fixes: 'on' });
  });

  it('shuts again by itself what somebody has opened', async () => {
    await inside('nft', 'delete', 'table', 'inet', 'clawcove_computer');
    expect(await knock(2222)).toBe('open');
    // What the timer does.
    await inside('systemctl', 'start', 'clawcove-computer.service');
    expect(await knock(2222)).not.toBe('open');
  });

  it('gives its people no way to more', async () => {
    const tries = [
      ['nft', 'list', 'ruleset'],
      ['systemctl', '--no-ask-password', 'stop', 'clawcove-computer.timer'],
      ['sh', '-c', 'echo > /etc/clawcove-computer/inbound.nft'],
    ];
    for (const [file = '', ...args] of tries) {
      const outcome = await asPerson({ file, args, timeoutMs: 30_000, signal: idle() });
      expect([file, outcome.is === 'exited' && outcome.code]).not.toEqual([file, 0]);
    }
  });

  it('shows who lives with it', async () => {
    await inside(
      'runuser',
      '--user',
      'ben',
      '--',
      'mkdir',
      '-p',
      '/home/ben/.config/chromium/Default/History',
    );
    expect(await look()).toMatchObject({ signs: [{ sign: 'browser', count: 1 }] });
  });

  it('is what it was once it is for others, too', async () => {
    await inside('/bin/sh', '-c', undedicate);
    expect(await look()).toMatchObject({ door: { is: 'open' } });
    expect(await knock(2222)).toBe('open');
    expect(await inside('sh', '-c', "find /etc -name '*clawcove*'; nft list tables")).toBe('');
  });
});
