/** How Windows and macOS are told to start ClawCove at login, by Electron; pure. */
import type { LoginItemSettings } from 'electron';
import type { Launch } from './autostart.ts';
import { quoteWord } from './windows/quote.ts';

/** What Electron is to be asked for. macOS starts the app itself, and hands no words on. */
export function electronLogin(
  system: 'windows' | 'macos',
  { file, args }: Launch,
): { readonly path?: string; readonly args?: string[] } {
  if (system === 'macos') return {};
  // Electron puts the program in quotes and the words behind it as they are. Source: its browser_win.cc.
  return { path: file, args: [...args, '--hidden'].map(quoteWord) };
}

/** Whether the system will do it; where it doesn't say, it is believed to. */
export function mayStart(
  system: 'windows' | 'macos',
  seen: Partial<Pick<LoginItemSettings, 'executableWillLaunchAtLogin' | 'status'>>,
): boolean {
  if (system === 'windows') return seen.executableWillLaunchAtLogin !== false;
  return seen.status !== 'requires-approval';
}
