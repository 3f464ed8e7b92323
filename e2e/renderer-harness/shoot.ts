/**
 * Takes a picture of every case, for looking at: node e2e/renderer-harness/shoot.ts [case…]
 * Filters: LANGS=en,zh-CN LOOKS=light,dark SIZES=1280x800,800x600; pictures go to SHOTS (out/shots).
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import buildHarness from './build.ts';
import { caseNames, visit } from './walk.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const list = (name: string, all: string) => (process.env[name] ?? all).split(',');
const folder = process.env.SHOTS ?? at('../../out/shots');
mkdirSync(folder, { recursive: true });

const wanted = process.argv.slice(2);
const close = await buildHarness();
const address = process.env.HARNESS ?? '';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
for (const size of list('SIZES', '1280x800,800x600')) {
  const [width = 1280, height = 800] = size.split('x').map(Number);
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`${page.url()} ${message.text()}\n`);
  });
  page.on('pageerror', (error) => process.stderr.write(`${page.url()} ${error.message}\n`));
  for (const name of wanted.length > 0 ? wanted : caseNames) {
    for (const language of list('LANGS', 'en,zh-CN') as ('en' | 'zh-CN')[]) {
      for (const look of list('LOOKS', 'light,dark') as ('light' | 'dark')[]) {
        try {
          await visit(page, address, name, { language, look });
          await page.waitForTimeout(60);
        } catch (error) {
          process.stderr.write(`${name} ${language} ${look} ${size}: ${String(error).slice(0, 300)}\n`);
        }
        await page.screenshot({ path: `${folder}/${name}.${language}.${look}.${size}.png` });
      }
    }
  }
  await context.close();
}
await browser.close();
close();
