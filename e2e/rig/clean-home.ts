import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configureBrowser, resetBrowser } from './browser.ts';
import { configurePodman, hasEngine, podman, type StorageDriver } from './podman.ts';
import { isRoot } from './settings.ts';
import { rigUser } from './user.ts';

export interface CleanHome {
  /** Keeps pulled images and their mapped copies: saves the 25 s of a pull, and is not quite a new computer. */
  keepImages?: boolean;
  /** For the engine's next first use. Counts only when images go as well. */
  storage?: StorageDriver;
}

async function dropContainers(): Promise<void> {
  const quiet = { reject: false } as const;
  await podman(['rm', '--all', '--force', '--time', '0'], quiet);
  await podman(['pod', 'rm', '--all', '--force', '--time', '0'], quiet);
  await podman(['volume', 'rm', '--all', '--force'], quiet);
  await podman(['secret', 'rm', '--all'], quiet);
  await podman(['network', 'prune', '--force'], quiet);
}

const storageFolder = () => join(rigUser().home, '.local/share/containers');

/** Podman's own namespace holder keeps the storage mounted; it starts again by itself. */
function endNamespaceHolder(): void {
  const file = join(rigUser().runtimeFolder, 'libpod/tmp/pause.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  const name = `/proc/${pid}/cmdline`;
  if (existsSync(name) && /podman|catatonit/.test(readFileSync(name, 'utf8'))) process.kill(pid, 'SIGKILL');
}

/** A gigabyte in 80,000 files takes 10 s to delete: it is moved out of the way and goes in the background. */
function deleteLater(folder: string): void {
  if (!existsSync(folder)) return;
  const bin = mkdtempSync(join(dirname(rigUser().home), '.clawcove-rig-rubbish-'));
  renameSync(folder, join(bin, 'rubbish'));
  spawn('rm', ['-rf', '--one-file-system', bin], { detached: true, stdio: 'ignore' }).unref();
}

async function dropEngineState(): Promise<void> {
  const { runtimeFolder } = rigUser();
  if (isRoot) {
    endNamespaceHolder();
    deleteLater(storageFolder());
  } else if (hasEngine()) {
    // Files in it belong to the person's subordinate ids: only the person's own namespace can go in.
    await podman(['system', 'reset', '--force'], { reject: false });
    await podman(['unshare', 'rm', '-rf', storageFolder()], { reject: false });
  }
  for (const folder of [join(runtimeFolder, 'containers'), join(runtimeFolder, 'libpod')])
    rmSync(folder, { recursive: true, force: true });
}

/** Deletes everything in a folder but what lies on the way to `kept`, and places where another disk is mounted. */
function empty(folder: string, kept: string): void {
  const { dev } = lstatSync(folder);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (kept === path) continue;
    if (kept.startsWith(`${path}/`) || lstatSync(path).dev !== dev) empty(path, kept);
    else rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Gives the person a new computer: containers, volumes, secrets, images, settings and files are gone, and
 * only the mirror, the storage driver and the default browser are set up again. Close the app first.
 */
export async function cleanHome({ keepImages = false, storage = 'overlay' }: CleanHome = {}): Promise<void> {
  await resetBrowser();
  if (hasEngine()) await dropContainers();
  if (!keepImages) await dropEngineState();
  empty(rigUser().home, storageFolder());
  configurePodman(storage);
  configureBrowser();
}
