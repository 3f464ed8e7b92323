import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The rig's person may not write into node_modules, nor into what somebody else left in the temporary folder.
const cache = join(tmpdir(), `clawcove-vitest-${userInfo().uid}`);

// A whole system as a machine is root's to make, and everything else the person's.
const isRoot = process.getuid?.() === 0;

// Suites that drive a real engine and a real OpenClaw; they need the rig.
export default defineConfig({
  cacheDir: cache,
  test: {
    fsModuleCachePath: join(cache, 'modules'),
    include: ['main/**/*.real.test.ts'],
    exclude: isRoot ? [] : ['main/**/{distro,device,dedication}.real.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
