import { expect, type Page } from '@playwright/test';
import type { AppBridge, StepCode } from '../main/contract.ts';
import { test } from './fixtures.ts';

/** The steps that a first setup goes through, in order. */
const steps: StepCode[] = [
  'making-folder',
  'finding-newest',
  'downloading',
  'onboarding',
  'hardening-config',
  'creating-home',
  'starting-home',
  'waiting-until-ready',
];

/**
 * Resolves as soon as main says that it is at a step, or beyond it: some are over in a
 * moment, and after a restart what is done already isn't done again.
 */
function reached(page: Page, index: number): Promise<string> {
  return page.evaluate(
    ([order, from]) =>
      new Promise<string>((resolve) => {
        const { app } = window as unknown as { app: AppBridge };
        const look = ({ work }: Awaited<ReturnType<AppBridge['snapshot']>>) => {
          if (work.is === 'running' && order.indexOf(work.step) >= from) resolve(work.step);
        };
        app.onSnapshot(look);
        void app.snapshot().then(look);
      }),
    [steps, index] as const,
  );
}

test('killed at every step, setup goes on from the facts until all is green', async ({
  freshComputer,
  launch,
}) => {
  test.setTimeout(900_000);
  await freshComputer();
  let running = await launch();
  await running.wizard.toReview(null);
  let step = reached(running.page, 0);
  await running.wizard.agree();
  const struck: string[] = [];
  for (let index = 0; index < steps.length; index++) {
    struck.push(await step);
    await running.kill();
    running = await launch();
    await expect(running.wizard.screen('working')).toBeVisible({ timeout: 60_000 });
    if (index + 1 < steps.length) step = reached(running.page, index + 1);
  }
  await running.wizard.untilDone();
  await running.wizard.moveIn();
  await running.home.expectLight('good');
  expect(struck).toEqual(steps);
});
