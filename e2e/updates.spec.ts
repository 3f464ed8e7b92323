import { expect } from '@playwright/test';
import { type Running, savedReceipts } from './fixtures.ts';
import { begin, dropLatest, test, untilIdle } from './lived-in.ts';
import { controlUi } from './pages/control-ui.ts';
import { ask, reached, snapshotOf } from './pages/work.ts';
import { deprecate } from './rig/npm.ts';
import { corrupt, restore, startRegistry, stopRegistry } from './rig/registry.ts';
import { isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { bringOut, type Fault, takeBack } from './rig/variants.ts';
import { expectWell, said } from './well.ts';

/** From one OpenClaw to the next, and back from one that doesn't live. */
test.skip(!isRoot, 'only root can say which versions are out');

test('a newer version comes by itself, and the page in the browser finds its way back', async ({
  livedIn,
  launch,
  openedPage,
}) => {
  test.setTimeout(900_000);
  const running = await begin(await livedIn(), launch, { automaticUpdates: true });
  const { page, home, before } = running;
  const browserPage = await openedPage(() => page.getByRole('button', { name: 'Open OpenClaw' }).click());
  await expect(browserPage.getByText(said).last()).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('[data-news="watched"]')).toContainText(latestOpenClaw, { timeout: 600_000 });
  await expectWell(running, before, [latestOpenClaw]);
  await controlUi(browserPage).chat('hello to the new one');
  const anew = await openedPage(() => page.getByRole('button', { name: 'Open OpenClaw' }).click());
  await expect(anew.getByText(`PONG: ${said}`).last()).toBeVisible({ timeout: 120_000 });
  await home.checkNow();
  await expect(home.row('agent-version')).toHaveAttribute('data-is', 'ok');
});

/** Faults that only show in the real place, and what is said of them. */
const faults = [
  { fault: 'fails-its-audit', sentence: /safety audit/, tag: [] },
  { fault: 'ends-after-a-while', sentence: /stopped by itself/, tag: ['@long'] },
  { fault: 'never-listens', sentence: /never got ready/, tag: ['@long'] },
] as const satisfies readonly { fault: Fault; sentence: RegExp; tag: string[] }[];

for (const { fault, sentence, tag } of faults) {
  test(`a version that ${fault.replaceAll('-', ' ')} is put back`, { tag }, async ({ livedIn, launch }) => {
    test.setTimeout(1_200_000);
    const home = await livedIn();
    try {
      const version = await bringOut(fault);
      const running = await begin(home, launch);
      const { page } = running;
      await expect(page.locator('[data-news="available"]')).toContainText(version, { timeout: 60_000 });
      await page.getByRole('button', { name: 'Update now' }).click();
      // The gate lets it pass: it is the watch that notices.
      if (fault === 'ends-after-a-while')
        await expect(page.locator('[data-news="watched"]')).toContainText(version, { timeout: 600_000 });
      const failed = page.locator('[data-news="failed"]');
      await expect(failed).toContainText(version, { timeout: 900_000 });
      await expect(page.locator('body')).toContainText(sentence);
      await expectWell(running, running.before, [olderOpenClaw], version);
      expect((await snapshotOf(page)).versionNews).toMatchObject({ is: 'failed', version });
      // It is not tried again like that.
      await ask(page, { do: 'update-now' });
      await expect(page.locator('[data-problem="version-failed-before"]')).toBeVisible({ timeout: 120_000 });
      await expectWell(running, running.before, [olderOpenClaw], version);
    } finally {
      await takeBack();
    }
  });
}

test('a version whose bytes are not what was promised is never tried', { tag: '@long' }, async ({
  livedIn,
  launch,
}) => {
  test.setTimeout(600_000);
  const running = await begin(await livedIn(), launch);
  await untilIdle(running);
  await dropLatest();
  corrupt(latestOpenClaw);
  try {
    await ask(running.page, { do: 'update-now' });
    const problem = running.page.locator('[data-problem="download-damaged"]');
    await expect(problem).toBeVisible({ timeout: 300_000 });
    await expectWell(running, running.before, [olderOpenClaw]);
  } finally {
    restore(latestOpenClaw);
  }
});

async function fetchedBytes({ page }: Running): Promise<number> {
  const { work } = await snapshotOf(page);
  return work.is === 'running' ? (work.progress?.done ?? 0) : 0;
}

test('the network goes in the middle of the download', async ({ livedIn, launch }) => {
  test.setTimeout(600_000);
  const running = await begin(await livedIn(), launch);
  await untilIdle(running);
  await dropLatest();
  try {
    const download = reached(running.page, ['downloading']);
    await ask(running.page, { do: 'update-now' });
    expect(await download).toBe('downloading');
    await expect.poll(() => fetchedBytes(running), { intervals: [50], timeout: 60_000 }).toBeGreaterThan(0);
    await stopRegistry();
    await expect(running.page.locator('[data-problem="source-silent"]')).toBeVisible({ timeout: 300_000 });
    await expectWell(running, running.before, [olderOpenClaw]);
  } finally {
    await startRegistry();
  }
});

test('a version that its makers have deprecated is not offered, and that is no secret', async ({
  livedIn,
  launch,
}) => {
  test.setTimeout(600_000);
  const home = await livedIn();
  await deprecate(latestOpenClaw, 'Broken. Use the one before.');
  try {
    const running = await begin(home, launch);
    const { page, home: homePage } = running;
    await untilIdle(running);
    await ask(page, { do: 'update-now' });
    await expect.poll(() => savedReceipts().npmWord, { timeout: 120_000 }).not.toBeNull();
    await untilIdle(running);
    await homePage.checkNow();
    await expect(homePage.row('agent-version')).toHaveAttribute('data-is', 'ok');
    await expect(homePage.row('agent-version')).toContainText(latestOpenClaw);
    expect((await snapshotOf(page)).versionNews).toMatchObject({ is: 'none' });
    await expectWell(running, running.before, [olderOpenClaw]);
  } finally {
    await deprecate(latestOpenClaw, null);
  }
});
