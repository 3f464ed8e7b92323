import { defineConfig } from '@playwright/test';
import { isLong } from './e2e/rig/settings.ts';

/** These live in one home that is set up once: in turn, before anybody begins with a new computer. */
const inOneHome = ['command-line', 'inside', 'private-data', 'prove', 'report', 'safeguards'].map(
  (name) => `**/${name}.spec.ts`,
);
const noTests = ['**/renderer-harness/**', '**/bench/**'];

// One computer, one app at a time: the tests take turns.
export default defineConfig({
  testDir: 'e2e',
  projects: [
    { name: 'one home', testMatch: inOneHome, testIgnore: noTests },
    { name: 'new computers', testIgnore: [...inOneHome, ...noTests] },
  ],
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
