import { closeSync, existsSync, fchownSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startDaemon, stopDaemon } from './daemon.ts';
import { displayNumber } from './settings.ts';
import { asUser, becomeUser, rigUser, sessionEnv } from './user.ts';

/** What an Electron window needs on Debian 12, with letters for Chinese. */
export const displayPackages = [
  'xvfb',
  'xauth',
  'dbus',
  'ca-certificates',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libnotify4',
  'fonts-noto-cjk',
  'fonts-dejavu-core',
  'x11-utils',
] as const;

/** Whether something listens on a Unix socket; a file left by a dead server does not. */
export function answers(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const attempt = connect(socket, () => {
      attempt.destroy();
      resolve(true);
    });
    attempt.on('error', () => resolve(false));
  });
}

const screenSocket = `/tmp/.X11-unix/X${displayNumber}`;

/**
 * Gives the person a screen (Xvfb, 1600 × 1200, true colour) and a session bus.
 * The screen is the person's own process; local programs may use it without a cookie, so that a test
 * runner that is root can take pictures.
 */
export async function startDisplay(): Promise<void> {
  await startDaemon({
    name: 'screen',
    argv: asUser([
      'Xvfb',
      `:${displayNumber}`,
      '-screen',
      '0',
      '1600x1200x24',
      '-nolisten',
      'tcp',
      '-dpi',
      '96',
    ]),
    ready: () => answers(screenSocket),
  });
  const socket = join(rigUser().runtimeFolder, 'bus');
  await startDaemon({
    name: 'session-bus',
    argv: becomeUser([
      'dbus-daemon',
      '--session',
      '--nofork',
      '--nopidfile',
      `--address=unix:path=${socket}`,
    ]),
    env: sessionEnv(),
    ready: () => answers(socket),
  });
}

/**
 * Lets the person's programs onto the screen that the invoker sits at: its address and, where it has one,
 * a copy of its key. What nobody sits at is lent by nobody.
 * @returns what to add to the person's environment
 */
export function lendScreen({ DISPLAY, XAUTHORITY }: NodeJS.ProcessEnv): Record<string, string> {
  if (!DISPLAY) return {};
  const key = XAUTHORITY ?? join(homedir(), '.Xauthority');
  if (!existsSync(key)) return { DISPLAY };
  const { uid, gid, runtimeFolder } = rigUser();
  const lent = join(runtimeFolder, 'lent-screen-key');
  // The folder is the person's: whatever lies there under that name is not followed.
  rmSync(lent, { force: true });
  const file = openSync(lent, 'wx', 0o600);
  try {
    writeFileSync(file, readFileSync(key));
    fchownSync(file, uid, gid);
  } finally {
    closeSync(file);
  }
  return { DISPLAY, XAUTHORITY: lent };
}

/** Takes screen and session bus away, with every window on it. */
export async function stopDisplay(): Promise<void> {
  await stopDaemon('session-bus');
  await stopDaemon('screen');
}
