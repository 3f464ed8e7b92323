import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { container } from './break.ts';
import { engineNames, type Running, savedChoices, test } from './fixtures.ts';
import { pick } from './pages/dialogs.ts';
import { reached } from './pages/work.ts';
import { pretendOfficialSource } from './rig/official-source.ts';
import { installEngine, podman, removeEngine } from './rig/podman.ts';
import { setAdministratorConsent, startDismisser } from './rig/polkit.ts';
import { corrupt, restore, startRegistry, stopRegistry } from './rig/registry.ts';
import { isRoot, lan, latestOpenClaw } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';

const GiB = 1024 ** 3;

/** What can go wrong while setting up: each has its own sentence and a next step, and leaves nothing half made. */
test.skip(!isRoot, 'only root can take engines and registries away');

async function expectProblem({ page }: Running, code: string): Promise<void> {
  await expect(page.locator(`[data-problem="${code}"]`)).toBeVisible({ timeout: 180_000 });
}

/** It goes on: OpenClaw was downloaded. That it ends well from there is the journey's to say. */
async function expectDownloaded({ page }: Running): Promise<void> {
  expect(await reached(page, ['onboarding'])).toBe('onboarding');
}

async function expectNothingMade(): Promise<void> {
  const { containers, volumes } = await engineNames();
  expect(containers).toEqual([]);
  expect(volumes.filter((name) => name.startsWith('clawcove'))).toEqual([]);
}

test('no engine: one consent, and it is installed', async ({ freshComputer, launch }) => {
  test.setTimeout(600_000);
  await freshComputer({ keepImages: true });
  await removeEngine();
  try {
    await setAdministratorConsent('refuse');
    const app = await launch();
    await app.wizard.toReview(null);
    await expect(app.page.getByText(/Install Podman/).first()).toBeVisible();
    await app.wizard.agree();
    await expectProblem(app, 'admin-refused');

    await setAdministratorConsent('ask');
    const person = await startDismisser(Number(app.electron.process().pid));
    await app.wizard.tryAgain();
    // The consent of the review was used up by the refused attempt: it is asked again, with the commands.
    await app.page.getByRole('button', { name: 'Yes, go on' }).click({ timeout: 60_000 });
    await expectProblem(app, 'admin-dismissed');
    expect(person.asked()).toBe(1);
    person.stop();

    await setAdministratorConsent('allow');
    await app.wizard.tryAgain();
    await app.page.getByRole('button', { name: 'Yes, go on' }).click({ timeout: 60_000 });
    await app.wizard.untilDone(400_000);
  } finally {
    await setAdministratorConsent('allow');
    await installEngine();
  }
});

for (const { what, code, official, tag } of [
  { what: 'the download source is dead', code: 'source-silent', official: lan.internetServer, tag: [] },
  // The official source's name can't be looked up either.
  { what: 'there is no network', code: 'no-internet', official: null, tag: ['@long'] },
]) {
  test(`${what}, and then it is there again`, { tag }, async ({ freshComputer, launch }) => {
    await freshComputer();
    const forget = pretendOfficialSource(official);
    await stopRegistry();
    try {
      const app = await launch();
      await app.wizard.toReview(null);
      await app.wizard.agree();
      await expectProblem(app, code);
      await expectNothingMade();
      await startRegistry();
      await app.wizard.tryAgain();
      await expectDownloaded(app);
    } finally {
      forget();
      await startRegistry();
    }
  });
}

test('the disk runs full while it downloads', { tag: '@long' }, async ({ computerWithSmallDisk, launch }) => {
  const disk = await computerWithSmallDisk(9 * GiB);
  const app = await launch();
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await app.page.getByText('Downloading OpenClaw…').first().waitFor({ timeout: 60_000 });
  await disk.fill(0);
  await expectProblem(app, 'no-room-on-disk');
  disk.empty();
  await expectNothingMade();
  await app.wizard.tryAgain();
  await expectDownloaded(app);
  await app.kill();
});

test('the disk is too full to begin with', async ({ computerWithSmallDisk, launch }) => {
  await computerWithSmallDisk(3 * GiB);
  const app = await launch();
  await app.wizard.toReview(null);
  await app.wizard.agree();
  await expectProblem(app, 'still-broken');
  await expect(app.page.locator('[data-problem]')).toContainText(/free disk space; .* are needed/);
  await expectNothingMade();
  await app.kill();
});

test('another program has the port: OpenClaw gets one of its own', { tag: '@long' }, async ({
  freshComputer,
  launch,
}) => {
  await freshComputer({ keepImages: true });
  const squatter = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => squatter.listen(18_789, '127.0.0.1', resolve));
  try {
    const { wizard } = await launch();
    await wizard.toReview(null);
    await wizard.agree();
    await wizard.untilDone();
    expect(savedChoices().port).not.toBe(18_789);
  } finally {
    squatter.close();
  }
});

test('a download whose bytes are not what was promised is thrown away', async ({ freshComputer, launch }) => {
  await freshComputer();
  corrupt(latestOpenClaw);
  try {
    const app = await launch();
    await app.wizard.toReview(null);
    await app.wizard.agree();
    await expectProblem(app, 'download-damaged');
    await expectNothingMade();
  } finally {
    restore(latestOpenClaw);
  }
});

test('cancelled while it downloads, nothing is half made and it goes on later', async ({
  freshComputer,
  launch,
}) => {
  await freshComputer();
  const app = await launch();
  const { page, wizard } = app;
  await wizard.toReview(null);
  await wizard.agree();
  await page.getByText('Downloading OpenClaw…').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop setting up' }).click();
  await expect(page.getByRole('button', { name: 'Continue setting up' })).toBeVisible({ timeout: 60_000 });
  await expectNothingMade();
  await page.getByRole('button', { name: 'Continue setting up' }).click();
  await expectDownloaded(app);
});

test('a shared folder with a name of every kind', { tag: '@long' }, async ({ freshComputer, launch }) => {
  await freshComputer({ keepImages: true });
  const app = await launch();
  await app.wizard.toReview(null);
  await app.wizard.press('Back');
  const folder = join(rigUser().home, `共享 O'Brien "quoted" 🦀, colon: $(touch x)`);
  mkdirSync(folder);
  await pick(app, folder);
  await app.page.getByRole('button', { name: 'Change…' }).click();
  await expect(app.page.getByText(folder)).toBeVisible();
  expect(savedChoices().sharedFolder).toBe(folder);
  await app.page.getByRole('button', { name: 'Continue' }).click();
  await app.wizard.agree();
  await app.wizard.untilDone();
  writeFileSync(join(folder, 'hello'), 'from the person');
  const { stdout } = await podman(['exec', container, 'cat', '/home/node/shared/hello']);
  expect(stdout).toBe('from the person');
});

test('a folder that holds private things is refused with a reason', async ({ freshComputer, launch }) => {
  await freshComputer({ keepImages: true });
  const app = await launch();
  await app.wizard.toReview(null);
  await app.wizard.press('Back');
  await pick(app, rigUser().home);
  await app.page.getByRole('button', { name: 'Change…' }).click();
  await expectProblem(app, 'folder-not-allowed');
});
