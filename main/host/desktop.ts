import { app, BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron';
import type { Desktop } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import { translator } from '../text.ts';
import { type Launch, setXdgAutostart } from './autostart.ts';
import { openSecretPage } from './open-page.ts';

/** Electron says what went wrong in a string; empty is good. */
async function openPath(path: string, name: string): Promise<void> {
  const wrong = await shell.openPath(path);
  if (wrong !== '') throw new ProblemError('cannot-open', { name });
}

/**
 * The desktop of the person who runs ClawCove.
 *
 * @param startsBy the system's way of starting programs at login
 */
export function createDesktop(options: {
  readonly logFile: string;
  readonly launch: Launch;
  readonly startsBy: { readonly is: 'xdg'; readonly configFolder: string } | { readonly is: 'electron' };
}): Desktop {
  const { logFile, launch, startsBy } = options;
  return {
    openPage: (url) =>
      openSecretPage(url, async (harmless) => {
        await shell.openExternal(harmless).catch(() => {
          throw new ProblemError('cannot-open', { name: 'OpenClaw' });
        });
      }),
    openFolder: (path) => openPath(path, path),
    openLog: () => openPath(logFile, logFile),
    async chooseFolder(language) {
      const options: OpenDialogOptions = {
        title: translator(language)('window.choose-folder'),
        properties: ['openDirectory', 'createDirectory'],
      };
      const parent = BrowserWindow.getFocusedWindow();
      const { canceled, filePaths } = await (parent
        ? dialog.showOpenDialog(parent, options)
        : dialog.showOpenDialog(options));
      return canceled ? null : (filePaths[0] ?? null);
    },
    async setStartAtLogin(on) {
      if (startsBy.is === 'xdg') return setXdgAutostart(on, startsBy.configFolder, launch);
      app.setLoginItemSettings({ openAtLogin: on, path: launch.file, args: [...launch.args, '--hidden'] });
    },
  };
}
