import { expect, type Page } from '@playwright/test';
import { execa } from 'execa';
import { type Running, savedChoices } from './fixtures.ts';
import { begin, test } from './lived-in.ts';
import { controlUi } from './pages/control-ui.ts';
import { snapshotOf } from './pages/work.ts';
import { startDocker, stopDocker } from './rig/docker.ts';
import { withOfficialName } from './rig/official-name.ts';
import { podman } from './rig/podman.ts';
import { isRoot, olderOpenClaw } from './rig/settings.ts';
import { asUser } from './rig/user.ts';
import { memoryFile, said, token, whoAnswers } from './well.ts';

/** From one engine's home to another's and back, with everything that OpenClaw knows. */
test.skip(!isRoot, 'another engine has to be there');

async function docker(...words: string[]): Promise<string> {
  const [file = '', ...args] = asUser(['docker', ...words]);
  return String((await execa(file, args, { cwd: '/', reject: false })).stdout);
}

async function move({ page }: Running, engine: string): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.locator(`[data-home="${engine}"]`).getByRole('button').click();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  const { work } = await untilOver(page);
  expect(work).toEqual({ is: 'idle' });
  expect(savedChoices().engine).toBe(engine);
  await page.getByRole('button', { name: 'Back' }).first().click();
}

async function untilOver(page: Page) {
  await expect.poll(async () => (await snapshotOf(page)).work.is, { timeout: 60_000 }).not.toBe('idle');
  await expect
    .poll(async () => (await snapshotOf(page)).work.is, { timeout: 900_000, intervals: [1_000] })
    .toMatch(/^(idle|failed|asking)$/);
  return snapshotOf(page);
}

/** Answers to the same key as the older version, remembers, and nobody else answers for it. */
async function expectSame(running: Running, key: string): Promise<void> {
  expect(await whoAnswers()).toBe(olderOpenClaw);
  expect(token()).toBe(key);
  await running.home.checkNow();
  const { rows } = await snapshotOf(running.page);
  const others = rows.filter(({ finding }) => finding?.is === 'broken' || finding?.is === 'unknown');
  expect(others.map(({ id }) => id).toSorted()).toEqual(['agent-version', 'automatic-updates']);
}

test('Podman to Docker and back', async ({ livedIn, launch, openedPage }) => {
  test.setTimeout(3_600_000);
  const home = await livedIn();
  await startDocker();
  try {
    await withOfficialName(async () => {
      const running = await begin(home, launch);
      const key = token();
      await move(running, 'Docker');
      await expectSame(running, key);
      const names = await docker('ps', '--format={{.Names}}');
      expect(names).toContain('clawcove-openclaw');
      expect(String((await podman(['ps', '--format={{.Names}}'])).stdout)).toBe('');
      const read = ['exec', 'clawcove-openclaw', 'cat', `/home/node/.openclaw/${memoryFile}`];
      expect(await docker(...read)).toContain('lighthouses');
      const browserPage = await openedPage(() =>
        running.page.getByRole('button', { name: 'Open OpenClaw' }).click(),
      );
      await expect(browserPage.locator('body')).toContainText(said, { timeout: 120_000 });
      await controlUi(browserPage).chat('and now I live elsewhere');
      await move(running, 'Podman');
      await expectSame(running, key);
      expect(await docker('ps', '--format={{.Names}}')).toBe('');
      const found = await podman([
        'exec',
        'clawcove-openclaw',
        'grep',
        '-rlaF',
        'and now I live elsewhere',
        '/home/node/.openclaw/agents',
      ]);
      expect(String(found.stdout)).not.toBe('');
    });
  } finally {
    await docker('system', 'prune', '--all', '--force', '--volumes');
    await stopDocker();
  }
});
