import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { Problem, StepCode } from '../main/contract.ts';
import type { Running } from './fixtures.ts';
import { type Kill, kills } from './kills.ts';
import { type Begun, begin, dropLatest, test, untilIdle } from './lived-in.ts';
import { ask, reached, snapshotOf } from './pages/work.ts';
import { startModel, stopModel } from './rig/model.ts';
import { startNpm, stopNpm } from './rig/npm.ts';
import { startRegistry, stopRegistry } from './rig/registry.ts';
import { isLong, isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { bringOut, takeBack } from './rig/variants.ts';
import { type Belongings, expectWell } from './well.ts';

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
  { step: 'archiving', after: [0, 200] },
  // Only a version that doesn't live is left again.
  { step: 'going-back', after: [0, 1_000] },
  { step: 'going-back', after: [2_000, 5_000] },
];
const steps = [...new Set(points.map(({ step }) => step))];
const ways = Object.keys(kills) as Kill[];

/** Every point in every way and at both moments. */
const strikes = points.flatMap(({ step, after }) =>
  ways.flatMap((way) => after.map((ms) => ({ step, ms, way }))),
);
/** What takes most with it stands for all of them in a short run. */
const tagOf = ({ step, ms, way }: (typeof strikes)[number]) =>
  step === 'waiting-until-ready' && ms === 12_000 && way === 'power cut' ? [] : ['@long'];

/** Lets an update come to a step. */
async function comeTo(step: StepCode, begun: Begun): Promise<void> {
  await untilIdle(begun);
  if (step === 'downloading') await dropLatest();
  const there = reached(begun.page, [step]);
  await ask(begun.page, { do: 'update-now' });
  expect(await there).toBe(step);
}

/** A version that doesn't live is out while `work` is done, where a step needs one. */
async function inWorldFor(step: StepCode, work: (newest: string) => Promise<void>): Promise<void> {
  try {
    await work(step === 'going-back' ? await bringOut('fails-its-audit') : latestOpenClaw);
  } finally {
    await takeBack();
  }
}

/** The older one or the newest runs, whole; of a newest that doesn't live, the older one, and that is noted. */
const expectOldOrNew = (running: Running, before: Belongings, newest: string) =>
  newest === latestOpenClaw
    ? expectWell(running, before, [olderOpenClaw, newest])
    : expectWell(running, before, [olderOpenClaw], newest);

/** What the strikes were aimed at and where they have hit: a step may be shorter than the time that was waited. */
const aimed = new Set<StepCode>();
const struck = new Set<StepCode>();
test.afterAll(() => {
  if (isLong) expect([...struck]).toEqual(expect.arrayContaining([...aimed]));
});

for (const strike of strikes) {
  const { step, ms, way } = strike;
  test(`${way} ${ms} ms into ${step}`, { tag: tagOf(strike) }, async ({ livedIn, launch }) => {
    test.setTimeout(1_200_000);
    const home = await livedIn();
    await inWorldFor(step, async (newest) => {
      const running = await begin(home, launch);
      await comeTo(step, running);
      await sleep(ms);
      const { work } = await snapshotOf(running.page);
      await kills[way](running);
      expect(work).toMatchObject({ is: 'running', job: 'update' });
      aimed.add(step);
      if (work.is === 'running') struck.add(work.step);
      test.info().annotations.push({ type: 'struck at', description: JSON.stringify(work) });
      const next = way === 'engine' ? running : await launch();
      await expect(next.wizard.screen('home')).toBeVisible({ timeout: 60_000 });
      await expectOldOrNew(next, running.before, newest);
    });
  });
}

const isOver = async ({ page }: Begun) => !['running', 'asking'].includes((await snapshotOf(page)).work.is);

/** Something that befalls an update, and how the world gets well again. */
interface Trouble {
  readonly begins: () => Promise<void>;
  readonly ends: () => Promise<void>;
}

/**
 * Lets one thing befall an update, and waits until that has ended by itself.
 * @returns the problem that it ended with; null: with none
 */
async function befall(begun: Begun, step: StepCode, { begins, ends }: Trouble): Promise<Problem | null> {
  try {
    if (step === steps[0]) {
      // It is over as soon as it is told of.
      await untilIdle(begun);
      await begins();
      await ask(begun.page, { do: 'update-now' });
    } else {
      await comeTo(step, begun);
      await begins();
    }
    await expect.poll(() => isOver(begun), { timeout: 600_000 }).toBe(true);
    const { work } = await snapshotOf(begun.page);
    return work.is === 'failed' ? work.problem : null;
  } finally {
    await ends();
  }
}

const noNetwork: Trouble = {
  async begins() {
    await Promise.all([stopRegistry(), stopModel(), stopNpm()]);
  },
  async ends() {
    await Promise.all([startRegistry(), startModel(), startNpm()]);
  },
};

for (const step of steps)
  test(`the network is lost at ${step}`, { tag: '@long' }, async ({ livedIn, launch }) => {
    test.setTimeout(1_200_000);
    const home = await livedIn();
    await inWorldFor(step, async (newest) => {
      const begun = await begin(home, launch);
      const problem = await befall(begun, step, noNetwork);
      if (step === 'finding-newest' || step === 'downloading') {
        expect(problem).toMatchObject({ code: expect.stringMatching(/^(no-internet|source-silent)$/) });
        await expectWell(begun, begun.before, [olderOpenClaw]);
      } else if (step === 'going-back') {
        expect(problem).toMatchObject({ code: 'update-put-back' });
        await expectWell(begun, begun.before, [olderOpenClaw], newest);
      } else {
        // What it needs is here already.
        expect(problem).toBeNull();
        await expectWell(begun, begun.before, [newest]);
      }
    });
  });

test('the disk gets full at every step', { tag: '@long' }, async ({
  computerWithSmallDisk,
  moveIn,
  launch,
}) => {
  test.setTimeout(600_000 + steps.length * 600_000);
  const disk = await computerWithSmallDisk(14 * GiB, { settings: true });
  const home = await moveIn();
  const full: Trouble = { begins: () => disk.fill(0), ends: async () => disk.empty() };
  try {
    for (const step of steps)
      await test.step(step, () =>
        inWorldFor(step, async (newest) => {
          const begun = await begin(home, launch);
          const problem = await befall(begun, step, full);
          // Old or new: some steps are over before the last byte is taken, and archiving can wait.
          if (step === 'saving-state')
            expect(problem, JSON.stringify(problem)).toMatchObject({
              code: expect.stringMatching(/^(no-room-on-disk|disk-full)$/),
            });
          // What could not be archived on the full disk waits beside the state for the next backup.
          if (step === 'going-back')
            await expect
              .poll(() => ask(begun.page, { do: 'back-up' }), { timeout: 420_000 })
              .toEqual({ ok: true });
          await expectOldOrNew(begun, begun.before, newest);
          await begun.kill();
        }),
      );
  } finally {
    home.saved.forget();
  }
});
