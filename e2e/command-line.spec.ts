import { expect } from '@playwright/test';
import { execa } from 'execa';
import { container } from './break.ts';
import { clawcove, test } from './fixtures.ts';
import { podman } from './rig/podman.ts';
import { isRoot } from './rig/settings.ts';

/** The same work without a window: exit codes and JSON that scripts can rely on. */
test.describe.configure({ mode: 'serial' });

interface Report {
  light: string;
  rows: { id: string; is: string }[];
}

test.beforeAll(async ({ movedIn }) => {
  const { electron } = await movedIn();
  await electron.evaluate(({ app }) => app.getVersion());
});

test('check says that all is well, to people and to programs', async ({ rig }) => {
  const plain = await clawcove(rig, 'check');
  expect(plain.exitCode, plain.stdout + plain.stderr).toBe(0);
  expect(plain.stdout).toContain('✓');
  const json = await clawcove(rig, 'check', '--json');
  const report = JSON.parse(json.stdout) as Report;
  expect(report.light).toBe('good');
  // What doesn't apply is said, and spoils nothing: this ClawCove runs from its source folder.
  const others = report.rows.filter(({ is }) => is !== 'ok');
  expect(others).toMatchObject([
    { id: 'host-powers-off', is: 'not-applicable', why: 'powers-unknown-here' },
    { id: 'computer-dedicated', is: 'not-applicable', why: 'computer-shared' },
    { id: 'app-current', is: 'not-applicable', why: 'app-from-source' },
  ]);
});

test('check says what is broken with exit code 1, and fix puts it right', async ({ rig }) => {
  await podman(['stop', '--time', '5', container]);
  const broken = await clawcove(rig, 'check', '--json');
  expect(broken.exitCode).toBe(1);
  expect((JSON.parse(broken.stdout) as Report).rows.find(({ id }) => id === 'gateway-running')?.is).toBe(
    'broken',
  );
  const fixed = await clawcove(rig, 'fix', 'gateway-running');
  expect(fixed.exitCode, fixed.stdout + fixed.stderr).toBe(0);
});

test('stop and start', async ({ rig }) => {
  expect((await clawcove(rig, 'stop')).exitCode).toBe(0);
  const stopped = await clawcove(rig, 'check', '--json');
  expect((JSON.parse(stopped.stdout) as Report).light).toBe('stopped');
  expect((await clawcove(rig, 'start')).exitCode).toBe(0);
  expect((await clawcove(rig, 'check')).exitCode).toBe(0);
});

test('wrong words', async ({ rig }) => {
  expect((await clawcove(rig, 'check', '--wrong')).exitCode).toBe(64);
  expect((await clawcove(rig, 'fix', 'no-such-safeguard')).exitCode).toBe(64);
});

test('with administrator rights it does nothing and says why', async ({ rig }) => {
  test.skip(!isRoot, 'only root can try');
  const { exitCode, stderr, stdout } = await execa(
    rig.electron.executable,
    [rig.checkout, 'check', '--no-sandbox'],
    {
      reject: false,
    },
  );
  expect(exitCode).toBe(4);
  expect(stderr + stdout).toContain('administrator rights');
});
