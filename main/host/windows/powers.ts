import { join } from 'node:path';
import * as z from 'zod';
import type { Outcome, Run } from '../../doors.ts';
import type { PowerState, PowersSeen } from '../../host-powers.ts';
import { exists, readBounded } from '../files.ts';
import { namesIn } from '../names-in.ts';
import type { Programs } from './programs.ts';
import { startupFolder } from './startup-folder.ts';
import { taskNamesIn, taskNamesQuery } from './task-names.ts';

const timeoutMs = 10_000;

/** As OpenClaw calls its task, its file among what starts at login, and those of profiles. */
const nodeName = /^OpenClaw Node( \(.+\))?$/;

/**
 * The companion's own settings; what it doesn't write down has its default: node mode off, and the screen
 * among what a node offers. Source: SettingsData of openclaw-windows-node.
 */
const Settings = z.object({
  EnableNodeMode: z.boolean().default(false),
  NodeScreenEnabled: z.boolean().default(true),
});
const companion = 'OpenClaw Companion';

/** What was found on this Windows computer. */
export interface WindowsFound {
  /** What `schtasks` answered when asked for all tasks, as CSV without a heading. */
  readonly tasks: Outcome;
  /** Names in the person's folder of what starts at login; null: unreadable. */
  readonly startsAtLogin: readonly string[] | null;
  /** The companion's settings: null where there are none, else their text; '' where they can't be read. */
  readonly settings: string | null;
}

function settingsIn(text: string | null): z.infer<typeof Settings> | null {
  if (text === null) return { EnableNodeMode: false, NodeScreenEnabled: false };
  try {
    // .NET may write a mark before the text.
    return Settings.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/** What was found means this; pure. */
export function windowsPowersFrom({ tasks, startsAtLogin, settings }: WindowsFound): PowersSeen {
  const names = taskNamesIn(tasks);
  const says = settingsIn(settings);
  const unread: PowerState = { is: 'unreadable', detail: 'OpenClawTray' };
  const node = (): PowerState => {
    const files = startsAtLogin?.map((name) => name.replace(/\.(cmd|vbs|lnk)$/i, ''));
    if ([...(names ?? []), ...(files ?? [])].some((name) => nodeName.test(name)))
      return { is: 'on', by: 'OpenClaw Node', settings: null };
    if (says?.EnableNodeMode) return { is: 'on', by: companion, settings: null };
    if (says === null) return unread;
    if (names === null) return { is: 'unreadable', detail: 'schtasks' };
    return files === undefined ? { is: 'unreadable', detail: 'Startup' } : { is: 'off' };
  };
  const screen = (): PowerState => {
    if (says === null) return unread;
    return says.EnableNodeMode && says.NodeScreenEnabled
      ? { is: 'on', by: companion, settings: null }
      : { is: 'off' };
  };
  // Windows asks nobody before a program works another one.
  return { accessibility: { is: 'none-here' }, screen: screen(), node: node() };
}

/**
 * Looks on Windows; nothing is changed.
 *
 * @param appData the person's own folder for programs' settings (`%APPDATA%`)
 */
export async function windowsPowers(
  run: Run,
  { schtasks }: Pick<Programs, 'schtasks'>,
  appData: string,
  signal: AbortSignal,
): Promise<PowersSeen> {
  const settings = join(appData, 'OpenClawTray', 'settings.json');
  const startup = startupFolder(appData);
  const [tasks, startsAtLogin, text, isThere] = await Promise.all([
    run({ file: schtasks, args: taskNamesQuery, timeoutMs, signal, encoding: 'latin1' }),
    namesIn(startup),
    readBounded(settings),
    exists(settings),
  ]);
  return windowsPowersFrom({ tasks, startsAtLogin, settings: text ?? (isThere ? '' : null) });
}
