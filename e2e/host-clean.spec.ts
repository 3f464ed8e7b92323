/** An OpenClaw that lives on the computer itself moves into its safe home, and back, whatever befalls it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { StepCode } from '../main/contract.ts';
import { container, readState, writeState } from './break.ts';
import { clawcove, type Running, savedReceipts, test } from './fixtures.ts';
import { reached, snapshotOf } from './pages/work.ts';
import {
  environmentKey,
  folderOnComputer,
  plainKey,
  putOnComputer,
  remembers,
  said,
  startOnComputer,
  stopOnComputer,
  takeAwayFromComputer,
  unit,
  unitFolder,
  whoAnswersOnComputer,
} from './rig/host-openclaw.ts';
import { podman } from './rig/podman.ts';
import { isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';
import { type SavedHome, saveHome } from './saved-home.ts';
import { memoryFile, modelOf, whoAnswers } from './well.ts';

test.skip(!isRoot, 'only root can unpack OpenClaw for another person');

/** What the home knew before. */
const homesOwn = 'the home’s own memory';
const aside = () =>
  readdirSync(rigUser().home).filter((name) => name.startsWith('.openclaw.moved-into-clawcove-'));
const own = (name: string) => join(rigUser().home, name);

test.afterEach(stopOnComputer);

/** A home that was set up on a computer where no OpenClaw was. */
async function setUpHome(rig: Parameters<typeof clawcove>[0]): Promise<void> {
  const made = await clawcove(rig, 'setup', '--yes');
  expect(made.exitCode, `${made.stdout}\n${made.stderr}`).toBe(0);
  await writeState(memoryFile, homesOwn);
}

const toHome = async (running: Running) =>
  expect(running.wizard.screen('home')).toBeVisible({ timeout: 60_000 });

