import { expect, type Page } from '@playwright/test';

/** What the person says about who does the thinking: a service of the list, or one of their own. */
export type Thinker =
  | { readonly service: string; readonly key: string }
  | { readonly baseUrl: string; readonly modelId: string; readonly key: string };

/** The wizard, as a person goes through it. */
export function wizard(page: Page) {
  const screen = (name: string) => page.locator(`[data-screen="${name}"]`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  return {
    screen,
    press,
    /** From Welcome to Review. */
    async toReview(model: Thinker | null): Promise<void> {
      await expect(screen('welcome')).toBeVisible({ timeout: 30_000 });
      await press('Let’s begin');
      await expect(screen('looking')).toBeVisible();
      await page.getByRole('button', { name: 'Continue' }).click({ timeout: 60_000 });
      await expect(screen('choices')).toBeVisible();
      if (model) {
        const service = 'service' in model ? model.service : 'Another service…';
        await page.getByText(service, { exact: true }).click();
        if ('baseUrl' in model) {
          await page.getByLabel('Address of the service').fill(model.baseUrl);
          await page.getByLabel('Name of the model').fill(model.modelId);
        }
        await page.getByLabel('Access key (API key)').fill(model.key);
      }
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(screen('review')).toBeVisible();
    },
    /** Agrees and waits until every safeguard is green. */
    async agree(): Promise<void> {
      await page.getByRole('button', { name: 'Agree and set up' }).click({ timeout: 60_000 });
      await expect(screen('working')).toBeVisible();
    },
    async untilDone(timeout = 240_000): Promise<void> {
      const problem = page.locator('[data-problem]');
      await expect(screen('done').or(problem)).toBeVisible({ timeout });
      // A problem is told in its own words instead of as a time-out.
      if (await problem.isVisible()) throw new Error((await problem.textContent()) ?? '');
    },
    /** Tries once more what came to nothing; its problem is gone from the page then, and the next one is another. */
    async tryAgain(): Promise<void> {
      await press('Try again');
      await expect(page.locator('[data-problem]')).toBeHidden();
    },
    async moveIn(): Promise<void> {
      await press('Go to my safe home');
      await expect(screen('home')).toBeVisible();
    },
  };
}
