import { expect, type Page } from '@playwright/test';

/** OpenClaw's own page in a browser: not ours, so only what a person sees of it is used. */
export function controlUi(page: Page) {
  return {
    /** Says something to the agent and waits until its answer shows. */
    async chat(message: string, answer: RegExp): Promise<void> {
      const box = page.getByRole('textbox').last();
      await expect(box).toBeVisible({ timeout: 60_000 });
      await box.fill(message);
      await box.press('Enter');
      await expect(page.getByText(answer).last()).toBeVisible({ timeout: 120_000 });
    },
  };
}
