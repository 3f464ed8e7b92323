import type { Row } from './contract.ts';
import type { Say } from './text.ts';

/** What there is to say of one safeguard. */
export function rowSays({ id, finding, blame }: Row, say: Say): string {
  if (finding === null) return say('reason.not-looked');
  if (finding.is === 'ok') return say(`safeguard.${id}.ok`);
  if (blame !== null) return say('cli.waits-for', { cause: say(`safeguard.${blame}.title`) });
  return say(`reason.${finding.why}`, finding.facts);
}
