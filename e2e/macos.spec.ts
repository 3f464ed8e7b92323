import { expect } from '@playwright/test';
import { expectProblem, test } from './systems/open.ts';

/** The window on a Mac's own doors, with recorded answers behind them: what a person there sees. */

test('from welcome to home, without any administrator', async ({ openOn }) => {
  const app = await openOn('macos');
  const { wizard, home, page } = app;
  await wizard.toReview(null);
  await expect(page.getByText('/Users/王小明/OpenClaw').first()).toBeVisible();
  await wizard.agree();
  await wizard.untilDone(60_000);
  await wizard.moveIn();
  await home.expectLight('good');
  expect(await app.prompts()).toBe(0);
});

test('the Mac is restarted in the middle: it goes on by itself', async ({ openOn }) => {
  const first = await openOn('macos', { state: { neverAnswers: true } });
  await first.wizard.toReview(null);
  await first.wizard.agree();
  await expectProblem(first, 'machine-no-answer', /doesn’t answer.*Restart the computer and try again/s);
  await first.close();
  const next = await openOn('macos', { state: { machine: 'stopped' } });
  await next.wizard.untilDone(60_000);
  await next.wizard.moveIn();
  await next.home.expectLight('good');
});

const unable = [
  [
    'a Mac that can’t virtualize',
    { canVirtualize: false },
    'virtualization-missing',
    /processor can’t run a safe home/,
  ],
  ['a copy that lost its right', { isEntitled: false }, 'machine-not-permitted', /Download ClawCove again/],
  ['a macOS from before', { system: '12.7.6' }, 'machine-system-too-old', /Bring your system up to date/],
  ['an app without its Lima', { hasLima: false }, 'app-incomplete', /A part of this ClawCove is missing/],
] as const;
for (const [name, state, code, words] of unable)
  test(name, async ({ openOn }) => {
    const app = await openOn('macos', { state });
    await app.wizard.toReview(null);
    await app.wizard.agree();
    await expectProblem(app, code, words);
    expect(await app.prompts()).toBe(0);
  });

test('the disk is full in the middle', async ({ openOn }) => {
  const app = await openOn('macos', { state: { isDiskFull: true } });
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'no-room-on-disk', /no room left on the disk/);
  await app.become({ isDiskFull: false });
  await app.wizard.tryAgain();
  await app.wizard.untilDone(60_000);
});

test('a name with a space and an apostrophe', async ({ openOn }) => {
  const app = await openOn('macos', { user: "Claire O'Brien" });
  await app.wizard.toReview(null);
  await expect(app.page.getByText("/Users/Claire O'Brien/OpenClaw").first()).toBeVisible();
  await app.wizard.agree();
  await app.wizard.untilDone(60_000);
});