/** Presses the row's button and says which one moves in. */
async function moveIn({ page, home }: Running): Promise<void> {
  await home.row('host-clean').getByRole('button', { name: 'Move it…' }).click();
  await expect(page.locator('[data-question]')).toContainText('Move your OpenClaw into its safe home?', {
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Move it in' }).click();
}

const untilRest = async ({ page }: Running, timeout = 420_000) =>
  expect
    .poll(async () => (await snapshotOf(page)).work.is, { timeout, intervals: [1_000] })
    .toMatch(/^(idle|failed)$/);

/** How far a moving in has come, as it is written down; null: there is none. */
const stageOf = (): string | null => (savedReceipts().hostMove as { stage: string } | null)?.stage ?? null;

/** Waits until nothing of it is half done. */
const untilSettled = () =>
  expect.poll(() => [null, 'done'].includes(stageOf()), { timeout: 600_000, intervals: [1_000] }).toBe(true);

/** The new one lives in the home with all that the old one knew; the old one rests. */
async function expectMovedIn(running: Running, before: { folder: string; settings: string }): Promise<void> {
  await expect.poll(whoAnswers, { timeout: 60_000 }).toBe(latestOpenClaw);
  expect(await readState(memoryFile)).toBe(remembers);
  const settings = await readState('openclaw.json');
  expect(modelOf(settings)).toEqual(modelOf(before.settings));
  expect(settings).toContain(plainKey);
  expect(settings).not.toContain(rigUser().home);
  expect(await readState('.env')).toContain(environmentKey);
  const conversations = ['exec', container, 'grep', '-rlaF', said, '/home/node/.openclaw/agents'];
  expect(String((await podman(conversations)).stdout)).not.toBe('');
  expect(existsSync(own('.openclaw'))).toBe(false);
  expect(aside()).toHaveLength(1);
  expect(await folderOnComputer(aside()[0])).toBe(before.folder);
  expect(existsSync(join(unitFolder(), unit))).toBe(false);
  expect(readdirSync(join(unitFolder(), 'default.target.wants'))).toEqual([]);
  await running.home.checkNow();
  await expect(running.home.row('host-clean')).toHaveAttribute('data-is', 'ok');
}

/** The old one is where it was with all that it knew, and lives; the home has its own memories. */
async function expectAsBefore(before: { folder: string }, version: string): Promise<void> {
  expect(aside()).toEqual([]);
  expect(await folderOnComputer()).toBe(before.folder);
  expect(existsSync(join(unitFolder(), 'default.target.wants', unit))).toBe(true);
  expect(await readState(memoryFile)).toBe(homesOwn);
  await startOnComputer();
  expect(await whoAnswersOnComputer()).toBe(version);
}

const facts = async () => ({
  folder: await folderOnComputer(),
  settings: readFileSync(own('.openclaw/openclaw.json'), 'utf8'),
});

test('an older one that runs moves in, is killed on the way, and goes back', { tag: '@long' }, async ({
  rig,
  freshComputer,
  launch,
}) => {
  test.setTimeout(1_200_000);
  await freshComputer({ keepImages: true });
  await setUpHome(rig);
  await putOnComputer(olderOpenClaw);
  await startOnComputer();
  const running = await launch();
  await toHome(running);
  await running.home.checkNow();
  await running.home.expectBroken('host-clean', /An OpenClaw runs directly on your computer/);

  const packs = reached(running.page, ['packing-host-openclaw']);
  const starts = reached(running.page, ['waiting-until-ready']);
  await moveIn(running);
  expect(await packs).toBe('packing-host-openclaw');
  // It has ended, and nobody writes to its folder any more.
  const before = await facts();
  expect(await starts).toBe('waiting-until-ready');
  await sleep(5_000);
  await running.kill();
  const next = await launch();
  await toHome(next);
  await untilSettled();
  expect(stageOf()).toBe('done');
  await untilRest(next);
  await expectMovedIn(next, before);
  // The key in its settings still opens its service.
  const ask = [
    'exec',
    container,
    'openclaw',
    'agent',
    '--agent',
    'main',
    '--message',
    'still there?',
    '--json',
  ];
  expect(String((await podman(ask)).stdout)).toContain('PONG: still there?');

  await next.home.row('host-clean').getByRole('button', { name: 'Put it back as it was…' }).click();
  await next.page.getByRole('button', { name: 'Put it back', exact: true }).click();
  await expect.poll(stageOf, { timeout: 600_000 }).toBeNull();
  await untilRest(next);
  await expectAsBefore(before, olderOpenClaw);
  await next.home.checkNow();
  await next.home.expectBroken('host-clean', /An OpenClaw runs directly on your computer/);
});

test('one of the same version moves in while a home is set up, as the review said', { tag: '@long' }, async ({
  freshComputer,
  launch,
}) => {
  test.setTimeout(1_200_000);
  await freshComputer({ keepImages: true });
  await putOnComputer(latestOpenClaw);
  await startOnComputer();
  const running = await launch();
  const { page, wizard } = running;
  await wizard.toReview(null);
  await expect(page.getByText('Move the OpenClaw that lives on your computer')).toContainText(
    own('.openclaw'),
  );
  const packs = reached(page, ['packing-host-openclaw']);
  await wizard.agree();
  expect(await packs).toBe('packing-host-openclaw');
  const before = await facts();
  await wizard.untilDone(900_000);
  await wizard.moveIn();
  await expectMovedIn(running, before);
});

/** Where a moving in can be struck: every step of it, at its beginning and a little later (ms). */
const steps: readonly StepCode[] = [
  'stopping-host-openclaw',
  'packing-host-openclaw',
  'verifying-backup',
  'rehearsing',
  'stopping-home',
  'saving-state',
  'loading-backup',
  'mending-config',
  'creating-home',
  'starting-home',
  'waiting-until-ready',
  'examining',
  'putting-host-openclaw-to-rest',
  'archiving',
];
const strikes = steps.flatMap((step) => [0, 1_500].map((ms) => ({ step, ms })));

let kept: SavedHome | null = null;
test.afterAll(() => kept?.forget());

for (const { step, ms } of strikes)
  test(`killed ${ms} ms into ${step}`, { tag: '@long' }, async ({ rig, freshComputer, launch }) => {
    test.setTimeout(1_800_000);
    if (kept === null) {
      await freshComputer({ keepImages: true });
      await setUpHome(rig);
      kept = await saveHome();
    }
    await stopOnComputer();
    await kept.putBack();
    await takeAwayFromComputer();
    await putOnComputer(olderOpenClaw);
    // What is not written to until then is as it was: it is stopped before anybody looks at its folder.
    const before = await facts();
    const running = await launch();
    await toHome(running);
    await untilRest(running);
    const there = reached(running.page, [step]);
    await moveIn(running);
    expect(await there).toBe(step);
    await sleep(ms);
    await running.kill();
    const next = await launch();
    await toHome(next);
    await untilSettled();
    await untilRest(next);
    if (stageOf() === null) await expectAsBefore(before, olderOpenClaw);
    else await expectMovedIn(next, before);
  });
