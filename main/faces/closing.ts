import { type BrowserWindow, dialog } from 'electron';
import type { Say } from '../text.ts';
import type { Teller } from './tell.ts';

/** What became of a window that the person closed. */
export type Closed = 'hidden' | 'quit';

/**
 * Closes the window and lets the watch go on: in the tray where there is one; on
 * a desktop without a tray only if the person wants it so, or they would be left
 * with something running that they can neither see nor end.
 */
export function createClosing(
  teller: Teller,
  hasTray: () => Promise<boolean>,
): (window: BrowserWindow, say: Say) => Promise<Closed> {
  let wasTold = false;
  return async (window, say) => {
    if (!(await hasTray())) {
      const { response } = await dialog.showMessageBox(window, {
        type: 'question',
        message: say('window.no-tray.title'),
        detail: say('window.no-tray.detail'),
        buttons: [say('window.no-tray.keep'), say('window.no-tray.quit')],
        defaultId: 0,
        cancelId: 0,
      });
      if (response === 1) return 'quit';
    } else if (!wasTold) {
      wasTold = true;
      teller.tell(say('notice.hidden.title'), say('notice.hidden.body'));
    }
    window.hide();
    return 'hidden';
  };
}
