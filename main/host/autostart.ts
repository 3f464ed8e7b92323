import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** How ClawCove is started: a program and its arguments. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * One argument of a desktop entry's Exec line, by the Desktop Entry
 * Specification: quoted where it must be, `%` doubled, and then escaped once
 * more because the whole line is a string value.
 */
export function execArgument(argument: string): string {
  const isPlain = /^[\w@+=:,./-]+$/.test(argument);
  const quoted = isPlain ? argument : `"${argument.replace(/["`$\\]/g, '\\$&')}"`;
  return quoted.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** The XDG autostart entry that starts ClawCove in the tray at login. */
export function autostartEntry({ file, args }: Launch): string {
  return `${[
    '[Desktop Entry]',
    'Type=Application',
    'Name=ClawCove',
    'Comment=Keeps OpenClaw safe',
    'Comment[zh_CN]=守护 OpenClaw 的安全',
    `Exec=${[file, ...args, '--hidden'].map(execArgument).join(' ')}`,
    'Icon=clawcove',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    // The tray comes up with the desktop; an icon that is too early is lost on some.
    'X-GNOME-Autostart-Delay=5',
  ].join('\n')}\n`;
}

/** Starts ClawCove at login, or no longer, on desktops that follow the XDG autostart specification. */
export async function setXdgAutostart(on: boolean, configFolder: string, launch: Launch): Promise<void> {
  const file = join(configFolder, 'autostart', 'clawcove.desktop');
  if (!on) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, autostartEntry(launch), { mode: 0o644 });
}
