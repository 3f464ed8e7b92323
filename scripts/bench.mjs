// npm run bench: measures the product against bare Electron and against the same work by hand.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { pinnedNode, project, setUp } from './setup.mjs';

setUp();
build();
process.exitCode =
  spawnSync(pinnedNode, ['e2e/bench/bench.ts'], { cwd: project, stdio: 'inherit' }).status ?? 1;
