import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { execa } from 'execa';
import type { RigElectron } from './electron.ts';
import { checkoutFolder } from './settings.ts';

/** ClawCove as people get it: packaged, sealed, with a version and a source of updates of its own. */
export interface Packaged {
  readonly version: string;
  /** Exactly as it was packaged. */
  readonly sealed: string;
  /** The same, save that Playwright can drive its main process. */
  readonly executable: string;
  /**
   * What people start: a file that stands in for the AppImage, which takes a tool from the internet to
   * make. As that does, it says where it lies (APPIMAGE) and where what it holds (APPDIR), and opens that.
   */
  readonly file: string;
}

/**
 * electron-builder's own work, with the rig's Electron and the product's own configuration; 15 s.
 * @param folder is made anew
 */
export async function packageApp(
  electron: RigElectron,
  folder: string,
  { version, updates }: { version: string; updates: { address: string; publicKeys: readonly string[] } },
): Promise<Packaged> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The rig's Electron opens any folder; a packaged one only what it was packaged with.
  const dist = join(folder, 'electron');
  await execa('cp', ['-al', dirname(electron.executable), dist]);
  rmSync(join(dist, 'resources/app'), { recursive: true, force: true });
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(checkoutFolder, 'electron-builder.yml'),
      electronDist: dist,
      electronVersion: electron.version,
      directories: { output: join(folder, 'dist') },
      extraMetadata: { version, clawcove: { updates } },
    }),
  );
  await execa(
    process.execPath,
    [join(checkoutFolder, 'node_modules/electron-builder/cli.js'), '--linux', 'dir', '--config', config],
    { cwd: checkoutFolder, stdin: 'ignore' },
  );
  const sealed = join(folder, 'dist/linux-unpacked/clawcove');
  const executable = await openToPlaywright(sealed, join(folder, 'driven'));
  const file = join(folder, 'ClawCove.AppImage');
  writeFileSync(
    file,
    `#!/bin/sh
# Stands in for the AppImage of ClawCove ${version}.
export APPIMAGE="$(readlink -f "$0")"
export APPDIR='${dirname(executable)}'
exec '${executable}' "$@"
`,
  );
  chmodSync(file, 0o755);
  return { version, sealed, executable, file };
}

/** A copy of what was packaged whose main process can be driven through --inspect. */
async function openToPlaywright(sealed: string, folder: string): Promise<string> {
  await execa('cp', ['-al', dirname(sealed), folder]);
  const executable = join(folder, 'clawcove');
  // A file of its own: the one that was packaged stays as it is.
  rmSync(executable);
  copyFileSync(sealed, executable);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  return executable;
}
