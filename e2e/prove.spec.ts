import { expect, type Page } from '@playwright/test';
import { attemptIds } from '../main/contract.ts';
import { adding, all, remakeHome } from './break.ts';
import { test } from './fixtures.ts';
import { rigUser } from './rig/user.ts';

/** "Prove it" in the window: on the home as it is made, and on one whose walls somebody has taken away. */
test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ movedIn }) => {
  await movedIn();
});

/** Notes every state that the attempts are seen in, until the page goes. */
async function watchAttempts(page: Page): Promise<() => Promise<string[][]>> {
  await page.evaluate(() => {
    const seen: string[][] = [];
    const note = () => {
      const states = [...document.querySelectorAll('[data-attempt]')].map(
        (each) => each.getAttribute('data-is') ?? '',
      );
      if (states.length > 0 && states.join() !== seen.at(-1)?.join()) seen.push(states);
    };
    const observer = new MutationObserver(note);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { seenAttempts: seen });
  });
  return () => page.evaluate(() => (window as unknown as { seenAttempts: string[][] }).seenAttempts);
}

const verdict = (page: Page) => page.locator('[data-verdict]');
const untilOver = (page: Page) =>
  expect(verdict(page)).toHaveAttribute('data-verdict', /^(all-stopped|some-untried|got-through)$/, {
    timeout: 240_000,
  });
const results = (page: Page) =>
  page
    .locator('[data-attempt]')
    .evaluateAll((rows) =>
      rows.map((row) => [row.getAttribute('data-attempt'), row.getAttribute('data-is')]),
    );

test('every attempt is shown one by one, and none gets out of a home as it is made', async ({ page }) => {
  const seen = await watchAttempts(page);
  await page.locator('[data-proof]').getByRole('button', { name: 'Prove it' }).click();
  await untilOver(page);
  const ended = await results(page);
  expect(ended.map(([id]) => id)).toEqual(attemptIds);
  expect(ended.filter(([, is]) => is !== 'stopped' && is !== 'could-not-try')).toEqual([]);
  // What could not be tried lacks somebody to reach, nothing else.
  const aimless = ['host-addresses', 'local-network', 'cloud-metadata', 'much-memory'];
  expect(aimless).toEqual(
    expect.arrayContaining(ended.filter(([, is]) => is !== 'stopped').map(([id]) => id)),
  );
  for (const states of await seen()) {
    const at = states.indexOf('running');
    if (at < 0) continue;
    expect(states.lastIndexOf('running')).toBe(at);
    expect(states.slice(0, at)).not.toContain('waiting');
    expect(states.slice(at + 1).filter((is) => is !== 'waiting')).toEqual([]);
  }
  // Each was seen on its own, save for those that are over within one picture.
  const alone = new Set((await seen()).map((states) => states.indexOf('running')));
  expect(alone.size).toBeGreaterThan(attemptIds.length / 2);
});

test('what gets out of a home whose walls are gone is shown as that', async ({ page, home }) => {
  const withoutWalls = (words: string[]) => words.filter((word) => !word.startsWith('--read-only'));
  await remakeHome(all(withoutWalls, adding(`--volume=${rigUser().home}:/mnt/elsewhere:ro`)));
  await page.getByRole('button', { name: 'Back' }).first().click();
  await page.locator('[data-proof]').getByRole('button', { name: 'Prove it again' }).click();
  await expect(page.locator('[data-attempt="sudo"]')).not.toHaveAttribute('data-is', 'stopped');
  await untilOver(page);
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'got-through');
  for (const id of ['read-home', 'write-programs'])
    await expect(page.locator(`[data-attempt="${id}"]`)).toHaveAttribute('data-is', 'got-through');
  for (const id of ['sudo', 'change-user', 'mount', 'engine'])
    await expect(page.locator(`[data-attempt="${id}"]`)).toHaveAttribute('data-is', 'stopped');
  await page.getByRole('button', { name: 'Back' }).first().click();
  await home.checkNow();
  await home.expectLight('danger');
  await home.fixAll();
});
