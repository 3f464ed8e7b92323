/** The person's word about one skill or plugin, and what follows from it in OpenClaw's settings. */
import type { Doors } from '../doors.ts';
import { patchConfig } from '../openclaw/patch-config.ts';
import { lookAtSkills, type Skill, switching } from '../openclaw/skills.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from './job.ts';

/** Nobody approves more; the oldest go first. */
const mostApprovals = 500;

/** Takes it as it is now, and switches it on. */
export async function approveSkill(doors: Doors, job: Job, id: string): Promise<void> {
  const { store, clock } = doors;
  const { skill, reloads } = await find(doors, job, id);
  const { kind, name, hash } = skill;
  const approvedSkills = [...othersThan(doors, skill), { kind, name, hash, at: clock.now() }];
  await store.saveReceipts({ approvedSkills: approvedSkills.slice(-mostApprovals) });
  if (!skill.isOn) await switchOne(doors, job, skill, true, reloads);
}

/** Takes the approval back, and switches it off. */
export async function distrustSkill(doors: Doors, job: Job, id: string): Promise<void> {
  const { skill, reloads } = await find(doors, job, id);
  await doors.store.saveReceipts({ approvedSkills: othersThan(doors, skill) });
  if (skill.isOn) await switchOne(doors, job, skill, false, reloads);
}

/** @throws ProblemError `skill-gone` when there is none with exactly this content any more */
async function find(doors: Doors, job: Job, id: string): Promise<{ skill: Skill; reloads: boolean }> {
  job.step('looking');
  const seen = await lookAtSkills(doors.sandbox, job.signal);
  const skill = seen.is === 'seen' ? seen.skills.find((each) => each.id === id) : undefined;
  if (seen.is !== 'seen' || !skill) throw new ProblemError('skill-gone', {}, ['check-now']);
  return { skill, reloads: seen.reloads };
}

const othersThan = ({ store }: Doors, { kind, name, hash }: Skill) =>
  store
    .receipts()
    .approvedSkills.filter((each) => each.kind !== kind || (each.name !== name && each.hash !== hash));

async function switchOne(
  doors: Doors,
  job: Job,
  skill: Skill,
  isOn: boolean,
  reloads: boolean,
): Promise<void> {
  job.step('switching-skills');
  await patchConfig(doors, job, switching([skill], isOn), reloads);
}
