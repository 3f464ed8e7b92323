import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The rig's person may not write into node_modules, nor into what somebody else left in the temporary folder.
const cache = join(tmpdir(), `clawcove-vitest-${userInfo().uid}`);

// Suites that drive a real engine and a real OpenClaw; they need the rig.
export default defineConfig({
  cacheDir: cache,
  test: {
    fsModuleCachePath: join(cache, 'modules'),
    include: ['main/**/*.real.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
