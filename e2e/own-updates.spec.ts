import { chownSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect } from '@playwright/test';
import { execa } from 'execa';
import { makeKeyPair } from '../main/app-update/example-release.ts';
import { dataFolder, test } from './fixtures.ts';
import { home as homePage } from './pages/home.ts';
import { writeWrapper } from './rig/electron.ts';
import { type Packaged, packageApp } from './rig/packaged.ts';
import { type ReleaseServer, startReleaseServer } from './rig/releases.ts';
import { cacheFolder } from './rig/settings.ts';
import { asUser, rigUser } from './rig/user.ts';

/** ClawCove's own updates: the real Electron, the real electron-updater, and a server that is not always honest. */

const makers = makeKeyPair();
const folder = join(cacheFolder, 'own-updates');
/** Packaged once for all tests of a worker. */
let made: { readonly server: ReleaseServer; readonly old: Packaged; readonly next: Packaged } | null = null;

test.beforeAll(async ({ rig }) => {
  test.setTimeout(300_000);
  const server = await startReleaseServer(join(folder, 'releases'));
  const updates = { address: server.address, publicKeys: [makeKeyPair().publicKey, makers.publicKey] };
  const old = await packageApp(rig.electron, join(folder, 'old'), { version: '0.1.0', updates });
  const next = await packageApp(rig.electron, join(folder, 'next'), { version: '0.2.0', updates });
  made = { server, old, next };
});

/** What the person starts, in a folder of theirs. */
const ownFile = (): string => join(rigUser().home, 'Applications/ClawCove.AppImage');

function give(file: string): void {
  const { uid, gid } = rigUser();
  chownSync(file, uid, gid);
}

/** A person who has moved in and stopped OpenClaw, with the old ClawCove. */
function settleIn({ old }: { readonly old: Packaged }): void {
  for (const name of [join(rigUser().home, 'Applications'), join(rigUser().home, '.config'), dataFolder()]) {
    mkdirSync(name, { recursive: true, mode: 0o700 });
    give(name);
  }
  copyFileSync(old.file, ownFile());
  give(ownFile());
  const choices = { agreed: true, movedIn: true, stopped: true, automaticUpdates: false, language: 'en' };
  writeFileSync(join(dataFolder(), 'choices.json'), JSON.stringify(choices));
  give(join(dataFolder(), 'choices.json'));
}

/** Ends every process of a packaged ClawCove. */
const end = ({ executable }: Packaged) =>
  execa('pkill', ['-KILL', '-u', String(rigUser().uid), '-f', executable], { reject: false });

interface Opened {
  readonly electron: ElectronApplication;
  readonly row: ReturnType<ReturnType<typeof homePage>['row']>;
  readonly server: ReleaseServer;
  readonly next: Packaged;
}

/** The old ClawCove on its home page, as the person starts it. */
const open = test.extend<{
  opened: (prepare: (made: Opened['server'], next: Packaged) => Promise<void>) => Promise<Opened>;
}>({
  opened: async ({ rig, freshComputer }, use) => {
    if (made === null) throw new Error('nothing was packaged');
    const { server, old, next } = made;
    await use(async (prepare) => {
      await freshComputer({ keepImages: true });
      settleIn({ old });
      server.asked.length = 0;
      server.manner = 'honest';
      await prepare(server, next);
      const electron = await _electron.launch({
        executablePath: writeWrapper(ownFile(), 'packaged-as-user'),
        env: { ...rig.env, CLAWCOVE_RIG_HOME: rig.user.home },
        cwd: rig.user.home,
        timeout: 60_000,
      });
      const page = await electron.firstWindow({ timeout: 60_000 });
      return { electron, row: homePage(page).row('app-current'), server, next };
    });
    await end(old);
    await end(next);
  },
});

const isOld = () => expect(readFileSync(ownFile())).toEqual(readFileSync(made?.old.file ?? ''));

