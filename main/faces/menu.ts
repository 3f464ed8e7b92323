import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Say } from '../text.ts';

/**
 * Only what the window needs: quit, the editing keys, the size of the text. The
 * developer tools are there while ClawCove is being made and in no packaged one.
 */
export function applicationMenu(
  say: Say,
  { isPackaged, quit }: { isPackaged: boolean; quit: () => void },
): Menu {
  const role = (key: string, role: NonNullable<MenuItemConstructorOptions['role']>) => ({
    label: say(`window.menu.${key}`),
    role,
  });
  return Menu.buildFromTemplate([
    {
      label: say('window.menu.app'),
      submenu: [{ label: say('window.menu.quit'), accelerator: 'CommandOrControl+Q', click: quit }],
    },
    {
      label: say('window.menu.edit'),
      submenu: [
        role('undo', 'undo'),
        role('redo', 'redo'),
        { type: 'separator' },
        role('cut', 'cut'),
        role('copy', 'copy'),
        role('paste', 'paste'),
        role('select-all', 'selectAll'),
      ],
    },
    {
      label: say('window.menu.view'),
      submenu: [
        role('larger', 'zoomIn'),
        role('smaller', 'zoomOut'),
        role('actual-size', 'resetZoom'),
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
  ]);
}
