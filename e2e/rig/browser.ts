import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { writeForUser } from './podman.ts';
import { browserDebugPort, cacheFolder } from './settings.ts';
import { rigUser } from './user.ts';

/** The person's web browser, and the tool that apps open pages with. */
export const browserPackages = ['chromium', 'xdg-utils'] as const;

/** For Playwright's `chromium.connectOverCDP`, once the product has opened a page. */
export const browserDebugUrl = `http://127.0.0.1:${browserDebugPort}`;

const browserScript = join(cacheFolder, 'bin/rig-browser');
const stateFolder = () => join(rigUser().runtimeFolder, 'rig-browser');
const openedFile = () => join(stateFolder(), 'opened');

// It reaches this computer and nothing else: whatever it would look up elsewhere does not exist for it.
const flags = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-search-engine-choice-screen',
  '--password-store=basic',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--window-size=1280,900',
  `--remote-debugging-port=${browserDebugPort}`,
];

/**
 * Makes Chromium the person's default browser, the way a desktop does it (a .desktop file and
 * mimeapps.list), so that `shell.openExternal` → xdg-open ends in it. A second page opens as a second tab.
 */
export function configureBrowser(): void {
  mkdirSync(dirname(browserScript), { recursive: true });
  writeFileSync(
    browserScript,
    `#!/bin/bash
# Made by the rig: the person's web browser, which Playwright can watch.
state="$XDG_RUNTIME_DIR/rig-browser"
mkdir -p "$state"
printf '%s\\n' "$1" >> "$state/opened"
exec /usr/bin/chromium ${flags.join(' ')} '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost' \\
  "--user-data-dir=$state/profile" "$1" >>"$state/log" 2>&1
`,
  );
  chmodSync(browserScript, 0o755);
  const { home } = rigUser();
  // Reports too: where nothing is named for a kind of file, xdg-open starts some browser that nobody watches,
  // and that goes on running.
  const types = [
    'x-scheme-handler/http',
    'x-scheme-handler/https',
    'text/html',
    'application/pdf',
    'application/json',
  ];
  writeForUser(
    join(home, '.local/share/applications/rig-browser.desktop'),
    `[Desktop Entry]\nType=Application\nName=Browser\nExec=${browserScript} %u\nMimeType=${types.join(';')};\n`,
  );
  writeForUser(
    join(home, '.config/mimeapps.list'),
    `[Default Applications]\n${types.map((type) => `${type}=rig-browser.desktop\n`).join('')}`,
  );
}

/** The addresses that the product had opened in the browser, oldest first. */
export function openedPages(): string[] {
  if (!existsSync(openedFile())) return [];
  return readFileSync(openedFile(), 'utf8').split('\n').slice(0, -1);
}

/** Ends the person's browser, all its processes, and forgets its profile and what was opened in it. */
export async function resetBrowser(): Promise<void> {
  const itsProcesses = ['-u', String(rigUser().uid), '-f', stateFolder()];
  await execa('pkill', ['-KILL', ...itsProcesses], { reject: false });
  // A child that is not gone yet still writes into the profile.
  const until = Date.now() + 10_000;
  while (Date.now() < until && (await execa('pgrep', itsProcesses, { reject: false })).exitCode === 0) {
    await setTimeout(100);
  }
  rmSync(stateFolder(), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
