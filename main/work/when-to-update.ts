/**
 * When OpenClaw is brought up to date by itself. Pure: the moment, the zone and all that was
 * seen are handed in, and nothing is remembered but what stands in the facts. So a computer
 * that was off or asleep catches up as soon as it is asked, and a clock that is set forward
 * or back, or a zone that changes, leads to one look more at most, and never to none.
 */
import type { Channel, Choices, UpdateWait } from '../contract.ts';
import type { Power, Receipts } from '../doors.ts';
import { isKnownSafe } from '../openclaw/advisories.ts';
import type { AgentWork } from '../openclaw/agent-work.ts';
import { isOlder } from '../openclaw/versions.ts';
import type { Updates } from '../update/journal.ts';
import { costNow } from './cost-now.ts';
import { lastHour, nextHour } from './hour-of-day.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A version that is younger than this has not been tried by many: others find out first what is wrong with it. */
const coolingOff = 2 * day;
/** For how long "wait a week" postpones. */
export const postponement = 7 * day;
/** A look or an update that can't be made now is thought over again after this long. */
const thinkAgain = 15 * minute;
/** After an update that came to nothing (no network, no room) the next one comes after this long, then that. */
const retryAfter = [15 * minute, hour, 6 * hour, day] as const;
/** How long an agent at work is waited for, and one that can't be asked: there, the person's hour has to do. */
const patience = { busy: day, unknown: hour } as const;

/** What is seen of the surroundings when an update could begin. */
export interface Surroundings {
  readonly power: Power;
  readonly isMetered: boolean | null;
  readonly agent: AgentWork;
  /** Since when the agent is waited for (ms since 1970); null: not yet. */
  readonly waitingSince: number | null;
}

/** Under which nothing speaks against an update: whoever decides with these learns whether it is worth looking. */
export const nothingInTheWay: Surroundings = {
  power: { is: 'mains' },
  isMetered: null,
  agent: 'idle',
  waitingSince: null,
};

/** What is known of versions and of what was tried. */
export interface UpdateFacts {
  /** The version that answers; null when none does. */
  readonly running: string | null;
  readonly look: Receipts['lastLook'];
  /** When the source was last asked in vain (ms since 1970). */
  readonly askedInVainAt: number | null;
  /** When the newest version was published (ms since 1970); null: nobody says. */
  readonly publishedAt: number | null;
  /** The version that didn't work here; null: none since the last one that did. */
  readonly failed: Updates['failed'];
  /** Updates to the newest version that were begun by themselves and came to nothing (ms since 1970). */
  readonly inVain: readonly number[];
  readonly surroundings: Surroundings;
}

export type UpdateChoices = Pick<
  Choices,
  'channel' | 'automaticUpdates' | 'updateHour' | 'postponedUntil' | 'stopped'
>;

/** `until`: when to think again at the latest (ms since 1970). */
export type Decision =
  | { readonly is: 'nothing'; readonly until: number }
  | { readonly is: 'look' }
  | { readonly is: 'update'; readonly version: string }
  | { readonly is: 'wait'; readonly why: UpdateWait; readonly until: number };

/** The version there would be to move to on a channel; null when what runs is the newest, or unknown. */
export function newerVersion(
  channel: Channel,
  { running, look }: Pick<UpdateFacts, 'running' | 'look'>,
): string | null {
  const newest = look?.channel === channel ? look.newest : null;
  return running !== null && newest !== null && isOlder(running, newest) ? newest : null;
}

/** Whether `at` lies in the past, and less than `ms` ago: a moment that is still to come was another clock's. */
const isWithin = (at: number | null, ms: number, now: number) => at !== null && at <= now && now - at < ms;

function isLookDue(
  now: number,
  zone: string,
  { updateHour, channel }: UpdateChoices,
  { look, askedInVainAt }: UpdateFacts,
): boolean {
  if (isWithin(askedInVainAt, thinkAgain, now)) return false;
  if (look === null || look.channel !== channel || look.at > now) return true;
  return look.at < lastHour(now, updateHour, zone);
}

/** Until when the person wants to wait; a date further away than they can ask for was another clock's. */
export function postponedUntil(
  { postponedUntil: until }: Pick<Choices, 'postponedUntil'>,
  now: number,
): number | null {
  return until !== null && until > now && until - now <= postponement ? until : null;
}

/** Since when the newest version counts as being out; what was published tomorrow was dated by another clock. */
function outSince(now: number, { look, publishedAt }: UpdateFacts): number {
  if (publishedAt !== null && publishedAt <= now) return publishedAt;
  return Math.min(look?.since ?? now, now);
}

/** What has to pass before a version that is in no hurry is taken, and until when it lasts. */
function ripening(
  now: number,
  choices: UpdateChoices,
  facts: UpdateFacts,
): { readonly why: 'cooling-off' | 'postponed'; readonly until: number } {
  const cool = outSince(now, facts) + coolingOff;
  const postponed = postponedUntil(choices, now) ?? 0;
  return cool > postponed ? { why: 'cooling-off', until: cool } : { why: 'postponed', until: postponed };
}

/** What speaks against an update at this moment, and when to think again; null: nothing. */
function inTheWay(
  now: number,
  { stopped }: UpdateChoices,
  { inVain, surroundings }: UpdateFacts,
): { readonly why: UpdateWait; readonly until: number } | null {
  const { power, isMetered, agent, waitingSince } = surroundings;
  const later = now + thinkAgain;
  if (stopped) return { why: 'stopped', until: later };
  const tries = inVain.filter((at) => at <= now);
  const rest = retryAfter[Math.min(tries.length, retryAfter.length) - 1];
  const last = Math.max(...tries);
  if (rest !== undefined && isWithin(last, rest, now)) return { why: 'tried-lately', until: last + rest };
  const cost = costNow(power, isMetered);
  if (cost !== null) return { why: cost, until: later };
  if (agent === 'idle') return null;
  const end = Math.min(waitingSince ?? now, now) + patience[agent];
  return now < end ? { why: 'agent-busy', until: Math.min(later, end) } : null;
}

/**
 * What to do about OpenClaw's version now.
 *
 * @param now ms since 1970
 * @param zone the person's time zone, by its IANA name
 */
export function decide(now: number, zone: string, choices: UpdateChoices, facts: UpdateFacts): Decision {
  const { updateHour } = choices;
  if (isLookDue(now, zone, choices, facts)) return { is: 'look' };
  const version = newerVersion(choices.channel, facts);
  if (version === null || facts.failed?.version === version || !choices.automaticUpdates)
    return { is: 'nothing', until: nextHour(now + 1, updateHour, zone) };
  // A version with known holes is left at once: no hour and no week is waited for.
  if (isKnownSafe(facts.running ?? '')) {
    const { why, until } = ripening(now, choices, facts);
    // It is taken at the person's hour, or as soon after it as the computer is there.
    if (lastHour(now, updateHour, zone) < until)
      return { is: 'wait', why, until: nextHour(Math.max(until, now), updateHour, zone) };
  }
  const hurdle = inTheWay(now, choices, facts);
  return hurdle ? { is: 'wait', ...hurdle } : { is: 'update', version };
}
