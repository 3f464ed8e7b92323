import type { Facts, Intent, Light, Snapshot } from '../contract.ts';
import { causesOf } from '../readings.ts';
import type { Say } from '../text.ts';
import { sayCause } from './say-cause.ts';

/** What a click in the tray does: something of the app itself, or an intent like the window's. */
export type TrayAction =
  | { readonly is: 'none' }
  | { readonly is: 'show-window' }
  | { readonly is: 'quit' }
  | { readonly is: 'intent'; readonly intent: Intent };

export interface TrayItem {
  readonly label: string;
  readonly action: TrayAction;
  readonly enabled: boolean;
}

export type TrayEntry = TrayItem | 'line';

/** The tray as it should be now. */
export interface TrayView {
  readonly icon: Light;
  readonly tooltip: string;
  readonly items: readonly TrayEntry[];
}

/** Why the light is as it is, in one sentence. */
function why(snapshot: Snapshot, say: Say): string {
  const { work, light, choices } = snapshot;
  if (work.is === 'running') return say(`step.${work.step}`);
  if (work.is === 'asking') return say('tray.asking');
  if (work.is === 'failed') return say(`problem.${work.problem.code}.what`, work.problem.facts);
  if (!choices.agreed && !choices.movedIn) return say('tray.not-set-up');
  if (light === 'good' || light === 'stopped') return say(`tray.light.${light}`);
  return sayCause(snapshot, say) ?? say(`tray.light.${light}`);
}

const nothing: TrayAction = { is: 'none' };
const intent = (intent: Intent): TrayAction => ({ is: 'intent', intent });

/**
 * The tray as a pure function of the Snapshot: nothing here can say something
 * else than the window does.
 */
export function trayView(snapshot: Snapshot, say: Say): TrayView {
  const { light, work, choices, rows, versionNews } = snapshot;
  const isIdle = work.is === 'idle' || work.is === 'failed';
  const isSettled = choices.agreed || choices.movedIn;
  const causes = causesOf(rows);
  const item = (key: string, action: TrayAction, enabled = true, facts: Facts = {}): TrayItem => ({
    label: say(key, facts),
    action,
    enabled,
  });
  const reason = why(snapshot, say);
  const showsCause = isIdle && isSettled && light !== 'good' && light !== 'stopped';
  const more = showsCause && work.is === 'idle' ? causes.length - 1 : 0;
  const canFix = causes.some(({ fixable, finding }) => fixable && finding?.is === 'broken');
  const items: TrayEntry[] = [
    { label: reason, action: nothing, enabled: false },
    ...(more > 0
      ? [{ label: say('tray.and-more', { count: more }), action: nothing, enabled: false } as const]
      : []),
    'line',
    item('tray.window', { is: 'show-window' }),
  ];
  if (isSettled) {
    items.push(item('tray.open', intent({ do: 'open', what: 'openclaw' }), isIdle && !choices.stopped));
    if (canFix) items.push(item('tray.fix-all', intent({ do: 'fix-all' }), isIdle));
    if (versionNews.is === 'available' || versionNews.is === 'postponed') {
      const { version } = versionNews;
      items.push(item('tray.update', intent({ do: 'update-now' }), isIdle, { version }));
    }
    items.push(item('tray.check-now', intent({ do: 'check-now' }), isIdle && !snapshot.looking));
    items.push(
      choices.stopped
        ? item('tray.start', intent({ do: 'start' }), isIdle)
        : item('tray.stop', intent({ do: 'stop' }), isIdle),
    );
  }
  items.push('line', item('tray.quit', { is: 'quit' }));
  return { icon: light, tooltip: `ClawCove: ${reason}`, items };
}
