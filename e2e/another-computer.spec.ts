import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { dataFolder, type Running, savedChoices } from './fixtures.ts';
import { begin, test } from './lived-in.ts';
import { controlUi } from './pages/control-ui.ts';
import { pick } from './pages/dialogs.ts';
import { ask, snapshotOf } from './pages/work.ts';
import { modelOrigin } from './rig/model.ts';
import { isRoot, latestOpenClaw, olderOpenClaw } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';
import { expectWell, said, token, whoAnswers } from './well.ts';

/** From one computer to another: a backup in a file, and nothing else. */
test.skip(!isRoot, 'the computer is emptied in between');

const model = { baseUrl: `${modelOrigin()}/v1`, modelId: 'rig-model' };
const key = 'sk-rig-key';

/** A stick that outlives the computer it was plugged into. */
function usbStick(): string {
  const { uid, gid } = rigUser();
  const folder = join(tmpdir(), 'clawcove-usb-stick');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  chmodSync(folder, 0o700);
  chownSync(folder, uid, gid);
  return folder;
}

async function toBackups({ page, wizard }: Running): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Backups' }).click();
  await expect(wizard.screen('backups')).toBeVisible();
}

/** Resolves when the work that was begun is over, with the code of the problem it met; null: none. */
async function outcome({ page }: Running, timeout = 300_000): Promise<string | null> {
  await expect
    .poll(async () => (await snapshotOf(page)).work.is, { timeout, intervals: [500] })
    .toMatch(/^(idle|failed|asking)$/);
  const { work } = await snapshotOf(page);
  return work.is === 'failed' ? work.problem.code : null;
}

async function bringIn(running: Running, file: string): Promise<string | null> {
  const { page } = running;
  await pick(running, file);
  await page.getByRole('button', { name: 'Bring in a backup…' }).click();
  await page.getByRole('button', { name: 'Choose the file…' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  return outcome(running);
}

async function setUp({ wizard, home }: Running): Promise<void> {
  await wizard.toReview(null);
  await wizard.agree();
  await wizard.untilDone(600_000);
  await wizard.moveIn();
  await home.checkNow();
}

test('the same OpenClaw lives on another computer', { tag: '@long' }, async ({
  livedIn,
  freshComputer,
  launch,
  openedPage,
}) => {
  test.setTimeout(1_800_000);
  const stick = usbStick();
  const file = join(stick, 'my OpenClaw, 备份.clawcove');

  // One computer, with an older OpenClaw that is lived in.
  const one = await begin(await livedIn(), launch);
  const left = one.before;
  await toBackups(one);
  await one.page.getByRole('button', { name: 'Back up now' }).click();
  await expect(one.page.getByText('Read back and proven')).toBeVisible({ timeout: 300_000 });
  await pick(one, file);
  await one.page.getByRole('button', { name: /^Save a copy elsewhere…/ }).click();
  await expect(one.page.getByRole('dialog')).toContainText('Whoever has this file has your OpenClaw');
  await one.page.getByRole('button', { name: 'Choose where…' }).click();
  await expect
    .poll(() => statSync(file, { throwIfNoEntry: false })?.isFile(), { timeout: 60_000 })
    .toBe(true);
  expect(await outcome(one)).toBeNull();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const bytes = readFileSync(file);
  expect(bytes.includes(key)).toBe(false);
  expect(bytes.includes(left.token)).toBe(false);
  await one.kill();

  // Another one, where nothing of it is; the service is not connected yet.
  await freshComputer({ keepImages: true });
  const other = await launch();
  await setUp(other);
  // What comes from there is older, and is to be seen before it is brought up to date.
  await ask(other.page, { do: 'save-choices', choices: { automaticUpdates: false } });
  const fresh = { token: token(), choices: savedChoices() };
  expect(fresh.token).not.toBe(left.token);
  await toBackups(other);

  // What only looks like it is turned away, and changes nothing.
  const hostile = join(stick, 'hostile.clawcove');
  const spoil = {
    'backup-file-damaged': [
      () => truncateSync(hostile, bytes.length - 10_000),
      () =>
        writeFileSync(hostile, Buffer.from(bytes).fill('x', bytes.length - 50_000, bytes.length - 49_000)),
    ],
    'not-a-backup-file': [() => writeFileSync(hostile, 'a holiday picture')],
    'backup-file-newer': [() => writeFileSync(hostile, 'ClawCove backup 2\n{}\n')],
  };
  for (const [code, ways] of Object.entries(spoil)) {
    for (const way of ways) {
      writeFileSync(hostile, bytes);
      way();
      chmodSync(hostile, 0o644);
      expect(await bringIn(other, hostile)).toBe(code);
      await other.page.getByRole('button', { name: 'Close', exact: true }).click();
    }
  }
  expect((await snapshotOf(other.page)).backups).toEqual([]);
  const backups = join(dataFolder(), 'backups');
  expect(readdirSync(backups)).toEqual([]);

  // Cut off at any moment, nothing of it is left.
  await pick(other, file);
  await other.page.getByRole('button', { name: 'Bring in a backup…' }).click();
  await other.page.getByRole('button', { name: 'Choose the file…' }).click();
  await other.page.getByText('Proving that the backup can be used…').first().waitFor();
  await other.page.getByRole('button', { name: 'Cancel' }).click();
  expect(await outcome(other)).toBeNull();
  expect((await snapshotOf(other.page)).backups).toEqual([]);
  expect(readdirSync(backups)).toEqual([]);
  expect({ token: token(), choices: savedChoices() }).toEqual(fresh);
  expect(await whoAnswers()).toBe(latestOpenClaw);

  // The right one.
  expect(await bringIn(other, file)).toBeNull();
  await expect(other.page.getByText('Brought in from a file')).toBeVisible();
  await expect(other.page.getByText('Read back and proven')).toBeVisible();
  await other.page.getByRole('button', { name: /^Go back to this/ }).click();
  await other.page.getByRole('button', { name: 'Go back', exact: true }).click();
  const question = other.page.getByLabel('Access key (API key)');
  await expect(question).toBeVisible({ timeout: 60_000 });
  await question.fill(key);
  await other.page.getByRole('button', { name: 'Use this key' }).click();
  await expect
    .poll(async () => (await snapshotOf(other.page)).work.is, { timeout: 600_000, intervals: [1_000] })
    .toMatch(/^(idle|failed)$/);
  await expectWell(other, { ...left, token: fresh.token }, [olderOpenClaw]);
  expect(savedChoices().model).toEqual({ provider: 'custom', ...model });

  // It remembers, and it thinks.
  await other.page.getByRole('button', { name: 'Back', exact: true }).click();
  const after = await openedPage(() => other.page.getByRole('button', { name: 'Open OpenClaw' }).click());
  await expect(after.getByText(`PONG: ${said}`).last()).toBeVisible({ timeout: 120_000 });
  await controlUi(after).chat('hello from the other computer');
  // All is as it should be, but for the version.
  await other.home.checkNow();
  await other.home.expectBroken('agent-version', new RegExp(olderOpenClaw.replaceAll('.', '\\.')));
  await expect(other.home.row('gateway-locked')).toHaveAttribute('data-is', 'ok');
});
