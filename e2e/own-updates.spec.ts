import { chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect } from '@playwright/test';
import { execa } from 'execa';
import { makeKeyPair } from '../main/app-update/example-release.ts';
import { dataFolder, type Released, test } from './fixtures.ts';
import { home as homePage } from './pages/home.ts';
import { writeWrapper } from './rig/electron.ts';
import type { Packaged } from './rig/packaged.ts';
import { asUser, rigUser } from './rig/user.ts';

/** ClawCove's own updates: the real Electron, the real electron-updater, and a server that is not always honest. */

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
}

/** The old ClawCove on its home page, as the person starts it. */
const open = test.extend<{
  opened: (prepare: (released: Released) => Promise<void> | void) => Promise<Opened>;
}>({
  opened: async ({ rig, released, freshComputer }, use) => {
    const { server, old, next } = released;
    await use(async (prepare) => {
      await freshComputer({ keepImages: true });
      settleIn({ old });
      server.asked.length = 0;
      server.manner = 'honest';
      await prepare(released);
      const electron = await _electron.launch({
        executablePath: writeWrapper(ownFile(), 'packaged-as-user'),
        env: { ...rig.env, CLAWCOVE_RIG_HOME: rig.user.home },
        cwd: rig.user.home,
        timeout: 60_000,
      });
      const page = await electron.firstWindow({ timeout: 60_000 });
      return { electron, row: homePage(page).row('app-current') };
    });
    await end(old);
    await end(next);
  },
});

const isOld = ({ old }: Released) => expect(readFileSync(ownFile())).toEqual(readFileSync(old.file));

open('a good release takes its place and is started', async ({ released, opened }) => {
  const { makers, next } = released;
  const { electron, row } = await opened(({ server }) => server.bringOut(next.file, next.version, makers));
  // Downloaded and verified by itself, and waiting for the person.
  await expect(row).toContainText('ClawCove 0.2.0 is downloaded and verified', { timeout: 60_000 });
  isOld(released);
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

open(
  'a download that is not what was signed is thrown away, and the old one goes on',
  async ({ released, opened }) => {
    const { electron, row } = await opened(async ({ server, next, makers }) => {
      await server.bringOut(next.file, next.version, makers);
      server.manner = 'damages-files';
    });
    await expect(row).toContainText('0.2.0 is available', { timeout: 60_000 });
    await row.getByRole('button', { name: 'Restart and update' }).click();
    const page = await electron.firstWindow();
    await expect(page.locator('[data-problem="app-download-damaged"]')).toContainText(
      'not the ClawCove that its makers signed',
      { timeout: 60_000 },
    );
    expect(released.server.asked).toContain('ClawCove-0.2.0.AppImage');
    isOld(released);
    await expect(row).toContainText('0.2.0 is available');
  },
);

open('a release that somebody else signed is not believed', async ({ released, opened }) => {
  const { row } = await opened(({ server, next }) => server.bringOut(next.file, next.version, makeKeyPair()));
  await expect(row).toHaveAttribute('data-is', 'unknown', { timeout: 60_000 });
  await expect(row).toContainText('doesn’t carry its makers’ signature', { timeout: 60_000 });
  expect(released.server.asked).not.toContain('ClawCove-0.2.0.AppImage');
  isOld(released);
});

open('a server that says nothing leaves it open what is newest', async ({ released, opened }) => {
  const { server } = released;
  const { row } = await opened(() => {
    server.manner = 'silent';
  });
  await expect.poll(() => server.asked.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(row).toHaveAttribute('data-is', 'unknown', { timeout: 60_000 });
  await expect(row).toContainText('couldn’t ask yet');
  isOld(released);
});

test('in a terminal the new one is put in its place, and said to come with the next start', async ({
  released,
  freshComputer,
}) => {
  const { makers, server, old, next } = released;
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
