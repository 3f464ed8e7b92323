import { defineConfig } from '@playwright/test';
import { isLong } from './e2e/rig/settings.ts';

// One computer, one app at a time: the tests take turns.
export default defineConfig({
  testDir: 'e2e',
  testIgnore: ['**/renderer-harness/**', '**/bench/**'],
  // What takes hours in all, or shows once more in another way what an untagged test shows.
  grepInvert: isLong ? [] : /@long/,
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  // What fails now and then is broken now and then: no second try hides it.
  retries: 0,
  timeout: 420_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: { trace: 'off' },
});
