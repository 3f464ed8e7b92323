import { expect, type Page } from '@playwright/test';

/** How long an answer may take: OpenClaw's first turn loads most of itself (ms). */
const answerTimeout = 180_000;

/** OpenClaw's own page in a browser: not ours, so only what a person sees of it is used. */
export function controlUi(page: Page) {
  return {
    /** Says something to the agent and waits for its answer to that very message: the rig's model echoes. */
    async chat(message: string): Promise<void> {
      const box = page.getByRole('textbox').last();
      // On a busy computer it gives up loading itself now and then, and says which button to press.
      const again = page.getByRole('button', { name: 'Try again' });
      await expect(async () => {
        if (await again.isVisible()) await again.click();
        await expect(box).toBeVisible({ timeout: 15_000 });
      }).toPass({ timeout: 180_000 });
      await box.fill(message);
      // While the page is still getting its line to the gateway, it keeps what is sent as a draft.
      await expect(async () => {
        await box.press('Enter');
        await expect(box).toHaveValue('', { timeout: 5_000 });
      }).toPass({ timeout: 180_000 });
      try {
        await expect(page.getByText(`PONG: ${message}`).last()).toBeVisible({ timeout: answerTimeout });
      } catch (error) {
        // The browser isn't Playwright's own: its report would not say what stood there instead.
        throw new Error(`No answer. The page says: ${await page.textContent('body')}`, { cause: error });
      }
    },
  };
}
