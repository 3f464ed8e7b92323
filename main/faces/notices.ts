import type { Light, Snapshot } from '../contract.ts';
import { causesOf } from '../readings.ts';
import type { Say } from '../text.ts';
import { sayCause } from './say-cause.ts';

/** Something worth interrupting the person for. */
export interface Notice {
  readonly id:
    | 'danger'
    | 'attention'
    | 'fixed'
    | 'finished'
    | 'failed'
    | 'asking'
    | 'updated'
    | 'update-ready';
  readonly title: string;
  readonly body: string;
}

/** What the person was told so far. */
export interface Told {
  /** The bad light that they know of, so that it is told once and its end is worth telling too. */
  readonly bad: 'danger' | 'attention' | null;
  /** The version that they were told is ready, so that they are told once. */
  readonly ready: string | null;
  /** When each kind was last told (ms since 1970). */
  readonly at: Readonly<Partial<Record<Notice['id'], number>>>;
}

export const toldNothing: Told = { bad: null, ready: null, at: {} };

/** The same kind of bad news is told at most this often (ms), however much the light flickers. */
const quietFor = 30 * 60_000;

/** Whether the light says what is, rather than what is just being looked at or worked on. */
function isSettled({ looking, work, lookedAt }: Snapshot): boolean {
  return !looking && lookedAt !== null && work.is === 'idle';
}

/** News from the work itself: they need no complete look. */
function workNews(before: Snapshot, { work, choices, rows }: Snapshot, say: Say): Notice[] {
  const notice = (id: 'finished' | 'failed' | 'asking', body: string): Notice[] => [
    { id, title: say(`notice.${id}.title`), body },
  ];
  if (work.is === before.work.is) return [];
  if (work.is === 'failed')
    return notice(
      'failed',
      say('notice.failed.body', { what: say(`problem.${work.problem.code}.what`, work.problem.facts) }),
    );
  if (work.is === 'asking') return notice('asking', say('notice.asking.body'));
  const wasSettingUp = before.work.is === 'running' && before.work.job === 'set-up';
  if (work.is === 'idle' && wasSettingUp && !choices.movedIn)
    return notice('finished', say(`notice.finished.${causesOf(rows).length === 0 ? 'body' : 'open'}`));
  return [];
}

/** News of OpenClaw's versions: one that came, or one that somebody has to bring. What comes by itself is no news yet. */
function versionNews(
  ready: Told['ready'],
  before: Snapshot,
  { versionNews: news }: Snapshot,
  say: Say,
): Notice[] {
  const notice = (id: 'updated' | 'update-ready', version: string): Notice[] => [
    { id, title: say(`notice.${id}.title`, { version }), body: say(`notice.${id}.body`) },
  ];
  // Every version that is kept was watched before; what else shows that it came is an old story.
  if (news.is === 'updated' && before.versionNews.is === 'watched') return notice('updated', news.version);
  const isByHand = news.is === 'available' && news.coming.is === 'by-hand';
  return isByHand && news.version !== ready ? notice('update-ready', news.version) : [];
}

/** News of a light that has settled. From danger down to attention is no news: it is told already. */
function lightNews(bad: Told['bad'], next: Snapshot, say: Say): Notice[] {
  const { light } = next;
  const badNews = (id: 'danger' | 'attention'): Notice[] => {
    const body = say(`notice.${id}.body`, { why: sayCause(next, say) ?? say(`light.${id}.plain`) });
    return [{ id, title: say(`notice.${id}.title`), body }];
  };
  if (light === 'danger' && bad !== 'danger') return badNews(light);
  if (light === 'attention' && bad === null) return badNews(light);
  if (light === 'good' && bad !== null)
    return [{ id: 'fixed', title: say('notice.fixed.title'), body: say('notice.fixed.body') }];
  return [];
}

/** What bad light the person knows of now; one that they weren't told stays news. */
function badAfter(bad: Told['bad'], light: Light, isKnown: boolean): Told['bad'] {
  if (light === 'good' || light === 'stopped') return null;
  if (light !== 'danger' && light !== 'attention') return bad;
  return isKnown || bad === 'danger' ? light : bad;
}

/**
 * What to tell the person about a change of the Snapshot, and what they know
 * then. Pure. A window that they are looking at tells it better, so nothing is
 * said beside it; before they have moved in there is nothing to watch.
 */
export function noticesFor(
  told: Told,
  before: Snapshot,
  next: Snapshot,
  { isWatched, now, say }: { isWatched: boolean; now: number; say: Say },
): { notices: readonly Notice[]; told: Told } {
  const isSettledLight = next.choices.movedIn && isSettled(next);
  const isQuiet = ({ id }: Notice) => now - (told.at[id] ?? Number.NEGATIVE_INFINITY) < quietFor;
  const ofLight = isSettledLight ? lightNews(told.bad, next, say).filter((notice) => !isQuiet(notice)) : [];
  // Work is started by a person, or a few times by the watch, so its news are never a storm.
  const ofVersions = next.choices.movedIn ? versionNews(told.ready, before, next, say) : [];
  const notices = isWatched ? [] : [...workNews(before, next, say), ...ofLight, ...ofVersions];
  const isKnown = isWatched || notices.some(({ id }) => id === next.light);
  return {
    notices,
    told: {
      ready: next.versionNews.is === 'available' ? next.versionNews.version : told.ready,
      bad: isSettledLight ? badAfter(told.bad, next.light, isKnown) : told.bad,
      at: { ...told.at, ...Object.fromEntries(notices.map(({ id }) => [id, now])) },
    },
  };
}
