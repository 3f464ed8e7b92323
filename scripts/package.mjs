// npm run package [-- WHAT …]: builds ClawCove and packages it for this system, or for what follows in
// electron-builder's words (--linux deb). What it says of its makers: scripts/package-settings.ts.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { pinnedNode, project, setUp } from './setup.mjs';

setUp();
build();
const { status } = spawnSync(pinnedNode, ['scripts/package.ts', ...process.argv.slice(2)], {
  cwd: project,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
