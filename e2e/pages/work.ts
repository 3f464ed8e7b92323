import type { Page } from '@playwright/test';
import type { AppBridge, Intent, Snapshot, StepCode } from '../../main/contract.ts';

/** What the window knows, as main told it. */
export const snapshotOf = (page: Page): Promise<Snapshot> =>
  page.evaluate(() => (window as unknown as { app: AppBridge }).app.snapshot());

/** Sends an intent the way the window does. */
export const ask = (page: Page, intent: Intent): Promise<unknown> =>
  page.evaluate((wish) => (window as unknown as { app: AppBridge }).app.do(wish), intent);

/** Resolves when main says that it is at one of the steps, or that its work is over. */
export function reached(page: Page, steps: readonly StepCode[]): Promise<StepCode | 'over'> {
  return page.evaluate(
    (wanted) =>
      new Promise<StepCode | 'over'>((resolve) => {
        const { app } = window as unknown as { app: AppBridge };
        let began = false;
        const look = ({ work }: Snapshot) => {
          if (work.is === 'running') began = true;
          // A question in the middle of work doesn't end it.
          else if (began && work.is !== 'asking') resolve('over');
          if (work.is === 'running' && wanted.includes(work.step)) resolve(work.step);
        };
        app.onSnapshot(look);
        void app.snapshot().then(look);
      }),
    steps,
  );
}
