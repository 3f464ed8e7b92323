import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { clawcove, dataFolder, engineNames, test } from './fixtures.ts';
import { podman } from './rig/podman.ts';
import { rigUser } from './rig/user.ts';

test('removing leaves nothing behind but what is said to stay, and it can come back', async ({
  movedIn,
  lodging,
  rig,
}) => {
  const { page } = await movedIn();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove now' }).click();
  await expect(page.locator('[data-screen="removed"]')).toBeVisible({ timeout: 120_000 });

  const { containers, volumes, secrets } = await engineNames();
  expect(containers).toEqual([]);
  expect(volumes).toEqual(['clawcove-openclaw-state']);
  expect(secrets).toEqual([]);
  const { stdout: images } = await podman(['images', '--format', '{{.Repository}}']);
  expect(String(images)).toBe('');
  expect(existsSync(join(rigUser().home, '.config/autostart/clawcove.desktop'))).toBe(false);
  expect(existsSync(join(dataFolder(), 'choices.json'))).toBe(false);
  expect(existsSync(join(rigUser().home, 'OpenClaw'))).toBe(true);

  const again = await clawcove(rig, 'remove', '--yes', '--delete-data');
  expect([0, 4]).toContain(again.exitCode);
  // There is no home any more: who comes next moves in anew.
  await lodging.app?.kill();
  lodging.app = null;
});
