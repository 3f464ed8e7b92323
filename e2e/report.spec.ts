import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { container, makeStateFolder, writeState } from './break.ts';
import { test } from './fixtures.ts';
import { pick } from './pages/dialogs.ts';
import { ask } from './pages/work.ts';
import { ensurePackages } from './rig/apt.ts';
import { openedPages, resetBrowser } from './rig/browser.ts';
import { podman } from './rig/podman.ts';
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

/** How far beyond the edges of its page any word of a PDF stands, in points; 0: none does. */
async function beyondEdges(file: string): Promise<number> {
  const { stdout } = await execa('pdftotext', ['-bbox', file, '-']);
  const width = Number(/<page width="([\d.]+)"/.exec(stdout)?.[1]);
  const ends = [...stdout.matchAll(/<word xMin="(-?[\d.]+)" yMin="[^"]*" xMax="(-?[\d.]+)"/g)];
  expect(ends.length).toBeGreaterThan(100);
  return Math.max(0, ...ends.map(([, start, end]) => Math.max(-Number(start), Number(end) - width)));
}

test('a name that comes out of the home is a name on paper, and nothing else', async ({ movedIn }) => {
  const running = await movedIn();
  const { page, home } = running;
  const file = join(rigUser().home, 'report.pdf');
  // Markup, a turned direction, a command for terminals, and one word that is wider than the page.
  const nasty = {
    markup: '<img src=x onerror=alert(1)><a href=https://example.com>here</a>',
    turned: 'photo\u202egpj.exe \u001b]0;owned\u0007',
    wide: 'W'.repeat(300),
  };
  try {
    for (const [folder, name] of Object.entries(nasty)) {
      await makeStateFolder(`skills/${folder}`);
      await writeState(
        `skills/${folder}/SKILL.md`,
        `---\nname: ${JSON.stringify(name)}\ndescription: a test\n---\nNothing.\n`,
      );
    }
    await home.checkNow();
    await home.expectBroken('skills-trusted', /haven’t approved \(3\)/);
    await pick(running, file);
    expect(await ask(page, { do: 'save-report' })).toEqual({ ok: true });
    await expectShown(file);
    const words = (await wordsOf(file)).replaceAll(/\s/g, '');
    expect(words).toContain(nasty.markup.replaceAll(' ', ''));
    expect(words).toContain('photogpj.exe');
    expect(words).toContain('W'.repeat(70));
    expect(await beyondEdges(file)).toBe(0);
    // No program, and no way out of the paper.
    for (const what of ['-js', '-url'])
      expect((await execa('pdfinfo', [what, file])).stdout).not.toMatch(/alert|example\.com/);
  } finally {
    const folders = Object.keys(nasty).map((folder) => `/home/node/.openclaw/skills/${folder}`);
    await podman(['exec', container, 'rm', '-r', ...folders]);
    rmSync(file, { force: true });
  }
  await home.checkNow();
  await home.expectLight('good');
});
