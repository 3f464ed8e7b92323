import { expect } from '@playwright/test';
import { test } from './fixtures.ts';

/** The sentences of the steps that a first setup goes through, in order. */
const steps = [
  'Preparing the shared folder…',
  'Asking for the newest OpenClaw…',
  'Downloading OpenClaw…',
  'Setting OpenClaw up…',
  'Closing what OpenClaw leaves open by default…',
  'Building the safe home…',
  'Starting OpenClaw…',
  'Waiting for OpenClaw to get ready…',
];

test('killed at every step, setup goes on from the facts until all is green', async ({
  freshComputer,
  launch,
}) => {
  test.setTimeout(900_000);
  await freshComputer();
  let running = await launch();
  await running.wizard.toReview(null);
  await running.wizard.agree();
  for (const step of steps) {
    await running.page.getByText(step).first().waitFor({ timeout: 180_000, state: 'attached' });
    await running.kill();
    running = await launch();
    await expect(running.wizard.screen('working')).toBeVisible({ timeout: 60_000 });
  }
  await running.wizard.untilDone();
  await running.wizard.moveIn();
  await running.home.expectLight('good');
});
