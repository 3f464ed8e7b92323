import type { Light } from '../contract.ts';
import type { SystemName } from '../host/this-system.ts';

/**
 * The picture for a light, as a path in the folder of tray pictures; pure.
 *
 * macOS wants one in black and see-through and colours it itself, for every look of the menu bar and
 * every contrast. Windows takes the size it needs out of an .ico. For @2x, Electron looks by itself.
 *
 * @param wantsContrast whether the person has asked the system for high contrast
 */
export function trayIcon(system: SystemName, light: Light, wantsContrast: boolean): string {
  if (system === 'macos') return `macos/${light}Template.png`;
  const name = wantsContrast ? `${light}-contrast` : light;
  return system === 'windows' ? `windows/${name}.ico` : `linux/${name}.png`;
}
