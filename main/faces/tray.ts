import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { Snapshot } from '../contract.ts';
import { withoutMarkup } from '../plain-text.ts';
import type { Say } from '../text.ts';
import { type TrayAction, type TrayEntry, type TrayView, trayView } from './tray-view.ts';

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
 * @param icons folder with one picture for each light
 */
export function createTray(icons: string, act: (action: TrayAction) => void): TrayFace {
  const picture = (view: TrayView) => nativeImage.createFromPath(join(icons, `${view.icon}.png`));
  let tray: Tray | null = null;
  let shown = '';
  return {
    show(snapshot, say) {
      const view = trayView(snapshot, say);
      // A menu that is replaced closes under the person's hand: only when it differs.
      const next = JSON.stringify(view);
      if (next === shown) return;
      shown = next;
      if (tray === null) {
        tray = new Tray(picture(view));
        tray.on('click', () => act({ is: 'show-window' }));
      } else tray.setImage(picture(view));
      tray.setToolTip(withoutMarkup(view.tooltip));
      tray.setContextMenu(Menu.buildFromTemplate(view.items.map((entry) => menuItem(entry, act))));
    },
  };
}
