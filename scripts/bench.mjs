// npm run bench [-- PART …]: measures the product against bare Electron and against the same work by hand.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { pinnedNode, project, setUp } from './setup.mjs';

setUp();
build();
const run = (...args) => spawnSync(pinnedNode, args, { cwd: project, stdio: 'inherit' }).status ?? 1;
// What is over its limit is written down, too.
const measured = run('e2e/bench/bench.ts', ...process.argv.slice(2));
const formatted = run('node_modules/@biomejs/biome/bin/biome', 'format', '--write', 'docs/benchmarks.md');
process.exitCode = measured || formatted;
