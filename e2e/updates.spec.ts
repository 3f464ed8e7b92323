import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import type { StepCode } from '../main/contract.ts';
import { container, writeState } from './break.ts';
import { type Running, savedReceipts, test, writeChoices, writeReceipts } from './fixtures.ts';
import { controlUi } from './pages/control-ui.ts';
import { ask, reached, snapshotOf } from './pages/work.ts';
import { modelOrigin } from './rig/model.ts';
import { deprecate } from './rig/npm.ts';
import { podman } from './rig/podman.ts';
import { corrupt, hide, restore, show, startRegistry, stopRegistry } from './rig/registry.ts';
import { isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';
import { bringOut, type Fault, takeBack } from './rig/variants.ts';
import { type SavedHome, saveHome } from './saved-home.ts';
import { type Belongings, belongings, expectWell, memoryFile, said, whoAnswers } from './well.ts';

/** From one OpenClaw to the next, whatever happens on the way: old or new, with everything it knows. */
test.skip(!isRoot, 'only root can say which versions are out');

/** The older version, lived in: made once for all tests of a worker. */
let lived: { readonly saved: SavedHome; readonly before: Belongings } | null = null;

type Hands = Pick<Parameters<Parameters<typeof test>[2]>[0], 'freshComputer' | 'launch' | 'openedPage'>;

const atHome = async ({ wizard }: Running) => expect(wizard.screen('home')).toBeVisible({ timeout: 60_000 });

async function moveIn({ freshComputer, launch, openedPage }: Hands) {
  await takeBack();
  await freshComputer({ keepImages: true });
  hide(latestOpenClaw);
  try {
    const { wizard, page, home, kill } = await launch();
    await wizard.toReview({ baseUrl: `${modelOrigin()}/v1`, modelId: 'rig-model', key: 'sk-rig-key' });
    await wizard.agree();
    await wizard.untilDone();
    await wizard.moveIn();
    await home.checkNow();
    const browserPage = await openedPage(() => page.getByRole('button', { name: 'Open OpenClaw' }).click());
    await controlUi(browserPage).chat(said, /PONG/);
    await writeState(memoryFile, 'she likes lighthouses');
    await kill();
  } finally {
    show(latestOpenClaw);
  }
  writeChoices({ automaticUpdates: false });
  // As if a day had gone by: it asks what is newest as soon as it starts.
  writeReceipts({ lastLook: null });
  const before = await belongings();
  await fetchLatest();
  return { saved: await saveHome(), before };
}

const fetchLatest = () => podman(['pull', '--quiet', `ghcr.io/openclaw/openclaw:${latestOpenClaw}`]);
const dropLatest = () => podman(['rmi', '--force', `ghcr.io/openclaw/openclaw:${latestOpenClaw}`]);

/** The older version with all that it knows, and ClawCove that updates nothing by itself unless told to. */
async function begin(hands: Hands, automaticUpdates = false): Promise<Running & { before: Belongings }> {
  lived ??= await moveIn(hands);
  const { saved, before } = lived;
  await saved.putBack();
  if (automaticUpdates) writeChoices({ automaticUpdates });
  const running = await hands.launch();
  await atHome(running);
  if (!automaticUpdates) {
    await expect.poll(whoAnswers, { timeout: 120_000 }).toBe(olderOpenClaw);
    await expect.poll(async () => (await snapshotOf(running.page)).work.is, { timeout: 60_000 }).toBe('idle');
  }
  return { ...running, before };
}

test('a good version takes its place, and the page in the browser finds its way back', async ({
  freshComputer,
  launch,
  openedPage,
}) => {
  test.setTimeout(900_000);
  const running = await begin({ freshComputer, launch, openedPage });
  const { page, home } = running;
  await expect(page.locator('[data-news="available"]')).toContainText(latestOpenClaw);
  const browserPage = await openedPage(() => page.getByRole('button', { name: 'Open OpenClaw' }).click());
  await expect(browserPage.getByText(said).last()).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Update now' }).click();
  await expect(page.locator('[data-news="watched"]')).toContainText(latestOpenClaw, { timeout: 600_000 });
  await expectWell(running, running.before, [latestOpenClaw]);
  await controlUi(browserPage).chat('hello to the new one', /PONG/);
  await home.checkNow();
  await expect(home.row('agent-version')).toHaveAttribute('data-is', 'ok');
});

test('it comes by itself where updates are on', async ({ freshComputer, launch, openedPage }) => {
  test.setTimeout(900_000);
  const running = await begin({ freshComputer, launch, openedPage }, true);
  await expect.poll(whoAnswers, { timeout: 600_000, intervals: [2_000] }).toBe(latestOpenClaw);
  await expectWell(running, running.before, [latestOpenClaw]);
});

/** Faults that only show in the real place, and what is said of them. */
for (const [fault, sentence] of [
  ['never-listens', /never got ready/],
  ['fails-its-audit', /safety audit/],
  ['ends-after-a-while', /stopped by itself/],
] as const satisfies readonly (readonly [Fault, RegExp])[]) {
  test(`a version that ${fault.replaceAll('-', ' ')} is put back`, async ({
    freshComputer,
    launch,
    openedPage,
  }) => {
    test.setTimeout(1_200_000);
    const version = await bringOut(fault);
    try {
      const running = await begin({ freshComputer, launch, openedPage });
      const { page } = running;
      await ask(page, { do: 'update-now' });
      const failed = page.locator('[data-news="failed"]');
      await expect(failed).toContainText(version, { timeout: 900_000 });
      await expect(page.locator('body')).toContainText(sentence);
      await expectWell(running, running.before, [olderOpenClaw]);
      const marked = podman(['exec', container, 'test', '-e', '/home/node/.openclaw/mark-of-the-new'], {
        reject: false,
      });
      expect((await marked).exitCode).toBe(1);
      // It is not tried again by itself, nor by the version's own Fix button.
      expect((await snapshotOf(page)).versionNews).toMatchObject({ is: 'failed', version });
    } finally {
      await takeBack();
    }
  });
}

test('a version whose bytes are not what was promised is never tried', async ({
  freshComputer,
  launch,
  openedPage,
}) => {
  test.setTimeout(600_000);
  const running = await begin({ freshComputer, launch, openedPage });
  await dropLatest();
  corrupt(latestOpenClaw);
  try {
    await ask(running.page, { do: 'update-now' });
    await expect(running.page.locator('[data-problem]')).toBeVisible({ timeout: 300_000 });
    await expectWell(running, running.before, [olderOpenClaw]);
  } finally {
    restore(latestOpenClaw);
    await fetchLatest();
  }
});

test('the network goes in the middle of the download', async ({ freshComputer, launch, openedPage }) => {
  test.setTimeout(600_000);
  const running = await begin({ freshComputer, launch, openedPage });
  await dropLatest();
  try {
    const download = reached(running.page, ['downloading']);
    await ask(running.page, { do: 'update-now' });
    expect(await download).toBe('downloading');
    await stopRegistry();
    await expect(running.page.locator('[data-problem]')).toBeVisible({ timeout: 300_000 });
    await expectWell(running, running.before, [olderOpenClaw]);
  } finally {
    await startRegistry();
    await fetchLatest();
  }
});

/** Ends by force what runs, in the three ways that it can happen to people. */
const kills = {
  app: ({ kill }: Running) => kill(),
  engine: async ({ kill }: Running) => {
    await killPrograms('podman');
    await kill();
  },
  'power cut': async ({ kill }: Running) => {
    await kill();
    await killPrograms('podman|conmon|slirp4netns|rootlessport|runc|catatonit|openclaw|tini|node|sleep');
    // What lies in memory is gone, and so the engine knows that the computer was started again.
    for (const name of ['containers', 'libpod', 'runc'])
      rmSync(join(rigUser().runtimeFolder, name), { recursive: true, force: true });
  },
} as const;
type Kill = keyof typeof kills;

async function killPrograms(pattern: string): Promise<void> {
  await execa('pkill', ['-KILL', '-u', String(rigUser().uid), pattern], { reject: false });
}

/** Where an update can be struck: a step of it, and how far into it (ms). */
const points: readonly { readonly step: StepCode; readonly after: readonly [number, number] }[] = [
  { step: 'finding-newest', after: [0, 100] },
  { step: 'rehearsing', after: [0, 2_000] },
  { step: 'rehearsing', after: [8_000, 20_000] },
  { step: 'stopping-home', after: [0, 300] },
  { step: 'stopping-home', after: [800, 1_600] },
  { step: 'saving-state', after: [0, 100] },
  { step: 'saving-state', after: [300, 800] },
  { step: 'starting-home', after: [0, 200] },
  { step: 'waiting-until-ready', after: [0, 1_000] },
  { step: 'waiting-until-ready', after: [5_000, 12_000] },
  { step: 'examining', after: [0, 5_000] },
  { step: 'archiving', after: [0, 500] },
];

const isLong = process.env.CLAWCOVE_E2E_LONG === '1';
const ways = Object.keys(kills) as Kill[];
/** Every point in every way and at both moments; in a short run some of them, each way at least once. */
const strikes = points.flatMap(({ step, after }, at) =>
  ways.flatMap((way, turn) =>
    after.map((ms, moment) => ({ step, ms, way, isShort: moment === 1 && at % 3 === turn && at % 2 === 1 })),
  ),
);

for (const { step, ms, way } of strikes.filter(({ isShort }) => isLong || isShort)) {
  test(`${way} ${ms} ms into ${step}: old or new, and well`, async ({
    freshComputer,
    launch,
    openedPage,
  }) => {
    test.setTimeout(1_200_000);
    const running = await begin({ freshComputer, launch, openedPage });
    const there = reached(running.page, [step]);
    await ask(running.page, { do: 'update-now' });
    expect(await there).toBe(step);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await kills[way](running);
    const next = await launch();
    await atHome(next);
    await expectWell(next, running.before, [olderOpenClaw, latestOpenClaw]);
  });
}

test('a version that its makers have deprecated is not offered, and that is no secret', async ({
  freshComputer,
  launch,
  openedPage,
}) => {
  test.setTimeout(900_000);
  await deprecate(latestOpenClaw, 'Broken. Use the one before.');
  try {
    const { page, home } = await begin({ freshComputer, launch, openedPage });
    await ask(page, { do: 'update-now' });
    await expect.poll(() => savedReceipts().npmWord, { timeout: 120_000 }).not.toBeNull();
    await home.checkNow();
    await expect(home.row('agent-version')).toHaveAttribute('data-is', 'ok');
    await expect(home.row('agent-version')).toContainText(latestOpenClaw);
    expect((await snapshotOf(page)).versionNews).toMatchObject({ is: 'none' });
    expect(await whoAnswers()).toBe(olderOpenClaw);
  } finally {
    await deprecate(latestOpenClaw, null);
  }
});

test.afterAll(() => lived?.saved.forget());
