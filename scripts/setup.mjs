// Installs the project's npm packages where they are missing or older than the lock file. Runs on a plain
// Node 20 without any package.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const project = fileURLToPath(new URL('..', import.meta.url));

/** The Node that the project pins (24), which runs TypeScript as it is. Exists after `setUp`. */
export const pinnedNode = join(
  project,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

/**
 * @throws Error when npm fails; npm has said why
 */
export function setUp() {
  // npm writes this file when it has finished, so half an installation never looks whole.
  const done = modified(join(project, 'node_modules/.package-lock.json'));
  if (existsSync(pinnedNode) && done >= modified(join(project, 'package-lock.json'))) return;
  const windows = process.platform === 'win32';
  // Not `npm ci`: it refuses a lock file that lacks a package for somebody else's system, and a registry
  // mirror that lacks such packages can only ever write such a lock. --no-save leaves the lock as it is.
  const { status } = spawnSync(
    windows ? 'npm.cmd' : 'npm',
    ['install', '--no-save', '--no-audit', '--no-fund'],
    {
      cwd: project,
      stdio: 'inherit',
      // Windows starts .cmd files through its shell only; there is no data in this line.
      shell: windows,
    },
  );
  if (status !== 0) throw new Error('npm install failed.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
