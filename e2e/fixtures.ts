/** What every end-to-end test starts from: a computer of its own, the real app on it, a person's hands. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  _electron,
  type Browser,
  test as base,
  chromium,
  type ElectronApplication,
  expect,
  type Page,
} from '@playwright/test';
import { execa } from 'execa';
import { makeKeyPair } from '../main/app-update/example-release.ts';
import { weakenToken } from './break.ts';
import { home as homePage } from './pages/home.ts';
import { wizard as wizardPage } from './pages/wizard.ts';
import { openedPages, resetBrowser } from './rig/browser.ts';
import { type CleanHome, cleanHome } from './rig/clean-home.ts';
import { type Packaged, packageApp } from './rig/packaged.ts';
import { podman } from './rig/podman.ts';
import { type ReleaseServer, startReleaseServer } from './rig/releases.ts';
import type { Rig } from './rig/rig.ts';
import { cacheFolder } from './rig/settings.ts';
import { insertSmallDisk, type SmallDisk, type SmallDiskFor } from './rig/small-disk.ts';
import { asUser, rigUser } from './rig/user.ts';

/** The app as it runs, and its pages. */
export interface Running {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly wizard: ReturnType<typeof wizardPage>;
  readonly home: ReturnType<typeof homePage>;
  /** The way a power cut ends it: every process of it, at once. */
  kill(): Promise<void>;
}

/** ClawCove's own folder on the test's computer. */
export const dataFolder = (): string => join(rigUser().home, '.config/clawcove');

/** What the app has written down about the person's choices. */
export const savedChoices = (): Record<string, unknown> => saved('choices.json');

/** What the app has noted down of its own doings. */
export const savedReceipts = (): Record<string, unknown> => saved('receipts.json');

const saved = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(dataFolder(), name), 'utf8'));

/** Changes what is written down there, while the app does not run. */
export const writeChoices = (change: Record<string, unknown>): void => rewrite('choices.json', change);

/** The same for what ClawCove notes down of its own doings. */
export const writeReceipts = (change: Record<string, unknown>): void => rewrite('receipts.json', change);

function rewrite(name: string, change: Record<string, unknown>): void {
  const file = join(dataFolder(), name);
  writeFileSync(file, JSON.stringify({ ...saved(name), ...change }));
}

async function start(rig: Rig, env: Record<string, string>): Promise<Running> {
  const electron = await _electron.launch({
    executablePath: rig.electron.wrapper,
    args: [rig.checkout],
    env: { ...rig.env, CLAWCOVE_RIG_HOME: rig.user.home, ...env },
    cwd: rig.user.home,
    timeout: 60_000,
  });
  let isGone = false;
  electron.process().once('exit', () => {
    isGone = true;
  });
  const page = await electron.firstWindow({ timeout: 60_000 });
  return {
    electron,
    page,
    wizard: wizardPage(page),
    home: homePage(page),
    async kill() {
      if (isGone) return;
      await execa('pkill', ['-KILL', '-u', String(rig.user.uid), '-f', rig.electron.executable], {
        reject: false,
      });
      await expect.poll(() => isGone, { timeout: 20_000 }).toBe(true);
    },
  };
}

interface Fixtures {
  /** Everything that ClawCove ever made is gone from the person's computer. */
  freshComputer: (options?: CleanHome) => Promise<void>;
  launch: (env?: Record<string, string>) => Promise<Running>;
  /** A new computer whose engine has a disk of so many bytes to itself. */
  computerWithSmallDisk: (bytes: number, what?: SmallDiskFor) => Promise<SmallDisk>;
  /** The page that the person's browser shows after `action`. */
  openedPage: (action: () => Promise<void>) => Promise<Page>;
  /** The one app of the file: moved in, on its home page. */
  home: Running['home'];
  page: Page;
  port: () => Promise<number>;
  /** Replaces the token by a short one, everywhere it is kept. */
  weakenToken: (token: string) => Promise<void>;
}

/** Two ClawCoves as people get them, and where the newer one may come from. */
export interface Released {
  readonly makers: ReturnType<typeof makeKeyPair>;
  readonly server: ReleaseServer;
  readonly old: Packaged;
  readonly next: Packaged;
}

interface WorkerFixtures {
  rig: Rig;
  /** Packaged once for all tests of a worker. */
  released: Released;
  /** The app that {@link movedIn} keeps. */
  lodging: { app: Running | null };
  /** One app for all tests of a worker, set up through the command line and moved in. */
  movedIn: () => Promise<Running>;
}

