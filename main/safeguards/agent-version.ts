import type { Finding } from '../contract.ts';
import { isKnownSafe, safeFloor, weaknessesOf } from '../openclaw/advisories.ts';
import { knock } from '../openclaw/gateway.ts';
import { isOlder } from '../openclaw/versions.ts';
import { updateToNewest } from '../update/update.ts';
import { excuse, gatherOffer, type Offer } from './offer.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** More weaknesses than this are not read out one by one. */
const mostNamed = 5;
/** A version that came out less than this ago (ms) is not missed yet: it has to be tried by others first. */
const youngFor = 7 * 24 * 3_600_000;

/** Whether the running version is safe and current; pure. `offer` null: nobody could be asked. */
export function judgeVersion(running: string, offer: Offer | null, at: number): Finding {
  const evidence = [saw(at, 'version-running', { version: running })];
  if (offer) evidence.push(saw(at, 'version-newest', { version: offer.newest }));
  const heldBack = offer?.heldBack ?? null;
  if (heldBack !== null) evidence.push(saw(at, 'version-held-back', { version: heldBack }));
  const facts = { version: running, newest: offer?.newest ?? '', floor: safeFloor };
  if (!isKnownSafe(running)) {
    const weaknesses = weaknessesOf(running).slice(0, mostNamed);
    const known = weaknesses.map(({ id, fixedIn, means }) => saw(at, means, { id, fixedIn }));
    return broken('danger', 'version-unsafe', [...evidence, ...known], {
      ...facts,
      // Below the floor without a number of its own: the floor says why.
      weaknesses: weaknesses.map(({ id }) => id).join(', ') || `< ${safeFloor}`,
    });
  }
  if (offer === null) return unknown('newest-unknown', evidence, facts);
  if (!isOlder(running, offer.newest)) {
    // It was asked inside, where somebody might lie: nobody is kept waiting without being told.
    const isWaiting = heldBack !== null && isOlder(running, heldBack);
    return ok(evidence, isWaiting ? [{ code: 'version-held-back', facts: { newest: heldBack } }] : []);
  }
  const code = excuse(offer, youngFor, at);
  if (code === null) return broken('attention', 'version-behind', evidence, facts);
  return ok(evidence, [{ code, facts: { newest: offer.newest } }]);
}

/** The version that really answers is known to be safe, and not behind for long. */
export const agentVersion: Safeguard = {
  id: 'agent-version',
  guide: ['up-to-date'],
  needs: ['gateway-running'],
  patience: 0,
  async check(doors, signal) {
    const { net, store, vault, clock } = doors;
    const { port } = store.choices();
    const answer = await knock(net, port, await vault.read('gateway-token'), signal);
    if (answer.is !== 'let-in') return unknown('gateway-answers-strangely');
    const { version } = answer;
    return judgeVersion(version, await gatherOffer(doors, version, signal), clock.now());
  },
  fix: updateToNewest,
};
