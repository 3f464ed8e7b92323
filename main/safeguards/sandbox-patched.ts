import type { Evidence, Finding } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ago } from '../near.ts';
import { isOlder } from '../openclaw/versions.ts';
import { wakeIfWanted } from '../openclaw/wake.ts';
import { isSettled } from '../readings.ts';
import type { OwnSystem } from '../sandbox/sandbox.ts';
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
/** A system that looks for fixes daily has them within two days; a computer may be without a network for some more (ms). */
const fixedWithin = 7 * day;
/** It begins anew by itself in the night after the fixes came; a computer that sleeps at night needs some more (ms). */
const restartedWithin = 3 * day;
/** After a long sleep it catches up by itself (ms). */
const catchingUp = day;

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
 * Whether a system that the home has of its own has its security fixes; null: it has none of its own. Pure.
 *
 * @param madeAt when the home was made (ms since 1970); null: nobody knows
 */
export function judgeOwnSystem(system: OwnSystem, madeAt: number | null, at: number): Finding | null {
  if (system.is === 'none') return null;
  if (system.is === 'resting') return unknown('own-system-resting');
  if (system.is === 'unreadable') return unknown('own-system-unreadable');
  const { untrustedName, isAutomatic, askedAt, fixedAt, restartSince, upSince } = system;
  const name = untrustedName || '?';
  const seconds = (since: number) => Math.round(ago(since, at) / 1000);
  const evidence: Evidence[] = [
    saw(at, isAutomatic ? 'own-system-automatic' : 'own-system-by-hand', { name }),
    askedAt === null
      ? saw(at, 'own-system-never-asked')
      : saw(at, 'own-system-asked', { ago: seconds(askedAt) }),
    fixedAt === null
      ? saw(at, 'own-system-never-fixed')
      : saw(at, 'own-system-fixed', { ago: seconds(fixedAt) }),
    ...(restartSince === null ? [] : [saw(at, 'own-system-restart', { ago: seconds(restartSince) })]),
  ];
  if (!isAutomatic) return broken('attention', 'own-system-by-hand', evidence);
  const since = fixedAt ?? madeAt ?? upSince;
  if (ago(since, at) > fixedWithin) {
    if (ago(upSince, at) < catchingUp) return ok(evidence, [{ code: 'own-system-catching-up', facts: {} }]);
    return broken('attention', 'own-system-unfixed', evidence, { age: seconds(since) });
  }
  if (restartSince !== null && ago(restartSince, at) > restartedWithin)
    return broken('attention', 'own-system-restart', evidence, { age: seconds(restartSince) });
  return ok(evidence, fixedAt === null ? [{ code: 'own-system-new', facts: {} }] : []);
}

const gravest = ['broken', 'unknown', 'ok', 'not-applicable'] as const;

/** What two looks at the same thing come to: the graver word, and all that was seen; pure. */
export function both(one: Finding, other: Finding | null): Finding {
  if (other === null) return one;
  const [first, second] = [one, other].toSorted((a, b) => gravest.indexOf(a.is) - gravest.indexOf(b.is));
  if (!first || !second) return one;
  const evidence = [...first.evidence, ...second.evidence];
  if (first.is !== 'ok' || second.is !== 'ok') return { ...first, evidence };
  return { ...first, evidence, notes: [...first.notes, ...second.notes] };
}

async function lookAtImage(doors: Doors, signal: AbortSignal): Promise<Finding> {
  const { sandbox, clock } = doors;
  const there = await sandbox.inspect(signal);
  if (there.is !== 'present')
    return broken('attention', 'home-missing', [saw(clock.now(), 'home-not-found')]);
  const madeAt = await sandbox.imageDate(there.image, signal);
  const age = ageOf(madeAt, clock.now());
  // Whether there is a newer one matters only then.
  const isOld = age !== null && age >= oldAfter;
  const offer = isOld ? await gatherOffer(doors, there.version, signal) : null;
  return judgeImage(madeAt, there.version, offer, clock.now());
}

async function lookAtOwn({ sandbox, store, clock }: Doors, signal: AbortSignal): Promise<Finding | null> {
  const madeAt = store.receipts().sandbox?.madeAt ?? null;
  return judgeOwnSystem(await sandbox.ownSystem(signal), madeAt, clock.now());
}

/** The image that the home was made from, and the system that it has of its own, have recent security fixes. */
export const sandboxPatched: Safeguard = {
  id: 'sandbox-patched',
  guide: ['up-to-date'],
  needs: ['sandbox-exists'],
  patience: 0,
  async check(doors, signal) {
    const image = await lookAtImage(doors, signal);
    return both(image, await lookAtOwn(doors, signal));
  },
  async fix(doors, job) {
    if ((await lookAtOwn(doors, job.signal))?.is === 'broken') {
      job.step('fixing-own-system');
      await doors.sandbox.fixOwnSystem(job);
      await wakeIfWanted(doors, job);
    }
    if (!isSettled(await lookAtImage(doors, job.signal))) await updateToNewest(doors, job);
  },
};
