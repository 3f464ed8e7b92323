import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,assets/text,scripts,e2e/bench}/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
    exclude: ['**/*.real.test.ts'],
    // A hang is what a limit is for: the machines that tests run on are busy with other things, too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
