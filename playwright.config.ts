import { defineConfig } from '@playwright/test';

// One computer, one app at a time: the tests take turns.
export default defineConfig({
  testDir: 'e2e',
  testIgnore: '**/renderer-harness/**',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  // A second try tells a busy machine from a broken app; the list names whatever needed one.
  retries: 1,
  timeout: 420_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: { trace: 'off' },
});
