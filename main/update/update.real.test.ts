/**
 * The real OpenClaw from one version to the next and back, in a Podman of the test's own: what
 * only the real thing can prove. Needs the rig's images.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../app.ts';
import type { Choices, Intent } from '../contract.ts';
import type { Desktop, Doors } from '../doors.ts';
import { createAppUpdates } from '../host/app-updates.ts';
import { createBackups } from '../host/backups.ts';
import { systemClock } from '../host/clock.ts';
import { createComputer } from '../host/computer.ts';
import { network } from '../host/network.ts';
import { createStore } from '../host/store.ts';
import { createVault } from '../host/vault.ts';
import { createReleases } from '../openclaw/releases.ts';
import { openTestHome, type TestHome } from '../sandbox/podman-test-home.ts';
import type { Ending } from '../work/job.ts';

const oldVersion = '2026.8.2';
const newVersion = '2026.9.6';
/** Far from where real homes live. */
const port = 28_789;
const idle = () => new AbortController().signal;
/** Times are for who reads the run. */
const note = (...words: unknown[]) =>
  process.stdout.write(
    `${words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')}\n`,
  );

let home: TestHome;
let folder: string;

/** ClawCove started anew. */
function start(): App {
  const log = { info() {}, error() {} };
  const defaults: Choices = {
    language: 'en',
    appearance: 'system',
    startAtLogin: false,
    model: { provider: 'later' },
    port,
    sharedFolder: join(home.folder, 'OpenClaw'),
    agreed: true,
    movedIn: true,
    stopped: false,
    channel: 'stable',
    // What is updated here, and when, is the test's to say.
    automaticUpdates: false,
    updateHour: 3,
    postponedUntil: null,
  };
  const dataFolder = join(folder, 'clawcove');
  const store = createStore({ folder: dataFolder, defaults, clock: systemClock, log });
  const sandbox = home.another();
  const nothing = async () => {};
  const desktop: Desktop = {
    openPage: nothing,
    openFolder: nothing,
    openLog: nothing,
    chooseFolder: async () => null,
    chooseCopyPlace: async () => null,
    chooseCopy: async () => null,
    chooseReportPlace: async () => null,
    keepReport: nothing,
    setStartAtLogin: nothing,
  };
  const doors: Doors = {
    clock: systemClock,
    net: network,
    computer: createComputer({
      run: home.run,
      environment: process.env,
      home: home.folder,
      configFolder: join(home.folder, '.config'),
      engineFolder: join(home.folder, '.local/share/containers'),
    }),
    admin: { commands: async () => [], run: async () => ({ is: 'dismissed' }) },
    sandbox,
    releases: createReleases({ sandbox, store, clock: systemClock, log }),
    store,
    backups: createBackups(store.backupFolder, log),
    vault: createVault(join(dataFolder, 'vault')),
    desktop,
    // Its own version is none of this test's business.
    appUpdates: createAppUpdates({
      app: { version: '1.2.3', isPackaged: false, feed: null, file: null, startAnew: null },
      folder: dataFolder,
      net: network,
      clock: systemClock,
      log,
    }),
    log,
  };
  return createApp(doors, '1.2.3');
}

async function have(app: App, intent: Intent): Promise<Ending | null> {
  const steps: string[] = [];
  const began = Date.now();
  const stop = app.state.subscribe(({ work }) => {
    if (work.is === 'running' && steps.at(-1)?.split(' ')[1] !== work.step)
      steps.push(`${((Date.now() - began) / 1000).toFixed(1)} ${work.step}`);
  });
  expect(await app.act(intent)).toEqual({ ok: true });
  const ending = await app.settled();
  stop();
  note(JSON.stringify(intent), steps.join(' · '), `${((Date.now() - began) / 1000).toFixed(1)} s`, ending);
  return ending;
}

const inHome = async (argv: readonly string[]) =>
  (await home.sandbox.exec('agent', argv, { timeoutMs: 60_000, signal: idle() })).untrustedOut;
const memory = () => `${home.sandbox.inside.state}/workspace/MEMORY.md`;
const remember = (words: string) =>
  inHome(['sh', '-c', 'mkdir -p "$(dirname "$1")" && echo "$2" >> "$1"', 'sh', memory(), words]);
const runs = async () => {
  const there = await home.sandbox.inspect(idle());
  return there.is === 'present' && there.state === 'running' ? there.version : null;
};

/** Longest silence of `/healthz` while something is done, in ms. */
async function silenceDuring(work: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let longest = 0;
  let last = Date.now();
  const watching = (async () => {
    while (!isOver) {
      const answer = await network.get(`http://127.0.0.1:${port}/readyz`, { timeoutMs: 400, signal: idle() });
      if (answer.is === 'answered' && answer.status === 200) {
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  await work();
  isOver = true;
  await watching;
  return longest;
}

beforeAll(async () => {
  home = await openTestHome();
  folder = home.folder;
  await mkdir(join(home.folder, 'OpenClaw'), { recursive: true });
  await home.sandbox.fetchImage(oldVersion, { signal: idle(), progress() {}, log() {} });
}, 600_000);

afterAll(async () => {
  await home?.close();
});

describe('the real OpenClaw', { timeout: 900_000 }, () => {
  it('moves in with an older version', async () => {
    const app = start();
    const image = await home.sandbox.findImage(oldVersion, idle());
    const store = createStore({
      folder: join(folder, 'clawcove'),
      defaults: app.state.get().choices,
      clock: systemClock,
      log: { info() {}, error() {} },
    });
    await store.saveReceipts({
      sandbox: { image: image?.reference ?? '', version: oldVersion, madeAt: Date.now() },
    });
    expect(await have(start(), { do: 'start' })).toEqual({ is: 'done' });
    expect(await runs()).toBe(oldVersion);
    await remember('my name is Ada');
  });

  it('is backed up while it runs, and the backup is proven', async () => {
    const app = start();
    let ending: Ending | null = null;
    const silence = await silenceDuring(async () => {
      ending = await have(app, { do: 'back-up' });
    });
    note(`silent for ${silence} ms during the backup`);
    expect(ending).toEqual({ is: 'done' });
    expect(app.state.get().backups).toMatchObject([
      { why: 'person', version: oldVersion, verifiedAt: expect.any(Number) },
    ]);
    await remember('this came after the backup');
  });

  it('is updated, with its memories, and silent for a short time only', async () => {
    const app = start();
    let ending: Ending | null = null;
    const silence = await silenceDuring(async () => {
      ending = await have(app, { do: 'update-now' });
    });
    note(`silent for ${silence} ms during the update`);
    expect(ending).toEqual({ is: 'done' });
    expect(await runs()).toBe(newVersion);
    expect(await inHome(['cat', memory()])).toBe('my name is Ada\nthis came after the backup\n');
  });

  it('goes back to a backup of the older version, and what was there is a backup itself', async () => {
    const app = start();
    await app.look();
    const backup = app.state.get().backups.find(({ why }) => why === 'person');
    expect(await have(app, { do: 'restore', id: backup?.id ?? '' })).toEqual({ is: 'done' });
    expect(await runs()).toBe(oldVersion);
    expect(await inHome(['cat', memory()])).toBe('my name is Ada\n');
    expect(app.state.get().backups.map(({ why }) => why)).toContain('restore');
  });
});