/** Runs the product's own command line as the person. */
export function clawcove(rig: Rig, ...words: string[]) {
  const [file = '', ...args] = asUser([rig.electron.executable, rig.checkout, ...words]);
  return execa(file, args, { reject: false, cwd: '/', stdin: 'ignore', timeout: 400_000 });
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  rig: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what a fixture needs.
    async ({}, use) => use(JSON.parse(readFileSync(join(cacheFolder, 'rig.json'), 'utf8')) as Rig),
    { scope: 'worker' },
  ],
  released: [
    async ({ rig }, use) => {
      const folder = join(cacheFolder, 'released');
      const makers = makeKeyPair();
      const server = await startReleaseServer(join(folder, 'releases'));
      const updates = { address: server.address, publicKeys: [makeKeyPair().publicKey, makers.publicKey] };
      const old = await packageApp(rig.electron, join(folder, 'old'), { version: '0.1.0', updates });
      const next = await packageApp(rig.electron, join(folder, 'next'), { version: '0.2.0', updates });
      await use({ makers, server, old, next });
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  lodging: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const lodging: { app: Running | null } = { app: null };
      await use(lodging);
      await lodging.app?.kill();
    },
    { scope: 'worker' },
  ],
  movedIn: [
    async ({ rig, lodging }, use) => {
      await use(async () => {
        if (lodging.app) return lodging.app;
        await cleanHome({ keepImages: true });
        const made = await clawcove(rig, 'setup', '--yes');
        expect(made.exitCode, `${made.stdout}\n${made.stderr}`).toBe(0);
        lodging.app = await start(rig, {});
        await expect(lodging.app.wizard.screen('home')).toBeVisible({ timeout: 60_000 });
        await lodging.app.home.expectLight('good', 120_000);
        return lodging.app;
      });
    },
    { scope: 'worker' },
  ],
  freshComputer: async ({ lodging }, use) =>
    use(async (options) => {
      await lodging.app?.kill();
      lodging.app = null;
      await cleanHome(options);
    }),
  computerWithSmallDisk: async ({ freshComputer }, use) => {
    let disk: SmallDisk | null = null;
    await use(async (bytes, what) => {
      await freshComputer();
      disk = await insertSmallDisk(bytes, what);
      return disk;
    });
    // What runs from the disk has to end before it goes.
    await freshComputer({ keepImages: true });
    await (disk as SmallDisk | null)?.remove();
    await freshComputer();
  },
  launch: async ({ rig }, use) => {
    const started: Running[] = [];
    await use(async (env = {}) => {
      const running = await start(rig, env);
      started.push(running);
      return running;
    });
    // Killed, not closed: what comes next begins with a new computer anyway.
    for (const { kill } of started) await kill();
  },
  page: async ({ movedIn }, use) => use((await movedIn()).page),
  home: async ({ movedIn }, use) => use((await movedIn()).home),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  openedPage: async ({}, use) => {
    let browser: Browser | null = null;
    await use(async (action) => {
      const before = openedPages().length;
      await action();
      await expect.poll(() => openedPages().length, { timeout: 120_000 }).toBeGreaterThan(before);
      await expect
        .poll(
          async () => (browser = await chromium.connectOverCDP('http://127.0.0.1:9333').catch(() => null)),
          {
            timeout: 60_000,
          },
        )
        .not.toBeNull();
      const pages = (browser as unknown as Browser).contexts().flatMap((context) => context.pages());
      const page = pages.at(-1);
      if (!page) throw new Error('The browser shows no page.');
      return page;
    });
    await (browser as Browser | null)?.close();
    // It was started by the app and holds its output open.
    await resetBrowser();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  port: async ({}, use) => use(async () => Number(savedChoices().port)),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  weakenToken: async ({}, use) =>
    use(async (token) => {
      await weakenToken(token, join(dataFolder(), 'vault/gateway-token'));
    }),
});

/** Names of everything that the engine keeps for the person. */
export async function engineNames(): Promise<{ containers: string[]; volumes: string[]; secrets: string[] }> {
  const names = async (...args: string[]) => {
    const { stdout } = await podman([...args, '--format', '{{.Name}}']);
    return String(stdout).split('\n').filter(Boolean);
  };
  const { stdout } = await podman(['ps', '--all', '--format', '{{.Names}}']);
  return {
    containers: String(stdout).split('\n').filter(Boolean),
    volumes: await names('volume', 'ls'),
    secrets: await names('secret', 'ls'),
  };
}
