import type { Snapshot } from '../contract.ts';
import { causesOf } from '../readings.ts';
import type { Say } from '../text.ts';

/** The gravest fault in one sentence; null when there is none. */
export function sayCause({ rows }: Pick<Snapshot, 'rows'>, say: Say): string | null {
  const [cause] = causesOf(rows);
  if (!cause) return null;
  const { why, facts } = cause.finding;
  // Far from the row's title it has to be named.
  if (why === 'could-not-look') return say('home.not-checked', { what: say(`safeguard.${cause.id}.title`) });
  return say(`reason.${why}`, facts);
}
