import { expect } from '@playwright/test';
import { expectProblem, test } from './systems/open.ts';

/** The window on Windows' own doors, with recorded answers behind them: what a person there sees. */

test('from welcome to home, with one prompt of Windows’ own', async ({ openOn }) => {
  const app = await openOn('windows');
  const { wizard, home, page } = app;
  await wizard.toReview(null);
  // What the prompt will be for stands there before it comes.
  await expect(page.getByText(/Install WSL/).first()).toBeVisible();
  await page.getByText('Show the exact commands').click();
  await expect(page.getByText('wsl.exe --install --no-distribution').first()).toBeVisible();
  await expect(page.getByText('C:\\Users\\王小明\\OpenClaw').first()).toBeVisible();
  await wizard.agree();
  await wizard.untilDone(60_000);
  await wizard.moveIn();
  await home.expectLight('good');
  expect(await app.prompts()).toBe(1);
});

test('a restart is needed: it says so, and goes on by itself after the next login', async ({ openOn }) => {
  const first = await openOn('windows', { state: { needsRestart: true } });
  await first.wizard.toReview(null);
  await first.wizard.agree();
  await expectProblem(
    first,
    'restart-needed',
    /has to be restarted.*Restart the computer when it suits you/s,
  );
  await first.close();
  // As the computer is after it: what was installed counts now.
  const next = await openOn('windows', { state: { wsl: '2.7.1.0', platform: true } });
  await next.wizard.untilDone(60_000);
  await next.wizard.moveIn();
  await next.home.expectLight('good');
  expect(await next.prompts()).toBe(0);
});

test('virtualization is off in the firmware', async ({ openOn }) => {
  const app = await openOn('windows', { state: { firmwareAllows: false } });
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'virtualization-off', /firmware settings \(BIOS\) is off.*turn the switch on/s);
  expect(await app.prompts()).toBe(0);
});

test('whoever looks after the computer forbids it', async ({ openOn }) => {
  const app = await openOn('windows', { state: { forbiddenByPolicy: true } });
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'engine-blocked', /WSL is not allowed on this computer/);
  expect(await app.prompts()).toBe(0);
});

test('the prompt is closed, forbidden, and agreed to', async ({ openOn }) => {
  const app = await openOn('windows', { state: { prompt: 'no' } });
  const { wizard, page } = app;
  await wizard.toReview(null);
  await wizard.agree();
  await expectProblem(app, 'admin-dismissed', /Nothing was installed and nothing was changed/);
  await app.become({ prompt: 'forbidden' });
  await wizard.tryAgain();
  await page.getByRole('button', { name: 'Yes, go on' }).click();
  await expectProblem(app, 'admin-refused', /didn’t allow the installation/);
  await app.become({ prompt: 'yes' });
  await wizard.tryAgain();
  await page.getByRole('button', { name: 'Yes, go on' }).click();
  await wizard.untilDone(60_000);
  expect(await app.prompts()).toBe(3);
});

test('WSL is there and gives no answer', async ({ openOn }) => {
  const app = await openOn('windows', { state: { wsl: '2.7.1.0', platform: true, hangs: true } });
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'still-broken', /the check still fails/);
  await expect(app.page.locator('[data-safeguard="engine-ready"]')).toHaveAttribute('data-is', 'broken');
  await app.become({ hangs: false });
  await app.wizard.tryAgain();
  await app.wizard.untilDone(60_000);
});

test('the disk is full in the middle', async ({ openOn }) => {
  const app = await openOn('windows', { state: { isDiskFull: true } });
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'no-room-on-disk', /no room left on the disk.*Free some space/s);
  await app.become({ isDiskFull: false });
  await app.wizard.tryAgain();
  await app.wizard.untilDone(60_000);
});

test('a name with a space and an apostrophe', async ({ openOn }) => {
  const app = await openOn('windows', { user: "Claire O'Brien" });
  await app.wizard.toReview(null);
  await expect(app.page.getByText("C:\\Users\\Claire O'Brien\\OpenClaw").first()).toBeVisible();
  await app.wizard.agree();
  await app.wizard.untilDone(60_000);
});
