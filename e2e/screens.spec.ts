import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures.ts';

/** Every screen of the real app in both languages, light and dark, small and large: axe finds nothing. */
async function expectAccessible(page: Page, screen: string): Promise<void> {
  await expect(page.locator(`[data-screen="${screen}"]`)).toBeVisible({ timeout: 60_000 });
  // What is still fading in, a new sentence in the middle of work too, has other colours than those that a person reads.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Electron has no second page for axe to open, which is what its usual mode does.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes[0]?.html}`)).toEqual([]);
}

async function resize(
  app: { electron: import('@playwright/test').ElectronApplication },
  width: number,
  height: number,
) {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
}

test('the wizard by keyboard alone, checked by axe on every page, to a home', async ({
  freshComputer,
  launch,
}) => {
  await freshComputer({ keepImages: true });
  const app = await launch();
  const { page } = app;
  await resize(app, 800, 600);
  await expectAccessible(page, 'welcome');

  /** Goes on with Tab until the thing with this name has the focus. */
  async function tabTo(name: string | RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate(
        () => document.activeElement?.textContent || document.activeElement?.getAttribute('aria-label') || '',
      );
      if (typeof name === 'string' ? label.trim() === name : name.test(label)) return;
    }
    throw new Error(`Nothing called ${name} can be reached by keyboard.`);
  }

  await tabTo('Let’s begin');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'looking');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled({ timeout: 60_000 });
  await tabTo('Continue');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'choices');
  await tabTo('Continue');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'review');
  await tabTo('Agree and set up');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'working');
  await app.wizard.untilDone();
  await expectAccessible(page, 'done');
  await tabTo('Go to my safe home');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'home');

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await expectAccessible(page, 'settings');
  await page.getByText('简体中文').or(page.getByText('中文')).first().click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expectAccessible(page, 'settings');
  await page.getByText('深色').click();
  await expectAccessible(page, 'settings');
});
