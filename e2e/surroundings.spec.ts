import { expect } from '@playwright/test';
import { container, dropContainer, readState, writeState } from './break.ts';
import { clawcove, test, writeChoices } from './fixtures.ts';
import { killHomeAndEngine } from './kills.ts';
import { snapshotOf } from './pages/work.ts';
import { installEngine, podman, removeEngine } from './rig/podman.ts';
import { setAdministratorConsent } from './rig/polkit.ts';
import { whileHidden } from './rig/registry.ts';
import type { Rig } from './rig/rig.ts';
import { isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { bringOut, takeBack } from './rig/variants.ts';

/** What a home stands on, broken for real around one that is lived in: the engine, the disk, the version. */
test.skip(!isRoot, 'only root can take engines and versions away');

const memory = 'remember the milk';
const GiB = 1024 ** 3;

async function setUp(rig: Rig): Promise<void> {
  const made = await clawcove(rig, 'setup', '--yes');
  expect(made.exitCode, `${made.stdout}\n${made.stderr}`).toBe(0);
  await writeState('workspace/memory-of-the-test.md', memory);
}

/** The same with the older version, out of date since; nothing brings it up to date before it was looked at. */
async function setUpOlder(rig: Rig): Promise<void> {
  await whileHidden(latestOpenClaw, () => setUp(rig));
  writeChoices({ automaticUpdates: false });
}

test('engine-ready: somebody uninstalled it', async ({ rig, freshComputer, launch }) => {
  await freshComputer({ keepImages: true });
  await setUp(rig);
  const { home, page, wizard } = await launch();
  await expect(wizard.screen('home')).toBeVisible({ timeout: 60_000 });
  await home.expectLight('good', 120_000);
  await podman(['stop', '--time', '10', container]);
  await removeEngine();
  try {
    await setAdministratorConsent('allow');
    await home.checkNow();
    await home.expectBroken('engine-ready', /Podman/);
    await home.expectLight('attention');
    await page.getByRole('button', { name: 'Fix everything' }).click();
    // Nothing is installed before it was read what would be.
    await page.getByRole('button', { name: 'Yes, go on' }).click({ timeout: 60_000 });
    await home.expectLight('good', 300_000);
    expect(await readState('workspace/memory-of-the-test.md')).toBe(memory);
  } finally {
    await installEngine();
  }
});

test('engine-ready: all that runs of it was killed at once', { tag: '@long' }, async ({
  rig,
  freshComputer,
  launch,
}) => {
  await freshComputer({ keepImages: true });
  await setUp(rig);
  const { home, page, wizard } = await launch();
  await expect(wizard.screen('home')).toBeVisible({ timeout: 60_000 });
  await home.expectLight('good', 120_000);
  await killHomeAndEngine();
  await home.checkNow();
  await home.expectBroken('engine-ready', /lost track/);
  await home.expectLight('attention');
  await page.getByRole('button', { name: 'Fix everything' }).click();
  await expect.poll(async () => (await snapshotOf(page)).work.is, { timeout: 180_000 }).toBe('idle');
  await home.expectLight('good');
  expect(await readState('workspace/memory-of-the-test.md')).toBe(memory);
});

test('agent-version, sandbox-patched: an older one runs, and its system is three months old', async ({
  rig,
  freshComputer,
  launch,
}) => {
  test.setTimeout(600_000);
  await freshComputer({ keepImages: true });
  const aged = await bringOut('aged');
  try {
    await setUpOlder(rig);
    const { home, wizard } = await launch();
    await expect(wizard.screen('home')).toBeVisible({ timeout: 60_000 });
    await home.expectBroken('agent-version', new RegExp(aged.replaceAll('.', '\\.')));
    await home.expectBroken('sandbox-patched', new RegExp(latestOpenClaw.replaceAll('.', '\\.')));
    await home.expectBroken('automatic-updates', /off/);
    await home.fix('sandbox-patched', 400_000);
    await home.fix('automatic-updates');
    await home.expectLight('good');
    await expect(home.row('agent-version')).toHaveAttribute('data-is', 'ok');
    expect(await readState('workspace/memory-of-the-test.md')).toBe(memory);
    const { stdout } = await podman(['exec', container, 'openclaw', '--version']);
    expect(stdout).toContain(latestOpenClaw);
  } finally {
    await takeBack();
  }
});

test('room-to-work: the disk is full', async ({ rig, computerWithSmallDisk, launch }) => {
  test.setTimeout(600_000);
  const disk = await computerWithSmallDisk(10 * GiB);
  await setUp(rig);
  const { home, wizard, kill } = await launch();
  await expect(wizard.screen('home')).toBeVisible({ timeout: 60_000 });
  await home.expectLight('good', 120_000);
  // What ClawCove can spare: the image of a version that no home is made from.
  await podman(['pull', '--quiet', `ghcr.io/openclaw/openclaw:${olderOpenClaw}`]);
  await disk.fill(0.8 * GiB);
  await home.checkNow();
  await home.expectBroken('room-to-work', /free disk space/);
  await home.fix('room-to-work');
  await home.expectLight('good');
  expect(await readState('workspace/memory-of-the-test.md')).toBe(memory);
  await dropContainer();
  await kill();
});
