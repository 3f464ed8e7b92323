import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron';
import type { Snapshot } from '../contract.ts';
import type { SystemName } from '../host/this-system.ts';
import { withoutMarkup } from '../plain-text.ts';
import type { Say } from '../text.ts';
import { trayIcon } from './tray-icon.ts';
import { type TrayAction, type TrayEntry, trayView } from './tray-view.ts';

/** The icon in the tray; it stays until ClawCove ends. */
export interface TrayFace {
  show(snapshot: Snapshot, say: Say): void;
}

function menuItem(entry: TrayEntry, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  if (entry === 'line') return { type: 'separator' };
  // An ampersand would underline a letter of a sentence that isn't ours to choose.
  const label = entry.label.replaceAll('&', '&&');
  return { label, enabled: entry.enabled, click: () => act(entry.action) };
}

/**
 * Puts an icon in the tray. Where a desktop has none, Electron keeps the icon
 * to itself and nothing breaks; `host/tray-host.ts` tells whether anybody sees it.
 *
 * @param options.icons folder with the pictures for each light
 */
export function createTray(options: {
  readonly icons: string;
  readonly system: SystemName;
  readonly act: (action: TrayAction) => void;
}): TrayFace {
  const { icons, system, act } = options;
  let tray: Tray | null = null;
  let shown = '';
  return {
    show(snapshot, say) {
      const view = trayView(snapshot, say);
      const icon = trayIcon(system, view.icon, nativeTheme.shouldUseHighContrastColors);
      // A menu that is replaced closes under the person's hand: only when it differs.
      const next = JSON.stringify({ view, icon });
      if (next === shown) return;
      shown = next;
      const picture = nativeImage.createFromPath(join(icons, icon));
      if (tray === null) {
        tray = new Tray(picture);
        tray.on('click', () => act({ is: 'show-window' }));
      } else tray.setImage(picture);
      tray.setToolTip(withoutMarkup(view.tooltip));
      tray.setContextMenu(Menu.buildFromTemplate(view.items.map((entry) => menuItem(entry, act))));
    },
  };
}
