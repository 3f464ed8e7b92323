import type { Finding } from '../contract.ts';
import { makeHome } from '../openclaw/make.ts';
import { isOlder } from '../openclaw/versions.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import type { EngineState } from '../sandbox/sandbox.ts';
import { updateToNewest } from '../update/update.ts';
import { excuse, gatherOffer, type Offer } from './offer.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

const day = 24 * 3_600_000;
/**
 * A home can't write to its own programs, so its system gets no security fix but with another
 * image. Distributions mend something serious in a base system every few weeks: after two
 * months some of it is missing for sure, and a lull between two releases is not a fault yet (ms).
 */
const oldAfter = 60 * day;
/** The two days that every version is left to others first, and one until the person's hour has come (ms). */
const youngFor = 3 * day;
/** So far clocks may differ (ms); an image from further ahead was dated by a wrong one, or is looked at by one. */
const tolerance = day;

/** How old an image is (ms); null when that can't be told. Pure. */
export function ageOf(madeAt: number | null, at: number): number | null {
  return madeAt === null || madeAt > at + tolerance ? null : Math.max(0, at - madeAt);
}

/** Whether the home's image is recent enough for its system's security fixes; pure. */
export function judgeImage(
  madeAt: number | null,
  running: string,
  /** null: nobody could be asked, or it did not matter */
  offer: Offer | null,
  at: number,
): Finding {
  const ageMs = ageOf(madeAt, at);
  if (madeAt === null || ageMs === null) return unknown('system-undated', [saw(at, 'system-undated')]);
  const age = Math.round(ageMs / 1000);
  const evidence = [saw(at, 'system-made', { date: new Date(madeAt).toISOString().slice(0, 10), age })];
  if (ageMs < oldAfter) return ok(evidence);
  if (offer === null) return unknown('system-old-newest-unknown', evidence, { age });
  const { newest } = offer;
  evidence.push(saw(at, 'version-newest', { version: newest }));
  // What nobody can mend is said, but is no alarm.
  if (!isOlder(running, newest)) return ok(evidence, [{ code: 'system-old', facts: { age } }]);
  const code = excuse(offer, youngFor, at);
  if (code === null) return broken('attention', 'system-old', evidence, { age, newest });
  return ok(evidence, [{ code, facts: { newest } }]);
}

/**
 * Whether the system that the home stands on takes its makers' fixes by itself; pure. Null: nothing is to be said of
 * that, because the system is the image's, or it does.
 */
export function judgeOwnUpdates(state: EngineState, at: number): Finding | null {
  if (state.is !== 'ready' || state.ownUpdates === undefined || state.ownUpdates === 'on') return null;
  return state.ownUpdates === 'off'
    ? broken('attention', 'own-updates-off', [saw(at, 'own-updates-off')])
    : unknown('own-updates-unknown', [saw(at, 'own-updates-unknown')]);
}

/** The image that the home was made from, and the system below it, are recent enough for their makers' security fixes. */
export const sandboxPatched: Safeguard = {
  id: 'sandbox-patched',
  guide: ['up-to-date'],
  needs: ['sandbox-exists'],
  patience: 0,
  async check(doors, signal) {
    const { sandbox, clock } = doors;
    const there = await sandbox.inspect(signal);
    if (there.is !== 'present')
      return broken('attention', 'home-missing', [saw(clock.now(), 'home-not-found')]);
    const madeAt = await sandbox.imageDate(there.image, signal);
    const age = ageOf(madeAt, clock.now());
    // Whether there is a newer one matters only then.
    const isOld = age !== null && age >= oldAfter;
    const offer = isOld ? await gatherOffer(doors, there.version, signal) : null;
    const finding = judgeImage(madeAt, there.version, offer, clock.now());
    if (finding.is !== 'ok') return finding;
    const engine = await sandbox.probe(signal);
    const own = judgeOwnUpdates(engine, clock.now());
    if (own) return own;
    if (engine.is !== 'ready' || engine.ownUpdates === undefined) return finding;
    return { ...finding, evidence: [...finding.evidence, saw(clock.now(), 'own-updates-on')] };
  },
  async fix(doors, job) {
    const own = judgeOwnUpdates(await doors.sandbox.probe(job.signal), doors.clock.now());
    if (own === null) return updateToNewest(doors, job);
    await makeHome(doors, job);
    await wakeIfWanted(doors, job);
  },
};
