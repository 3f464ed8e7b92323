import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, project } from './setup.mjs';

const sources = [
  'main',
  'renderer',
  'assets',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
const results = ['out/main/index.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

function newest(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const built = (file) => (existsSync(join(project, file)) ? statSync(join(project, file)).mtimeMs : 0);

/** Whether a source is newer than what was built from it. */
export const buildIsStale = () =>
  Math.max(...sources.map((path) => newest(join(project, path)))) > Math.min(...results.map(built));

/**
 * Builds the app into out/.
 * @throws Error when electron-vite fails; it has said why
 */
export function build() {
  const { status } = spawnSync(pinnedNode, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
    cwd: project,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed.');
}
