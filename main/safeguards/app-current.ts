import { lookForApp, newerApp } from '../app-update/look.ts';
import type { AppAbility, AppStanding } from '../app-update/release.ts';
import type { Finding } from '../contract.ts';
import type { Doors, Receipts } from '../doors.ts';
import { ago } from '../near.ts';
import { isOlder } from '../openclaw/versions.ts';
import { broken, notApplicable, ok, type Safeguard, saw, unknown } from './safeguard.ts';

const day = 24 * 3_600_000;
/** A computer may be without a network for some days; after more than these (ms) nobody knows what is newest. */
const recently = 3 * day;
/** Whoever has not started ClawCove anew for so long (ms) after a newer one came has to be told louder. */
const longAgo = 30 * day;

/** What is known of ClawCove's own version. */
export interface AppKnown {
  readonly ability: AppAbility;
  readonly running: string;
  readonly standing: AppStanding;
  readonly look: Receipts['appLook'];
  readonly refusal: Receipts['appRefusal'];
}

const knownIn = ({ appUpdates, store }: Pick<Doors, 'appUpdates' | 'store'>): AppKnown => ({
  ability: appUpdates.ability(),
  running: appUpdates.version,
  standing: appUpdates.standing(),
  look: store.receipts().appLook,
  refusal: store.receipts().appRefusal,
});

/** Whether ClawCove itself is up to date; pure. */
export function judgeApp({ ability, running, standing, look, refusal }: AppKnown, at: number): Finding {
  const evidence = [saw(at, 'app-running', { version: running })];
  if (ability.is === 'left-to-others') return notApplicable(ability.why, evidence);
  const lookAge = look === null ? null : ago(look.at, at);
  if (look !== null && lookAge !== null)
    evidence.push(saw(at, 'app-looked', { newest: look.newest, ago: Math.round(lookAge / 1000) }));
  if (refusal !== null)
    evidence.push(saw(at, 'app-refused', { ago: Math.round(ago(refusal.at, at) / 1000) }));
  if (standing.is === 'restarting' || standing.is === 'next-start') {
    const code = standing.is === 'restarting' ? 'app-restarting' : 'app-next-start';
    return ok(evidence, [{ code, facts: { newest: standing.version } }]);
  }
  const newest = newerApp(running, look);
  if (newest !== null && look !== null) {
    const facts = { version: running, newest };
    const isHere = standing.is === 'ready' && standing.version === newest;
    if (isHere) evidence.push(saw(at, 'app-downloaded', { newest }));
    if (look.safeFrom !== null && isOlder(running, look.safeFrom))
      return broken('danger', 'app-unsafe', evidence, facts);
    if (ago(look.since ?? at, at) > longAgo) return broken('danger', 'app-behind-long', evidence, facts);
    return broken('attention', isHere ? 'app-ready' : 'app-behind', evidence, facts);
  }
  if (refusal !== null) return unknown(refusal.why, evidence);
  if (lookAge === null) return unknown('app-not-looked', evidence);
  if (lookAge <= recently) return ok(evidence);
  return unknown('app-silent', evidence, { ago: Math.round(lookAge / 1000) });
}

/** ClawCove itself is the newest that its makers offer to this computer. */
export const appCurrent: Safeguard = {
  id: 'app-current',
  guide: ['up-to-date'],
  needs: [],
  patience: 0,
  // What is newest is asked elsewhere, some times a day (work/app-schedule.ts): a look must be quick.
  async check(doors) {
    return judgeApp(knownIn(doors), doors.clock.now());
  },
  async fix(doors, job) {
    const { appUpdates, log } = doors;
    job.step('finding-newest-app');
    const newer = () => newerApp(appUpdates.version, knownIn(doors).look);
    try {
      await lookForApp(doors, job.signal);
    } catch (error) {
      // Nobody to ask is no reason for a repair of everything to fail; it is one where a newer one is waited for.
      job.signal.throwIfAborted();
      if (newer() !== null) throw error;
      log.error('could not ask for the newest ClawCove', error);
      return;
    }
    const version = newer();
    if (version === null) return;
    job.step('downloading-app');
    await appUpdates.download(version, job);
    job.step('replacing-app');
    job.noReturn();
    await appUpdates.takeOver();
  },
};
