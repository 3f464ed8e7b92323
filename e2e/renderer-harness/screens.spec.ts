import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { caseNames, type Look, visit } from './walk.ts';

interface View extends Look {
  readonly width: number;
  readonly height: number;
}

const wide: View = { language: 'en', look: 'light', width: 1280, height: 800 };
const small: View = { language: 'zh-CN', look: 'dark', width: 800, height: 600 };
const views: readonly View[] = process.env.ALL
  ? [
      wide,
      small,
      { ...wide, look: 'dark' },
      { ...wide, language: 'zh-CN' },
      { ...small, language: 'en' },
      { ...small, look: 'light' },
    ]
  : [wide, small];

/** Opens a case and collects whatever Chromium complains about, the content policy included. */
async function open(page: Page, name: string, view: View): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (['error', 'warning'].includes(message.type()) && !url.endsWith('favicon.ico')) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.setViewportSize(view);
  await visit(page, process.env.HARNESS ?? '', name, view);
  return complaints;
}

for (const name of caseNames) {
  for (const view of views) {
    const { language, look, width } = view;
    test(`${name} in ${language}, ${look}, ${width} wide: accessible, whole and quiet`, async ({ page }) => {
      const complaints = await open(page, name, view);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(complaints).toEqual([]);
      const tooWide = await page.evaluate(() =>
        [...document.querySelectorAll('main, main *, section, body')]
          .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX) || each === document.body)
          .filter((each) => each.scrollWidth > each.clientWidth + 1)
          .map((each) => each.className || each.tagName),
      );
      expect(tooWide).toEqual([]);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.locator('h1:visible')).toHaveCount(1);
      expect(await page.locator('body').textContent()).not.toMatch(
        /\b(wizard|home|work|guide|safeguard)\.[a-z]/,
      );
    });
  }
}

test.describe('by keyboard', () => {
  test('each new page puts the focus on its heading, and Tab goes on to its controls', async ({ page }) => {
    await open(page, 'looking', wide);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    for (const heading of ['Your choices', 'What will happen']) {
      await page.locator('main footer button').last().focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeFocused();
    }
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Show the exact commands' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('region', { name: 'Exactly these commands will run' })).toBeFocused();
  });

  test('every control of the home page is reached, shows the focus and is big enough', async ({ page }) => {
    await open(page, 'home-danger', small);
    const controls = await page.locator('button:visible:enabled').count();
    const reached = new Set<string>();
    for (let press = 0; press < controls + 3; press++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const active = document.activeElement;
        if (!(active instanceof HTMLButtonElement)) return null;
        const { width, height } = active.getBoundingClientRect();
        return { outline: getComputedStyle(active).outlineStyle, width, height, name: active.textContent };
      });
      if (focus === null) continue;
      expect(focus).toMatchObject({ outline: 'solid' });
      expect(Math.min(focus.width, focus.height)).toBeGreaterThanOrEqual(24);
      reached.add(`${press} ${focus.name}`);
    }
    expect(reached.size).toBeGreaterThanOrEqual(controls);
  });

  test('Escape answers a question with no', async ({ page }) => {
    await open(page, 'home-asking', wide);
    await expect(page.getByRole('dialog').getByRole('heading')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await page.evaluate(() => window.harness.sent)).toEqual([{ do: 'answer', answer: { is: 'no' } }]);
  });
});

test('the key goes to main once and stays nowhere in the page', async ({ page }) => {
  await open(page, 'choices', wide);
  await page.getByRole('radio', { name: 'DeepSeek' }).check();
  const field = page.getByLabel('Access key (API key)');
  await field.fill('two words');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('A key is one piece without spaces.')).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill(' sk-secret-1 ');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.locator('[data-screen=review]')).toBeVisible();
  expect(await page.evaluate(() => window.harness.sent)).toEqual([
    { do: 'keep-model-key', key: 'sk-secret-1' },
    { do: 'save-choices', choices: { model: { provider: 'deepseek' } } },
  ]);
  expect(await page.content()).not.toContain('sk-secret-1');
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(field).toHaveValue('');
});

test('the settings say when the AI service is saved', async ({ page }) => {
  await open(page, 'settings', wide);
  await page.getByRole('radio', { name: 'OpenAI' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const sent = await page.evaluate(() => window.harness.sent);
  expect(sent).toEqual([{ do: 'save-choices', choices: { model: { provider: 'openai' } } }]);
});

test('a refusal is explained, with the way on', async ({ page }) => {
  await open(page, 'choices', wide);
  await page.evaluate(() => {
    window.harness.refuseNext = true;
  });
  await page.getByRole('button', { name: 'Change…' }).click();
  await expect(page.getByRole('dialog')).toContainText('/home/lin/Documents');
  await page.getByRole('button', { name: 'Choose another folder…' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const sent = await page.evaluate(() => window.harness.sent);
  expect(sent).toEqual([{ do: 'choose-folder' }, { do: 'choose-folder' }]);
});

test('switching the language switches everything at once', async ({ page }) => {
  await open(page, 'welcome', wide);
  await page.getByText('简体中文').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('给 OpenClaw 一个安全的家');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('setting up agrees to exactly the commands that were shown', async ({ page }) => {
  await open(page, 'review', wide);
  await page.getByRole('button', { name: 'Agree and set up' }).click();
  expect(await page.evaluate(() => window.harness.sent)).toEqual([
    { do: 'set-up', consent: ['install-engine'] },
  ]);
});

test('commands can be copied although the page has no permission to', async ({ page, context }) => {
  await context.grantPermissions([]);
  await open(page, 'working-failed', wide);
  await page.getByRole('button', { name: 'Copy the commands' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
});

test('shapes stay visible when the system forces its colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, 'home-danger', wide);
  const fills = await page.evaluate(() =>
    [...document.querySelectorAll('[data-light] svg [class*=fill]')].map(
      (each) => getComputedStyle(each).fill,
    ),
  );
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const fill of fills) expect(fill).not.toBe(background);
});
