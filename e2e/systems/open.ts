/** Opens the product's window on "Windows" or a "Mac", as tests do. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { test as withRig } from '../fixtures.ts';
import { home as homePage } from '../pages/home.ts';
import { wizard as wizardPage } from '../pages/wizard.ts';
import type { Rig } from '../rig/rig.ts';
import { buildSystem, type System } from './build.ts';
import { type LeftForTests, type Situation, situationWord } from './situation.ts';

export interface RunningElsewhere {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly wizard: ReturnType<typeof wizardPage>;
  readonly home: ReturnType<typeof homePage>;
  /** Changes how the computer is. */
  become(state: Situation['state']): Promise<void>;
  /** Commands that nobody foresaw, and addresses. */
  unexpected(): Promise<readonly string[]>;
  /** How often the system's own prompt was shown. */
  prompts(): Promise<number>;
  close(): Promise<void>;
}

type What = Partial<Omit<Situation, 'system' | 'checkout' | 'root'>>;

interface Fixtures {
  /** Opens it on the computer of this test, whose files stay from one start to the next. */
  openOn: (system: System, what?: What) => Promise<RunningElsewhere>;
}
interface WorkerFixtures {
  builds: (system: System) => Promise<string>;
}

async function start(rig: Rig, folder: string, situation: Situation): Promise<RunningElsewhere> {
  const electron = await _electron.launch({
    executablePath: rig.electron.wrapper,
    args: [folder, `${situationWord}${JSON.stringify(situation)}`],
    env: rig.env,
    cwd: rig.user.home,
    timeout: 60_000,
  });
  const page = await electron.firstWindow({ timeout: 60_000 });
  return {
    ...{ electron, page, wizard: wizardPage(page), home: homePage(page) },
    become: (state) =>
      electron.evaluate((_, change) => {
        Object.assign((globalThis as unknown as LeftForTests).elsewhere.state, change);
      }, state),
    unexpected: () => electron.evaluate(() => (globalThis as unknown as LeftForTests).elsewhere.unexpected()),
    prompts: () =>
      electron.evaluate(
        () =>
          (globalThis as unknown as LeftForTests).elsewhere
            .commands()
            .filter((words) =>
              words.some((each) => each.includes("Verb = 'runas'") || each === '/usr/bin/osascript'),
            ).length,
      ),
    close: () => electron.close(),
  };
}

export const test = withRig.extend<Fixtures, WorkerFixtures>({
  builds: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what a fixture needs.
    async ({}, use) => {
      const built = new Map<System, Promise<string>>();
      await use((system) => {
        const folder = built.get(system) ?? buildSystem(system);
        built.set(system, folder);
        return folder;
      });
    },
    { scope: 'worker' },
  ],
  openOn: async ({ rig, builds }, use) => {
    const root = join(rig.user.home, '.cache', `clawcove-elsewhere-${base.info().testId}`);
    const running: RunningElsewhere[] = [];
    await use(async (system, { user = '王小明', language = 'en', state = {} } = {}) => {
      const situation = { system, checkout: rig.checkout, root, user, language, state };
      const opened = await start(rig, await builds(system), situation);
      running.push(opened);
      return opened;
    });
    for (const each of running) {
      // Whoever was closed has been asked before.
      expect(await each.unexpected().catch(() => [])).toEqual([]);
      await each.close().catch(() => {});
    }
    rmSync(root, { recursive: true, force: true });
  },
});

/** The problem that the window tells, with words of it. */
export async function expectProblem({ page }: RunningElsewhere, code: string, words: RegExp): Promise<void> {
  const problem = page.locator(`[data-problem="${code}"]`);
  await expect(problem).toBeVisible({ timeout: 30_000 });
  await expect(problem).toContainText(words);
  await expect(problem).not.toContainText('{{');
}
