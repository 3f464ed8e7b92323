import { expect } from '@playwright/test';
import { container } from './break.ts';
import { test } from './fixtures.ts';
import { podman } from './rig/podman.ts';
import { rigUser } from './rig/user.ts';

/** What the agent can and can't do in the finished home, asked from inside, as the agent. */
test.beforeAll(async ({ movedIn }) => {
  await movedIn();
});

async function asAgent(...words: string[]) {
  return podman(['exec', container, ...words], { reject: false });
}

test('it has no powers and no way to more', async () => {
  const { stdout } = await asAgent('cat', '/proc/self/status');
  for (const line of [
    'CapEff:\t0000000000000000',
    'CapBnd:\t0000000000000000',
    'NoNewPrivs:\t1',
    'Seccomp:\t2',
  ]) {
    expect(String(stdout)).toContain(line);
  }
  expect(String((await asAgent('id', '-u')).stdout)).toBe('1000');
  expect((await asAgent('sudo', '-n', 'true')).exitCode).not.toBe(0);
  expect((await asAgent('su', '-c', 'true')).exitCode).not.toBe(0);
  expect((await asAgent('unshare', '-Ur', 'true')).exitCode).not.toBe(0);
});

test('it can’t change its own programs', async () => {
  for (const path of ['/etc/x', '/usr/local/bin/x', '/app/x', '/root/x']) {
    expect((await asAgent('touch', path)).exitCode, path).not.toBe(0);
  }
});

test('it sees no engine, and of this computer’s files the shared folder alone', async () => {
  const { stdout } = await asAgent('cat', '/proc/self/mountinfo');
  const sockets = await asAgent('find', '/', '-xdev', '-name', '*.sock', '-path', '*podman*');
  expect(String(sockets.stdout)).toBe('');
  // Field 5 is where it is mounted, field 4 which folder of the file system it is: the person's may be one of its own.
  const fromHost = String(stdout)
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , root]) => root?.includes(`/${rigUser().name}/`) && !root.includes('/containers/'));
  expect(fromHost.map(([, , , , target]) => target)).toEqual(['/home/node/shared']);
  expect((await asAgent('touch', '/home/node/shared/from-inside')).exitCode).toBe(0);
});

test('OpenClaw’s own security audit has no critical finding', async () => {
  const { stdout } = await asAgent('openclaw', 'security', 'audit', '--json');
  const text = String(stdout);
  const report = JSON.parse(text.slice(text.indexOf('{'))) as { summary: { critical: number } };
  expect(report.summary.critical).toBe(0);
});

test('no secret can be seen from outside', async () => {
  const { stdout: inspected } = await podman(['inspect', container]);
  const { stdout: token } = await asAgent('cat', '/run/clawcove/gateway.json');
  const value = (JSON.parse(String(token)) as { token: string }).token;
  expect(value.length).toBeGreaterThanOrEqual(32);
  expect(String(inspected)).not.toContain(value);
});
