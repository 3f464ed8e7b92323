import { expect, type Page } from '@playwright/test';
import type { AppBridge } from '../main/contract.ts';
import { adding, remakeHome } from './break.ts';
import { test } from './fixtures.ts';

/** The pictures in the README, taken of the real app: CLAWCOVE_SCREENS=1 npx playwright test readme-screens */
test.skip(!process.env.CLAWCOVE_SCREENS, 'only when new pictures are wanted');

async function picture(page: Page, name: string): Promise<void> {
  // Until what moves has come to rest.
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: `docs/screens/${name}.png`, animations: 'disabled' });
}

test('pictures of the wizard', async ({ freshComputer, launch }) => {
  await freshComputer({ keepImages: true });
  const { page, wizard } = await launch();
  await expect(wizard.screen('welcome')).toBeVisible({ timeout: 30_000 });
  await picture(page, 'welcome-en-light');
  await wizard.toReview(null);
  await picture(page, 'review-en-light');
  await wizard.agree();
  await page.getByText('Setting OpenClaw up…').first().waitFor({ timeout: 120_000 });
  await picture(page, 'working-en-light');
  await wizard.untilDone();
  await picture(page, 'done-en-light');
});

test('pictures of the home', async ({ movedIn }) => {
  const { page, home } = await movedIn();
  await picture(page, 'home-en-light');
  await remakeHome(adding('--privileged'));
  await home.expectEventually('sandbox-hardened', /opened up completely/);
  await picture(page, 'danger-en-light');
  await home.fix('sandbox-hardened');
  await page.evaluate(() =>
    (window as unknown as { app: AppBridge }).app.do({
      do: 'save-choices',
      choices: { language: 'zh-CN', appearance: 'dark' },
    }),
  );
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await picture(page, 'home-zh-dark');
});
