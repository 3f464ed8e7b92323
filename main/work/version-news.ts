/** What there is to say of OpenClaw's versions; pure. */
import type { Coming, VersionNews } from '../contract.ts';
import type { Receipts } from '../doors.ts';
import { isKnownSafe } from '../openclaw/advisories.ts';
import {
  type Decision,
  newerVersion,
  postponedUntil,
  type UpdateChoices,
  type UpdateFacts,
} from './when-to-update.ts';

/** An update that went well is told for a day (ms). */
const toldFor = 24 * 3_600_000;

export type Updated = Extract<VersionNews, { is: 'updated' }>;

/** How a newer version comes here, by what was decided. */
function comingOf(now: number, { automaticUpdates }: UpdateChoices, decision: Decision): Coming {
  if (!automaticUpdates) return { is: 'by-hand' };
  if (decision.is !== 'wait') return { is: 'at', at: decision.is === 'nothing' ? decision.until : now };
  const { why, until } = decision;
  return why === 'cooling-off' || why === 'postponed' ? { is: 'at', at: until } : { is: 'waits', why };
}

/**
 * @param decision what was decided about these facts
 * @param updated the last update that went well since ClawCove started
 */
export function versionNews(
  now: number,
  choices: UpdateChoices,
  facts: UpdateFacts,
  decision: Decision,
  failedVersions: Receipts['failedVersions'],
  updated: Updated | null,
): VersionNews {
  const version = newerVersion(choices.channel, facts);
  if (version === null) {
    // The distance, not the difference: a clock may have been set back.
    return updated && Math.abs(now - updated.at) < toldFor ? updated : { is: 'none' };
  }
  const failed = failedVersions.find((one) => one.version === version);
  if (failed) return { is: 'failed', version, at: failed.at };
  const urgent = !isKnownSafe(facts.running ?? '');
  const until = postponedUntil(choices, now);
  if (until !== null && !urgent && choices.automaticUpdates) return { is: 'postponed', version, until };
  const { publishedAt } = facts;
  return {
    is: 'available',
    version,
    publishedAt: publishedAt !== null && publishedAt <= now ? publishedAt : null,
    urgent,
    coming: comingOf(now, choices, decision),
  };
}
