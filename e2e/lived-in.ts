/** A home with the older OpenClaw, lived in: what every test of an update begins with. */
import { expect } from '@playwright/test';
import { writeState } from './break.ts';
import { test as base, type Running, writeChoices, writeReceipts } from './fixtures.ts';
import { controlUi } from './pages/control-ui.ts';
import { snapshotOf } from './pages/work.ts';
import { modelOrigin, startModel } from './rig/model.ts';
import { startNpm } from './rig/npm.ts';
import { podman } from './rig/podman.ts';
import { restore, show, startRegistry, whileHidden } from './rig/registry.ts';
import { latestOpenClaw, olderOpenClaw, openClawVersions } from './rig/settings.ts';
import { takeBack } from './rig/variants.ts';
import { type SavedHome, saveHome } from './saved-home.ts';
import { type Belongings, belongings, memoryFile, said, whoAnswers } from './well.ts';

export interface LivedIn {
  readonly saved: SavedHome;
  readonly before: Belongings;
}

/** An app on such a home, and what the home must still know afterwards. */
export type Begun = Running & { readonly before: Belongings };

interface Fixtures {
  /** Sets up the older version on a computer where nothing is yet, and lives in it. */
  moveIn: () => Promise<LivedIn>;
  /** The home on the usual computer; every test can have it as it was. */
  livedIn: () => Promise<LivedIn>;
}

interface WorkerFixtures {
  /** What {@link Fixtures.livedIn} keeps. */
  kept: { home: LivedIn | null };
}

const reference = (version: string) => `ghcr.io/openclaw/openclaw:${version}`;
async function fetchVersion(version: string): Promise<void> {
  await podman(['pull', '--quiet', reference(version)]);
  // A name that isn't ClawCove's: what it drops need not be unpacked again for the next test.
  await podman(['tag', reference(version), `localhost/kept:${version}`]);
}

/** The newest version has to be downloaded, and what shares its layers is gone, too: only what a home needs stays. */
export const dropLatest = () => podman(['image', 'prune', '--all', '--force']);

export const test = base.extend<Fixtures, WorkerFixtures>({
  kept: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what a fixture needs.
    async ({}, use) => {
      const kept: { home: LivedIn | null } = { home: null };
      await use(kept);
      kept.home?.saved.forget();
    },
    { scope: 'worker' },
  ],
  moveIn: async ({ launch, openedPage }, use) =>
    use(async () => {
      await whileHidden(latestOpenClaw, async () => {
        const { wizard, page, home, kill } = await launch();
        await wizard.toReview({ baseUrl: `${modelOrigin()}/v1`, modelId: 'rig-model', key: 'sk-rig-key' });
        await wizard.agree();
        await wizard.untilDone();
        await wizard.moveIn();
        await home.checkNow();
        const browserPage = await openedPage(() =>
          page.getByRole('button', { name: 'Open OpenClaw' }).click(),
        );
        await controlUi(browserPage).chat(said);
        await writeState(memoryFile, 'she likes lighthouses');
        await kill();
      });
      writeChoices({ automaticUpdates: false });
      // As if a day had gone by: it asks what is newest as soon as it starts.
      writeReceipts({ lastLook: null });
      const before = await belongings();
      await fetchVersion(latestOpenClaw);
      return { saved: await saveHome(), before };
    }),
  livedIn: async ({ kept, freshComputer, moveIn }, use) =>
    use(async () => {
      await setWorldRight();
      if (kept.home === null) {
        await freshComputer({ keepImages: true });
        kept.home = await moveIn();
      }
      // ClawCove drops what it needs no more, and a test with a disk of its own leaves no image at all.
      for (const version of openClawVersions) await fetchVersion(version);
      return kept.home;
    }),
});

/** Everything out there works and says what it said at first, whatever a test that failed has left. */
async function setWorldRight(): Promise<void> {
  await Promise.all([startRegistry(), startModel(), startNpm()]);
  for (const version of openClawVersions) {
    show(version);
    restore(version);
  }
  await takeBack();
}

/** Waits until ClawCove has nothing to do. */
export const untilIdle = ({ page }: Running) =>
  expect.poll(async () => (await snapshotOf(page)).work.is, { timeout: 60_000 }).toBe('idle');

/** The older version with all that it knows, served by a ClawCove that has nothing to do. */
export async function begin(
  { saved, before }: LivedIn,
  launch: () => Promise<Running>,
  choices: Record<string, unknown> = {},
): Promise<Begun> {
  await saved.putBack();
  writeChoices(choices);
  const running = await launch();
  await expect(running.wizard.screen('home')).toBeVisible({ timeout: 60_000 });
  await expect.poll(whoAnswers, { timeout: 120_000 }).toBe(olderOpenClaw);
  return { ...running, before };
}
