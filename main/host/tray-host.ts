import { execFile } from 'node:child_process';

/** How long to wait for the desktop to answer (ms). */
const timeout = 3_000;

const question = ['org.kde.StatusNotifierWatcher', '/StatusNotifierWatcher'] as const;

/** Ways to ask over D-Bus whether anybody shows tray icons; which one is installed differs. */
const askers: readonly (readonly [string, readonly string[]])[] = [
  [
    'busctl',
    [
      '--user',
      'get-property',
      ...question,
      'org.kde.StatusNotifierWatcher',
      'IsStatusNotifierHostRegistered',
    ],
  ],
  [
    'gdbus',
    [
      'call',
      '--session',
      '--dest',
      question[0],
      '--object-path',
      question[1],
      '--method',
      'org.freedesktop.DBus.Properties.Get',
      'org.kde.StatusNotifierWatcher',
      'IsStatusNotifierHostRegistered',
    ],
  ],
  [
    'dbus-send',
    [
      '--session',
      '--print-reply',
      `--dest=${question[0]}`,
      question[1],
      'org.freedesktop.DBus.Properties.Get',
      'string:org.kde.StatusNotifierWatcher',
      'string:IsStatusNotifierHostRegistered',
    ],
  ],
];

/**
 * Whether this Linux desktop shows tray icons: GNOME without an extension, for
 * one, does not, and Electron isn't told. No answer counts as no tray.
 */
export async function hasTrayHost(): Promise<boolean> {
  for (const [file, args] of askers) {
    const answer = await new Promise<string | null>((resolve) => {
      execFile(file, args, { timeout }, (error, out) => resolve(error ? null : out));
    });
    if (answer !== null) return /\btrue\b/.test(answer);
  }
  return false;
}
