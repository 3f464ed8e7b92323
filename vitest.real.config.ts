import { defineConfig } from 'vitest/config';

// Suites that drive a real engine and a real OpenClaw; they need the rig.
export default defineConfig({
  // The rig's person may not write into node_modules.
  cacheDir: '/tmp/clawcove-vitest',
  test: {
    fsModuleCachePath: '/tmp/clawcove-vitest/modules',
    include: ['main/**/*.real.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
