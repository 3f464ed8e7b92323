import type { EvidenceCode, Finding } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { type Agreed, readAgreed } from '../settings/agreed.ts';
import { agree, agreeToOwn, putSettingsBack, strangeChanges } from '../settings/agreement.ts';
import type { Power } from '../settings/powers.ts';
import { changedBetween, driftIn, inRunning, lookAtSettings, type SettingsSeen } from '../settings/seen.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** So much is told one by one; what matters most comes first. */
const mostTold = 20;

const evidenceFor: Record<Power, EvidenceCode> = {
  commands: 'may-commands',
  tools: 'may-tools',
  model: 'may-model',
  keys: 'may-keys',
  gateway: 'may-gateway',
  channel: 'may-channel',
  plugin: 'may-plugin',
  skill: 'may-skill',
  services: 'may-services',
  devices: 'may-devices',
  browser: 'may-browser',
  'by-itself': 'may-by-itself',
  folders: 'may-folders',
  update: 'may-update',
  other: 'may-other',
};

/** Whether OpenClaw's settings are what the person agreed to; pure. */
export function judgeSettings(agreed: Agreed | null, seen: SettingsSeen, at: number): Finding {
  if (seen.is === 'unreadable') return unknown('settings-unreadable');
  const looked = saw(at, 'settings-looked', { count: Object.keys(seen.leaves).length });
  if (seen.isCut) return unknown('settings-too-many', [looked]);
  if (agreed === null) return broken('attention', 'settings-never-agreed', [looked]);
  const drifts = driftIn(changedBetween(agreed.leaves, seen.leaves));
  const evidence = [
    looked,
    ...drifts.slice(0, mostTold).map(({ power, name }) => saw(at, evidenceFor[power], { name })),
  ];
  return drifts.length === 0
    ? ok(evidence)
    : broken('attention', 'settings-changed', evidence, { count: drifts.length });
}

/** OpenClaw is set up as the person agreed, or as ClawCove did it for them. */
export const settingsAgreed: Safeguard = {
  id: 'settings-agreed',
  guide: ['least-privilege'],
  needs: ['gateway-running'],
  patience: 0,
  async check(doors, signal) {
    const agreed = await readAgreed(doors);
    const { sandbox } = doors;
    const salt = agreed?.salt ?? '';
    const seen = await lookAtSettings(inRunning(sandbox), sandbox.inside, salt, 'hashes', signal);
    return judgeSettings(agreed, seen, doors.clock.now());
  },
  async fix(doors, job) {
    job.step('noting-settings');
    if ((await readAgreed(doors)) === null) return agree(doors, [], job.signal);
    // What the same work has done for other rows is no reason to ask.
    await agreeToOwn(doors, job.signal);
    const changed = await strangeChanges(doors, job.signal);
    if (changed === null || changed.length === 0) return;
    const answer = await job.ask({
      is: 'settings-changed',
      changes: driftIn(changed).slice(0, mostTold),
    });
    if (answer.is === 'keep') return agree(doors, [], job.signal);
    if (answer.is !== 'yes') throw new ProblemError('settings-undecided', {}, ['try-again']);
    job.step('putting-settings-back');
    await putSettingsBack(doors, job);
  },
};
