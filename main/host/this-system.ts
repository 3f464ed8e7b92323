/** What differs from system to system about the app's own start; everything else is behind the doors. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hasTrayHost } from './tray-host.ts';

export type SystemName = 'linux' | 'macos' | 'windows';

export function thisSystem(): SystemName {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
}

/** Where the one ClawCove that works on this data can be spoken to. */
export function ownerPath(system: SystemName, dataFolder: string): string {
  if (system !== 'windows') return join(dataFolder, 'owner.sock');
  // Windows keeps pipes in a space of their own, shared by everybody: named after the person's own folder.
  return `\\\\.\\pipe\\clawcove-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 32)}`;
}

/** Whether there is a screen to open a window on; Chromium itself would crash for want of one. */
export function hasScreen(system: SystemName, environment: NodeJS.ProcessEnv): boolean {
  return system !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Whether an icon in the tray can be seen. */
export async function hasTray(system: SystemName): Promise<boolean> {
  return system !== 'linux' || hasTrayHost();
}
