import type { Finding } from '../contract.ts';
import { isKnownSafe, safeFloor, weaknessesOf } from '../openclaw/advisories.ts';
import { knock } from '../openclaw/gateway.ts';
import { moveToNewest } from '../openclaw/move-version.ts';
import { isOlder } from '../openclaw/versions.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** More weaknesses than this are not read out one by one. */
const mostNamed = 5;

/** Whether the running version is safe and current; pure. `newest` null: nobody could be asked. */
export function judgeVersion(running: string, newest: string | null, at: number): Finding {
  const evidence = [saw(at, 'version-running', { version: running })];
  if (newest) evidence.push(saw(at, 'version-newest', { version: newest }));
  const facts = { version: running, newest: newest ?? '', floor: safeFloor };
  if (!isKnownSafe(running)) {
    const weaknesses = weaknessesOf(running).slice(0, mostNamed);
    const known = weaknesses.map(({ id, fixedIn, means }) => saw(at, means, { id, fixedIn }));
    return broken('danger', 'version-unsafe', [...evidence, ...known], {
      ...facts,
      // Below the floor without a number of its own: the floor says why.
      weaknesses: weaknesses.map(({ id }) => id).join(', ') || `< ${safeFloor}`,
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
    return judgeVersion(answer.version, await releases.newest(store.choices().channel, signal), clock.now());
  },
  fix: moveToNewest,
};
