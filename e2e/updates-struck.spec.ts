import { expect } from '@playwright/test';
import type { StepCode } from '../main/contract.ts';
import { type Kill, kills } from './kills.ts';
import { type Begun, begin, dropLatest, fetchLatest, test, untilIdle } from './lived-in.ts';
import { ask, reached, snapshotOf } from './pages/work.ts';
import { startModel, stopModel } from './rig/model.ts';
import { startNpm, stopNpm } from './rig/npm.ts';
import { startRegistry, stopRegistry } from './rig/registry.ts';
import { isLong, isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { bringOut, takeBack } from './rig/variants.ts';
import { expectWell } from './well.ts';

/** Whatever befalls an update at whatever moment: old or new, with everything it knows. */
test.skip(!isRoot, 'only root can say which versions are out');

const GiB = 1024 ** 3;

/** Where an update can be struck: a step of it, and how far into it (ms). */
interface Point {
  readonly step: StepCode;
  readonly after: readonly [number, number];
}

const points: readonly Point[] = [
  { step: 'finding-newest', after: [0, 100] },
  { step: 'downloading', after: [0, 3_000] },
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
  // Only a version that doesn't live is left again.
  { step: 'going-back', after: [0, 1_000] },
  { step: 'going-back', after: [2_000, 5_000] },
];
const steps = [...new Set(points.map(({ step }) => step))];
const ways = Object.keys(kills) as Kill[];

/** Every point in every way and at both moments; in a short run each way once. */
const strikes = points.flatMap(({ step, after }, at) =>
  ways.flatMap((way, turn) =>
    after.map((ms, moment) => ({ step, ms, way, isShort: moment === 1 && at === 4 + 3 * turn })),
  ),
);

/** Lets an update come to a step; what the step needs of the world outside is made so before. */
async function comeTo(step: StepCode, { page }: Begun): Promise<void> {
  const there = reached(page, [step]);
  await ask(page, { do: 'update-now' });
  expect(await there).toBe(step);
}

/** Makes the world so that an update comes to the step; the other way round when it is over. */
async function inWorldFor(step: StepCode, work: () => Promise<void>): Promise<void> {
  if (step === 'going-back') await bringOut('fails-its-audit');
  if (step === 'downloading') await dropLatest();
  try {
    await work();
  } finally {
    if (step === 'going-back') await takeBack();
    if (step === 'downloading') await fetchLatest();
  }
}

for (const { step, ms, way } of strikes.filter(({ isShort }) => isLong || isShort)) {
  test(`${way} ${ms} ms into ${step}`, async ({ livedIn, launch }) => {
    test.setTimeout(1_200_000);
    const home = await livedIn();
    await inWorldFor(step, async () => {
      const running = await begin(home, launch);
      await untilIdle(running);
      await comeTo(step, running);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await kills[way](running);
      const next = await launch();
      await expect(next.wizard.screen('home')).toBeVisible({ timeout: 60_000 });
      await expectWell(next, running.before, [olderOpenClaw, latestOpenClaw]);
    });
  });
}

const isOver = async ({ page }: Begun) => !['running', 'asking'].includes((await snapshotOf(page)).work.is);

/** Lets one thing after the other befall an update, and waits each time until it has ended by itself. */
async function befall(
  begun: Begun,
  step: StepCode,
  trouble: { readonly begins: () => Promise<void>; readonly ends: () => Promise<void> },
): Promise<void> {
  await untilIdle(begun);
  await comeTo(step, begun);
  await trouble.begins();
  try {
    await expect.poll(() => isOver(begun), { timeout: 600_000 }).toBe(true);
  } finally {
    await trouble.ends();
  }
  await expectWell(begun, begun.before, [olderOpenClaw, latestOpenClaw]);
  await begun.kill();
}

const noNetwork = {
  async begins() {
    await Promise.all([stopRegistry(), stopModel(), stopNpm()]);
  },
  async ends() {
    await Promise.all([startRegistry(), startModel(), startNpm()]);
  },
};

for (const step of isLong ? steps : (['finding-newest'] as const))
  test(`the network is lost at ${step}`, async ({ livedIn, launch }) => {
    test.setTimeout(1_200_000);
    const home = await livedIn();
    await inWorldFor(step, async () => befall(await begin(home, launch), step, noNetwork));
  });

test('the disk gets full at a step', async ({ computerWithSmallDisk, moveIn, launch }) => {
  const at: readonly StepCode[] = isLong ? steps : ['saving-state'];
  test.setTimeout(600_000 + at.length * 600_000);
  const disk = await computerWithSmallDisk(14 * GiB, { settings: true });
  const home = await moveIn();
  try {
    for (const step of at)
      await test.step(step, () =>
        inWorldFor(step, async () =>
          befall(await begin(home, launch), step, {
            begins: () => disk.fill(0),
            ends: async () => disk.empty(),
          }),
        ),
      );
  } finally {
    home.saved.forget();
  }
});
