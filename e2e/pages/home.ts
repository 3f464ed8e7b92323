import { expect, type Locator, type Page } from '@playwright/test';
import type { SafeguardId } from '../../main/contract.ts';

/** The home page: one light, the safeguards, the buttons. */
export function home(page: Page) {
  const row = (id: SafeguardId): Locator => page.locator(`[data-screen] [data-safeguard="${id}"]`);
  return {
    row,
    light: page.locator('[data-light]'),
    /** Looks again at everything and waits for the end of it. */
    async checkNow(): Promise<void> {
      const button = page.getByRole('button', { name: /^(Check now|Checking…)$/ });
      await expect(button).toBeEnabled({ timeout: 60_000 });
      await button.click();
      await expect(page.getByRole('button', { name: 'Check now', exact: true })).toBeEnabled({
        timeout: 60_000,
      });
    },
    async expectLight(light: string, timeout = 60_000): Promise<void> {
      await expect(page.locator('[data-light]')).toHaveAttribute('data-light', light, { timeout });
    },
    /** Looks again until the row is red: what starts or ends needs its time. */
    async expectEventually(id: SafeguardId, sentence: RegExp): Promise<void> {
      await expect(async () => {
        await this.checkNow();
        await expect(row(id)).toHaveAttribute('data-is', 'broken', { timeout: 1_000 });
      }).toPass({ timeout: 120_000 });
      await expect(row(id)).toContainText(sentence);
    },
    async expectBroken(id: SafeguardId, sentence: RegExp): Promise<void> {
      await expect(row(id)).toHaveAttribute('data-is', 'broken', { timeout: 60_000 });
      await expect(row(id)).toContainText(sentence);
    },
    /** Presses the row's own button and waits until it is green. */
    async fix(id: SafeguardId, timeout = 240_000): Promise<void> {
      await row(id).locator('button').last().click();
      await expect(row(id)).toHaveAttribute('data-is', 'ok', { timeout });
    },
    async fixAll(timeout = 300_000): Promise<void> {
      await page.getByRole('button', { name: 'Fix everything' }).click();
      await expect(page.locator('[data-light]')).toHaveAttribute('data-light', 'good', { timeout });
    },
  };
}
