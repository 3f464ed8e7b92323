import { readdirSync, readlinkSync } from 'node:fs';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { test } from './fixtures.ts';
import { controlUi } from './pages/control-ui.ts';
import { forgetModelRequests, modelOrigin, modelRequests } from './rig/model.ts';
import { rigUser } from './rig/user.ts';

/** What the programs have open that keep the home running from outside. */
async function filesOfKeepers(): Promise<string[]> {
  const { stdout } = await execa('pgrep', ['-u', String(rigUser().uid), 'conmon|slirp4netns|rootlessport']);
  const files: string[] = [];
  for (const pid of stdout.split('\n')) {
    const folder = `/proc/${pid}/fd`;
    files.push(...readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`)));
  }
  expect(files.length).toBeGreaterThan(0);
  return files;
}

/** The main job, end to end: from the first click to a model's answer through OpenClaw. */
test('from the first launch to an answer in OpenClaw’s own page', async ({
  freshComputer,
  launch,
  openedPage,
}) => {
  await freshComputer();
  await forgetModelRequests();
  const { wizard, home, page } = await launch();

  await wizard.toReview({ baseUrl: `${modelOrigin()}/v1`, modelId: 'rig-model', key: 'sk-rig-key' });
  await wizard.agree();
  await wizard.untilDone();
  await wizard.moveIn();
  await home.expectLight('good');
  // This ClawCove runs from its source folder, where it is not its own business to bring itself up to date.
  // On Linux no program can be lent the screen.
  const aside = ['app-current', 'host-powers-off', 'computer-dedicated'] as const;
  for (const row of await page.locator('[data-safeguard]').all()) {
    const id = await row.getAttribute('data-safeguard');
    if (!aside.some((each) => each === id)) await expect(row).toHaveAttribute('data-is', 'ok');
  }
  for (const id of aside) await expect(home.row(id)).toHaveAttribute('data-state', 'aside');

  const browserPage = await openedPage(() => page.getByRole('button', { name: 'Open OpenClaw' }).click());
  await controlUi(browserPage).chat('hello from the person');
  const asked = (await modelRequests()).filter(({ lastUserMessage }) =>
    lastUserMessage?.includes('hello from the person'),
  );
  expect(asked.length).toBeGreaterThan(0);
  expect(asked[0]?.hasKey).toBe(true);

  // What lives on when ClawCove ends holds nothing of it.
  for (const file of await filesOfKeepers()) expect(file).not.toMatch(/clawcove\/window|electron|chromium/i);
});
