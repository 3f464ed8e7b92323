import type { Page } from '@playwright/test';
import { type Case, cases } from './fixtures.ts';

/** How a case is looked at. */
export interface Look {
  readonly language: 'en' | 'zh-CN';
  readonly look: 'light' | 'dark';
}

/** Every name of a case. */
export const caseNames = Object.keys(cases);

/** Opens a case and walks to where it is seen, in any language. */
export async function visit(page: Page, url: string, name: string, { language, look }: Look): Promise<void> {
  await page.goto(`${url}/?case=${name}&lang=${language}&look=${look}`);
  await page.locator(`html[data-mantine-color-scheme=${look}][lang=${language}] [data-screen]`).waitFor();
  await walk(page, cases[name]?.go);
  await page.evaluate(() => document.fonts.ready);
}

async function walk(page: Page, go: Case['go']): Promise<void> {
  const next = page.locator('main footer button:last-child');
  const menu = page.locator('[data-screen] button[aria-haspopup=menu]');
  switch (go) {
    case undefined:
      return;
    case 'n':
    case 'nn':
    case 'nnn':
      for (const screen of ['looking', 'choices', 'review'].slice(0, go.length)) {
        await next.click();
        await page.locator(`[data-screen=${screen}]`).waitFor();
      }
      return;
    case 'custom':
      await walk(page, 'nn');
      await page.locator('input[value=custom]').check();
      await page.locator('input[name=baseUrl]').fill('example.com');
      await next.click();
      await page.locator('input[name=baseUrl][aria-invalid=true]').waitFor();
      return;
    case 'commands':
      await walk(page, 'nnn');
      await page.locator('main button[aria-expanded]').click();
      return;
    case 'refused':
      await walk(page, 'nn');
      await page.evaluate(() => {
        window.harness.refuseNext = true;
      });
      await page.locator('main section:nth-of-type(2) button').click();
      await page.getByRole('dialog').waitFor();
      return;
    case 'give-key':
      await page.locator('[data-problem] button').first().click();
      return;
    case 'removed':
      await walk(page, 'remove-sure');
      await page.getByRole('dialog').getByRole('button').last().click();
      await page.locator('[data-screen=removed]').waitFor();
      return;
    case 'log':
      await page.locator('main footer button:first-child').click();
      await page.getByRole('dialog').waitFor();
      return;
    case 'menu':
      await menu.click();
      await page.getByRole('menu').waitFor();
      return;
    case 'evidence':
      await page.locator('[data-safeguard=sandbox-hardened] button[aria-expanded]').click();
      return;
    case 'nearby':
      await page.locator('[data-safeguard=network-fenced] button[aria-expanded]').click();
      return page.locator('[data-safeguard=network-fenced] form').scrollIntoViewIfNeeded();
    case 'skills':
      return page.locator('[data-safeguard=skills-trusted] [data-skill]').last().scrollIntoViewIfNeeded();
    case 'undo-move-in':
      await page.locator('[data-safeguard=host-clean] button:not([aria-expanded])').click();
      await page.getByRole('dialog').waitFor();
      return;
    case 'private-files':
      for (const button of await page
        .locator('[data-safeguard=private-data] button[aria-expanded]:not([data-aside=true] > *)')
        .all())
        await button.click();
      return;
    case 'notes':
      await page.locator('[data-news] button[aria-expanded]').click();
      return;
    case 'settings':
    case 'backups':
    case 'remove':
      await menu.click();
      await page.getByRole('menuitem').nth({ settings: 0, backups: 1, remove: 5 }[go]).click();
      await page.locator(`[data-screen=${go}]`).waitFor();
      return;
    case 'which-computer':
      await walk(page, 'settings');
      await page.locator('[data-home=SSH] button').first().click();
      await page.locator('form[data-computer]').waitFor();
      return;
    case 'proof':
      await page.locator('[data-proof] button').first().click();
      await page.locator('[data-screen=proof]').waitFor();
      return;
    case 'backups-save':
    case 'backups-bring':
      await walk(page, 'backups');
      await page
        .locator('main button')
        .filter({
          has: page.locator(go === 'backups-save' ? '.tabler-icon-file-export' : '.tabler-icon-file-import'),
        })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      return;
    case 'remove-sure':
      await walk(page, 'remove');
      await page.locator('main button').last().click();
      await page.getByRole('dialog').waitFor();
      return;
  }
}
