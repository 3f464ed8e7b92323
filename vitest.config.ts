import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,assets/text,scripts,e2e/bench}/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
    exclude: ['**/*.real.test.ts'],
  },
});
