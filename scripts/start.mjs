// npm start: installs what is missing, builds what is stale, and opens ClawCove. What follows `npm start --`
// is handed to the app.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildIsStale } from './build.mjs';
import { pinnedNode, project, setUp } from './setup.mjs';

const isRoot = process.getuid?.() === 0;

/** The person's own Electron: the pinned version, downloaded by its own installer where need be. */
function pinnedElectron() {
  const folder = join(project, 'node_modules/electron');
  const said = join(folder, 'path.txt');
  const path = () => (existsSync(said) ? join(folder, 'dist', readFileSync(said, 'utf8')) : '');
  if (!existsSync(path()))
    spawnSync(pinnedNode, [join(folder, 'install.js')], { stdio: ['ignore', 'inherit', 'ignore'] });
  return existsSync(path()) ? path() : undefined;
}

/**
 * What opens the app: the pinned Electron, or the test rig's where that can't be had (Linux) or where the
 * invoker is root, whom neither Electron nor ClawCove lets in: the rig's ordinary person opens it then.
 */
function opener() {
  const own = isRoot ? undefined : pinnedElectron();
  if (own) return { file: own, app: project, env: process.env };
  const asked = spawnSync(pinnedNode, ['e2e/rig/rig.ts', 'electron'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (asked.status !== 0) throw new Error('There is no Electron to be had here (the lines above say why).');
  const { executable, wrapper, checkout, env } = JSON.parse(asked.stdout);
  if (!isRoot) return { file: executable, app: checkout, env: process.env };
  return { file: wrapper, app: checkout, env };
}

function start() {
  setUp();
  if (buildIsStale()) build();
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Error(
      'ClawCove is a desktop app and there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set).\n' +
        'Start it from a desktop session, or give it a screen of its own:\n' +
        '  xvfb-run --auto-servernum npm start',
    );
  }
  const { file, app, env } = opener();
  const { status } = spawnSync(file, [app, ...process.argv.slice(2)], { stdio: 'inherit', env });
  return status ?? 1;
}

try {
  process.exitCode = start();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
