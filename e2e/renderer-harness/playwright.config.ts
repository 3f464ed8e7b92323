import { defineConfig } from '@playwright/test';

// Looks at the renderer alone: playwright test -c e2e/renderer-harness/playwright.config.ts
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/renderer-harness',
  globalSetup: './build.ts',
  fullyParallel: true,
  workers: 2,
  reporter: 'line',
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    },
    contextOptions: { reducedMotion: 'reduce' },
  },
});
