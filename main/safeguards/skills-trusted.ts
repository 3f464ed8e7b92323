import type { Evidence, EvidenceCode, Finding, SkillSeen } from '../contract.ts';
import { patchConfig } from '../openclaw/patch-config.ts';
import {
  type Approval,
  lookAtSkills,
  nothingByItself,
  type Skill,
  type SkillsSeen,
  switching,
  type Trust,
  trustIn,
} from '../openclaw/skills.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** So many are told of one by one; those that matter most come first. */
const mostTold = 60;
/** So many are named in the sentence itself. */
const mostNamed = 3;

interface Judged extends Skill {
  readonly trust: Trust;
  readonly approvedAt: number;
}

const isWrong = ({ isOn, trust }: Judged): boolean => isOn && trust !== 'approved';
const rank = (skill: Judged) => (isWrong(skill) ? 0 : skill.trust === 'approved' ? 2 : 1);

function judgeEach(skills: readonly Skill[], approvals: readonly Approval[]): Judged[] {
  return skills
    .map((skill) => {
      const approval = approvals.find(({ kind, hash }) => kind === skill.kind && hash === skill.hash);
      return { ...skill, trust: trustIn(skill, approvals), approvedAt: approval?.at ?? 0 };
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

function evidenceOf({ id, kind, name, isOn, trust, approvedAt }: Judged, at: number): Evidence {
  const facts = { id, kind, name, approvedAt };
  if (!isOn) return saw(at, 'skill-off', facts);
  if (trust === 'approved') return saw(at, 'skill-approved', facts);
  return saw(at, trust === 'changed' ? 'skill-changed' : 'skill-on', facts);
}

/** Whether whatever was added to OpenClaw was approved by the person, as it is now; pure. */
export function judgeSkills(seen: SkillsSeen, approvals: readonly Approval[], at: number): Finding {
  if (seen.is === 'unreadable') return unknown('skills-unreadable');
  const skills = judgeEach(seen.skills, approvals);
  const evidence = [
    saw(at, 'skills-looked', { count: skills.length }),
    ...skills.slice(0, mostTold).map((skill) => evidenceOf(skill, at)),
  ];
  const wrong = skills.filter(isWrong);
  if (wrong.length > 0) {
    const names = wrong
      .slice(0, mostNamed)
      .map(({ name }) => name)
      .join(', ');
    const isOnlyChanged = wrong.every(({ trust }) => trust === 'changed');
    const why = isOnlyChanged ? 'skills-changed' : 'skills-not-approved';
    return broken('danger', why, evidence, { count: wrong.length, names });
  }
  if (seen.isCut) return unknown('skills-too-many', evidence);
  if (seen.changesItself) return broken('attention', 'skills-change-themselves', evidence);
  return ok(evidence);
}

const states: Partial<Record<EvidenceCode, SkillSeen['state']>> = {
  'skill-approved': 'approved',
  'skill-changed': 'changed',
  'skill-off': 'off',
  'skill-on': 'on',
};

/** What a finding tells of each skill, for a list; pure. */
export function skillsIn(finding: Finding | undefined): SkillSeen[] {
  return (finding?.evidence ?? []).flatMap(({ code, facts }) => {
    const state = states[code];
    if (state === undefined) return [];
    const { id, kind, name, approvedAt } = facts;
    const at = approvedAt === 0 ? null : Number(approvedAt);
    return [{ id: String(id), kind: kind === 'plugin' ? 'plugin' : 'skill', name: String(name), state, at }];
  });
}

/** Whatever was added to OpenClaw, the person approved it, and nothing of it changes by itself. */
export const skillsTrusted: Safeguard = {
  id: 'skills-trusted',
  guide: ['trusted-skills'],
  needs: ['gateway-running'],
  patience: 0,
  async check({ sandbox, store, clock }, signal) {
    return judgeSkills(await lookAtSkills(sandbox, signal), store.receipts().approvedSkills, clock.now());
  },
  async fix(doors, job) {
    const { sandbox, store } = doors;
    job.step('switching-skills');
    const seen = await lookAtSkills(sandbox, job.signal);
    if (seen.is === 'unreadable') return;
    const wrong = judgeEach(seen.skills, store.receipts().approvedSkills).filter(isWrong);
    const { skills, plugins } = switching(wrong, false);
    const patch = { ...nothingByItself, plugins, skills: { ...nothingByItself.skills, ...skills } };
    await patchConfig(doors, job, patch, seen.reloads);
  },
};
