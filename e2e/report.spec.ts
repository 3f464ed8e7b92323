import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { test } from './fixtures.ts';
import { pick } from './pages/dialogs.ts';
import { ask } from './pages/work.ts';
import { ensurePackages } from './rig/apt.ts';
import { openedPages, resetBrowser } from './rig/browser.ts';
import { isRoot } from './rig/settings.ts';
import { rigUser } from './rig/user.ts';

/** The words on the pages of a PDF, as other programs read them. */
async function wordsOf(file: string): Promise<string> {
  return (await execa('pdftotext', ['-layout', file, '-'])).stdout;
}

test.skip(!isRoot, 'only root can bring the program that reads PDFs');
test.beforeAll(() => ensurePackages(['poppler-utils']));
// What shows the reports holds the app's output open, and would go on running beside all other tests.
test.afterEach(() => resetBrowser());

/** The person sees the report: their browser was told to show the file. */
const expectShown = (file: string) =>
  expect.poll(openedPages, { timeout: 20_000 }).toContainEqual(expect.stringContaining(file));

test('the safety report: what is so, on paper and for programs', async ({ movedIn }) => {
  const running = await movedIn();
  const { page } = running;
  const pdf = join(rigUser().home, 'my report 报告.pdf');
  await pick(running, pdf);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Save a safety report…' }).click();
  await expect(() => expect(statSync(pdf).size).toBeGreaterThan(10_000)).toPass({ timeout: 60_000 });
  expect(statSync(pdf).mode & 0o777).toBe(0o600);
  expect(readFileSync(pdf, 'latin1').slice(0, 5)).toBe('%PDF-');
  await expectShown(pdf);
  const words = await wordsOf(pdf);
  for (const title of ['Safety report', 'All is well', 'Walled off from your computer', 'Kept up to date'])
    expect(words).toContain(title);

  const chinese = join(rigUser().home, '报告.pdf');
  await ask(page, { do: 'save-choices', choices: { language: 'zh-CN' } });
  await pick(running, chinese);
  expect(await ask(page, { do: 'save-report' })).toEqual({ ok: true });
  expect(await wordsOf(chinese)).toContain('安全报告');
  await expectShown(chinese);

  const json = join(rigUser().home, 'report.json');
  await pick(running, json);
  expect(await ask(page, { do: 'save-report' })).toEqual({ ok: true });
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ title: '安全报告', light: 'good' });
  await expectShown(json);

  await pick(running, join(rigUser().home, 'not there', 'report.pdf'));
  expect(await ask(page, { do: 'save-report' })).toMatchObject({
    ok: false,
    problem: { code: 'cannot-write-there' },
  });
  await ask(page, { do: 'save-choices', choices: { language: 'en' } });
  for (const file of [pdf, chinese, json]) rmSync(file);
});
