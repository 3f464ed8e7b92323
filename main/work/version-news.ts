/** What there is to say of OpenClaw's versions; pure. */
import type { Coming, VersionNews } from '../contract.ts';
import { isKnownSafe } from '../openclaw/advisories.ts';
import type { Arrival } from '../update/arrival.ts';
import {
  type Decision,
  newerVersion,
  postponedUntil,
  type UpdateChoices,
  type UpdateFacts,
} from './when-to-update.ts';

/** How a newer version comes here, by what was decided. */
function comingOf(now: number, { automaticUpdates }: UpdateChoices, decision: Decision): Coming {
  if (!automaticUpdates) return { is: 'by-hand' };
  if (decision.is !== 'wait') return { is: 'at', at: decision.is === 'nothing' ? decision.until : now };
  const { why, until } = decision;
  return why === 'cooling-off' || why === 'postponed' ? { is: 'at', at: until } : { is: 'waits', why };
}

/**
 * @param decision what was decided about these facts
 * @param arrival the version that has come lately; null: none
 */
export function versionNews(
  now: number,
  choices: UpdateChoices,
  facts: UpdateFacts,
  decision: Decision,
  arrival: Arrival | null,
): VersionNews {
  // Until it has proved itself, nothing else is to be done about versions.
  if (arrival?.is === 'watched') return arrival;
  const version = newerVersion(choices.channel, facts);
  if (version === null) return arrival ?? { is: 'none' };
  if (facts.failed?.version === version) return { is: 'failed', ...facts.failed };
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
