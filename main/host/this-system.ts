/** What differs from system to system about the app's own start; everything else is behind the doors. */
import { createHash } from 'node:crypto';
import { join, win32 } from 'node:path';
import type { OwnerPlace } from '../bridge/owner.ts';
import { hasTrayHost } from './tray-host.ts';

export type SystemName = 'linux' | 'macos' | 'windows';

export function thisSystem(): SystemName {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
}

/**
 * ClawCove's own folder.
 *
 * @param configFolder where this system keeps programs' settings for one person
 */
export function ownFolder(system: SystemName, configFolder: string, environment: NodeJS.ProcessEnv): string {
  if (system !== 'windows') return join(configFolder, 'clawcove');
  // Never the roaming folder: a company copies that to other computers, the home's disk and all.
  return win32.join(environment.LOCALAPPDATA || win32.join(configFolder, '..', 'Local'), 'ClawCove');
}

/**
 * The language that the person reads, as a locale; empty: nobody says.
 *
 * @param languages as the system lists them, best first; Linux has no such list
 */
export function localeOf(
  system: SystemName,
  environment: NodeJS.ProcessEnv,
  languages: readonly string[],
): string {
  const variable = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  const [first = ''] = languages;
  // Elsewhere the variables are there for programs that came from Linux, and say what those need.
  return system === 'linux' ? variable || first : first || variable;
}

/** Where the one ClawCove that works on this data can be spoken to. */
export function ownerPlace(system: SystemName, dataFolder: string): OwnerPlace {
  if (system !== 'windows') return { path: join(dataFolder, 'owner.sock'), isFile: true };
  // Windows keeps pipes in a space of their own, shared by everybody: named after the person's own folder.
  const name = createHash('sha256').update(dataFolder.toLowerCase()).digest('hex').slice(0, 32);
  return { path: `\\\\.\\pipe\\clawcove-${name}`, isFile: false };
}

/** Whether there is a screen to open a window on; Chromium itself would crash for want of one. */
export function hasScreen(system: SystemName, environment: NodeJS.ProcessEnv): boolean {
  return system !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Whether an icon in the tray can be seen. */
export async function hasTray(system: SystemName): Promise<boolean> {
  return system !== 'linux' || hasTrayHost();
}
