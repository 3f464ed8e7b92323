import type { Finding } from '../contract.ts';
import { safeFloor, weaknessesOf } from '../openclaw/advisories.ts';
import { knock } from '../openclaw/gateway.ts';
import { isOlder } from '../openclaw/versions.ts';
import { updateToNewest } from '../update/update.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** Whether the running version is safe and current; pure. `newest` null: nobody could be asked. */
export function judgeVersion(running: string, newest: string | null, at: number): Finding {
  const evidence = [saw(at, 'version-running', { version: running })];
  if (newest) evidence.push(saw(at, 'version-newest', { version: newest }));
  const weaknesses = weaknessesOf(running);
  const facts = { version: running, newest: newest ?? '', floor: safeFloor };
  if (weaknesses.length > 0 || isOlder(running, safeFloor)) {
    return broken('danger', 'version-unsafe', evidence, {
      ...facts,
      // Below the floor without a number of its own: the floor says why.
      weaknesses: weaknesses.slice(0, 5).join(', ') || `< ${safeFloor}`,
    });
  }
  if (newest === null) return unknown('newest-unknown', evidence, facts);
  if (isOlder(running, newest)) return broken('attention', 'version-behind', evidence, facts);
  return ok(evidence);
}

/** The version that really answers is known to be safe, and is the newest. */
export const agentVersion: Safeguard = {
  id: 'agent-version',
  guide: ['up-to-date'],
  needs: ['gateway-running'],
  patience: 0,
  async check({ net, releases, store, vault, clock }, signal) {
    const answer = await knock(net, store.choices().port, await vault.read('gateway-token'), signal);
    if (answer.is !== 'let-in') return unknown('gateway-answers-strangely');
    return judgeVersion(answer.version, await releases.newest(signal), clock.now());
  },
  fix: updateToNewest,
};
