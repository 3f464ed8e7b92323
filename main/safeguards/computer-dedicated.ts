import type { EvidenceCode, Finding, LifeSign } from '../contract.ts';
import type { DedicationSeen, Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import { askAdministrator } from '../work/ask-administrator.ts';
import { broken, notApplicable, ok, type Safeguard, saw, unknown } from './safeguard.ts';

const signEvidence: Record<LifeSign, EvidenceCode> = {
  accounts: 'sign-accounts',
  browser: 'sign-browser',
  mail: 'sign-mail',
  synced: 'sign-synced',
  messages: 'sign-messages',
  passwords: 'sign-passwords',
  documents: 'sign-documents',
};

const doorEvidence: Record<DedicationSeen['door']['is'], EvidenceCode> = {
  open: 'own-door-open',
  shut: 'own-door-shut',
  stuck: 'own-door-stuck',
};
const fixesEvidence: Record<DedicationSeen['fixes'], EvidenceCode> = {
  on: 'own-fixes-on',
  off: 'own-fixes-off',
  unknown: 'own-fixes-unseen',
};

/**
 * Whether a computer is what its person says it is; pure.
 *
 * @param isDedicated whether the person says that it is there for OpenClaw alone
 */
export function judgeDedication(seen: DedicationSeen, isDedicated: boolean, at: number): Finding {
  const { signs, door, fixes } = seen;
  if (!isDedicated)
    return door.is === 'open'
      ? notApplicable('computer-shared')
      : broken('attention', 'computer-door-left', [saw(at, 'own-door-shut')]);
  const evidence = [
    ...(signs.length === 0 ? [saw(at, 'no-signs')] : []),
    ...signs.map(({ sign, count }) => saw(at, signEvidence[sign], { number: count })),
    saw(at, doorEvidence[door.is]),
    saw(at, fixesEvidence[fixes]),
  ];
  if (signs.length > 0) return broken('attention', 'computer-lived-in', evidence);
  if (door.is === 'open') return broken('attention', 'computer-door-open', evidence);
  if (door.is === 'stuck') return broken('attention', 'computer-door-stuck', evidence);
  if (fixes === 'off') return broken('attention', 'own-fixes-off', evidence);
  return fixes === 'on' ? ok(evidence) : unknown('own-fixes-unknown', evidence);
}

const look = async ({ dedication }: Doors, signal: AbortSignal) =>
  dedication === null ? null : dedication.look(signal);

/** A computer that is said to be there for OpenClaw alone shows no other life, is shut to its network, and is kept up to date. */
export const computerDedicated: Safeguard = {
  id: 'computer-dedicated',
  guide: ['isolated', 'not-exposed'],
  needs: [],
  patience: 0,
  async check(doors, signal) {
    const { isDedicated } = doors.store.choices();
    if (doors.dedication === null) return notApplicable('computer-not-dedicated-here');
    const seen = await look(doors, signal);
    if (seen === null) return isDedicated ? unknown('computer-unseen') : notApplicable('computer-shared');
    return judgeDedication(seen, isDedicated, doors.clock.now());
  },
  async fix(doors, job) {
    const seen = await look(doors, job.signal);
    if (!doors.store.choices().isDedicated)
      return askAdministrator('undedicate-computer', 'opening-computer', doors, job);
    // Whose things they are, and whether they may go, nobody but the person can say.
    if (seen !== null && seen.signs.length > 0)
      throw new ProblemError('computer-not-cleared', {}, ['check-now']);
    await askAdministrator('dedicate-computer', 'closing-computer', doors, job);
  },
};
