import type { Attempted, AttemptId } from './contract.ts';
import type { Say } from './text.ts';

/** What there is to say of what became of one attempt. */
export function attemptSays(id: AttemptId, result: Attempted, say: Say): string {
  if (result.is === 'got-through') return say(`attempt.${id}.through`);
  return say(result.is === 'stopped' ? `stopper.${result.by}` : `untried.${result.why}`);
}