open('a good release takes its place and is started', async ({ opened }) => {
  const { electron, row, next } = await opened((server, { file, version }) =>
    server.bringOut(file, version, makers),
  );
  // Downloaded and verified by itself, and waiting for the person.
  await expect(row).toContainText('ClawCove 0.2.0 is downloaded and verified', { timeout: 60_000 });
  isOld();
  const gone = new Promise<void>((resolve) => electron.process().once('exit', () => resolve()));
  await row.getByRole('button', { name: 'Restart and update' }).click();
  await gone;
  expect(readFileSync(ownFile())).toEqual(readFileSync(next.file));
  // The one that runs now is the new one, by its own word.
  const [file = '', ...args] = asUser([ownFile(), 'check', '--json']);
  const ask = async () => {
    const { stdout } = await execa(file, args, { reject: false, cwd: '/', stdin: 'ignore' });
    return JSON.parse(stdout || '{}');
  };
  await expect.poll(async () => (await runningWindows(next)) > 0, { timeout: 60_000 }).toBe(true);
  const said = await ask();
  expect(said.version).toBe('0.2.0');
  const own = said.rows.find(({ id }: { id: string }) => id === 'app-current');
  expect(own).toMatchObject({ is: 'ok' });
});

/** How many pages a packaged ClawCove shows. */
async function runningWindows({ executable }: Packaged): Promise<number> {
  const { stdout } = await execa('pgrep', ['-fc', `^${executable} --type=renderer`], { reject: false });
  return Number(stdout);
}

open('a download that is not what was signed is thrown away, and the old one goes on', async ({ opened }) => {
  const { electron, row, server } = await opened(async (server, { file, version }) => {
    await server.bringOut(file, version, makers);
    server.manner = 'damages-files';
  });
  await expect(row).toContainText('0.2.0 is available', { timeout: 60_000 });
  await row.getByRole('button', { name: 'Restart and update' }).click();
  const page = await electron.firstWindow();
  await expect(page.locator('[data-problem="app-download-damaged"]')).toContainText(
    'not the ClawCove that its makers signed',
    { timeout: 60_000 },
  );
  expect(server.asked).toContain('ClawCove-0.2.0.AppImage');
  isOld();
  await expect(row).toContainText('0.2.0 is available');
});

open('a release that somebody else signed is not believed', async ({ opened }) => {
  const { row, server } = await opened((server, { file, version }) =>
    server.bringOut(file, version, makeKeyPair()),
  );
  await expect(row).toHaveAttribute('data-is', 'unknown', { timeout: 60_000 });
  await expect(row).toContainText('doesn’t carry its makers’ signature', { timeout: 60_000 });
  expect(server.asked).not.toContain('ClawCove-0.2.0.AppImage');
  isOld();
});

open('a server that says nothing leaves it open what is newest', async ({ opened }) => {
  const { row, server } = await opened(async (server) => {
    server.manner = 'silent';
  });
  await expect.poll(() => server.asked.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(row).toHaveAttribute('data-is', 'unknown', { timeout: 60_000 });
  await expect(row).toContainText('couldn’t ask yet');
  isOld();
});

test('in a terminal the new one is put in its place, and said to come with the next start', async ({
  freshComputer,
}) => {
  if (made === null) throw new Error('nothing was packaged');
  const { server, old, next } = made;
  await freshComputer({ keepImages: true });
  settleIn({ old });
  server.manner = 'honest';
  await server.bringOut(next.file, next.version, makers);
  const [file = '', ...args] = asUser([ownFile(), 'fix', 'app-current']);
  const fixed = await execa(file, args, { reject: false, cwd: '/', stdin: 'ignore' });
  expect(fixed.exitCode, `${fixed.stdout}\n${fixed.stderr}`).toBe(0);
  expect(fixed.stdout).toContain('Quit ClawCove and start it again');
  expect(readFileSync(ownFile())).toEqual(readFileSync(next.file));
});

test.afterAll(() => {
  made?.server.close();
  rmSync(folder, { recursive: true, force: true });
});
