import { describe, expect, it } from 'vitest';
import { movedInMachine, startApp } from '../testing/apps.ts';
import { check, fix } from '../testing/checks.ts';
import type { AddedSkill, Machine } from '../testing/machine.ts';
import { skillsIn, skillsTrusted } from './skills-trusted.ts';

const added = (name: string, change: Partial<AddedSkill> = {}): AddedSkill => ({
  kind: 'skill',
  name,
  path: `/home/openclaw/.openclaw/skills/${name}`,
  keys: [name],
  hash: 'a'.repeat(64),
  isOn: true,
  ...change,
});
const withSkills = (...skills: AddedSkill[]): Promise<Machine> =>
  movedInMachine().then((machine) => Object.assign(machine, { skills }));
const approvalOf = ({ kind, name, hash }: AddedSkill) => ({ kind, name, hash, at: 5 });

describe('skills-trusted', () => {
  it('is content with an OpenClaw as it comes', async () => {
    expect(await check(skillsTrusted, await withSkills())).toMatchObject({
      is: 'ok',
      evidence: [{ code: 'skills-looked', facts: { count: 0 } }],
    });
  });

  it('is in danger when something is on that nobody approved, and names it first', async () => {
    const good = added('good', { hash: 'b'.repeat(64) });
    const machine = await withSkills(good, added('quiet', { isOn: false }), added('evil'));
    machine.receipts = { ...machine.receipts, approvedSkills: [approvalOf(good)] };
    const finding = await check(skillsTrusted, machine);
    expect(finding).toMatchObject({
      is: 'broken',
      gravity: 'danger',
      why: 'skills-not-approved',
      facts: { count: 1, names: 'evil' },
    });
    expect(skillsIn(finding)).toMatchObject([
      { name: 'evil', state: 'on', at: null },
      { name: 'quiet', state: 'off', at: null },
      { name: 'good', state: 'approved', at: 5 },
    ]);
  });

  it('sees that what was approved has changed', async () => {
    const skill = added('good');
    const machine = await withSkills(skill);
    machine.receipts = { ...machine.receipts, approvedSkills: [approvalOf(skill)] };
    expect(await check(skillsTrusted, machine)).toMatchObject({ is: 'ok' });
    skill.hash = 'c'.repeat(64);
    const finding = await check(skillsTrusted, machine);
    expect(finding).toMatchObject({ is: 'broken', gravity: 'danger', why: 'skills-changed' });
    expect(skillsIn(finding)).toMatchObject([{ state: 'changed' }]);
    skill.isOn = false;
    expect(await check(skillsTrusted, machine)).toMatchObject({ is: 'ok' });
  });

  it('wants nothing to change by itself, and knows when it could not look', async () => {
    const machine = await withSkills();
    machine.changesItself = true;
    expect(await check(skillsTrusted, machine)).toMatchObject({
      is: 'broken',
      gravity: 'attention',
      why: 'skills-change-themselves',
    });
    machine.skills = null;
    expect(await check(skillsTrusted, machine)).toMatchObject({ is: 'unknown', why: 'skills-unreadable' });
  });

  it('tells of so many only, the worst first', async () => {
    const many = Array.from({ length: 150 }, (_, n) =>
      added(`s${n}`, { isOn: n >= 140, hash: String(n).padStart(64, '0') }),
    );
    const finding = await check(skillsTrusted, await withSkills(...many));
    expect(finding).toMatchObject({
      why: 'skills-not-approved',
      facts: { count: 10, names: 's140, s141, s142' },
    });
    expect(skillsIn(finding)).toHaveLength(60);
    expect(skillsIn(finding).filter(({ state }) => state === 'on')).toHaveLength(10);
  });

  it('switches off what isn’t approved, and nothing else', async () => {
    const good = added('good', { hash: 'b'.repeat(64) });
    const machine = await withSkills(good, added('evil'), added('worse', { kind: 'plugin' }));
    machine.receipts = { ...machine.receipts, approvedSkills: [approvalOf(good)] };
    machine.changesItself = true;
    const { is, calls } = await fix(skillsTrusted, machine);
    expect(is).toBe('done');
    expect(machine.skills?.map(({ isOn }) => isOn)).toEqual([true, false, false]);
    expect(machine.changesItself).toBe(false);
    expect(calls).not.toContain('sandbox.stop');
    expect(await check(skillsTrusted, machine)).toMatchObject({ is: 'ok' });
  });

  it('starts OpenClaw anew only where it does not follow its settings', async () => {
    const machine = await withSkills(added('evil'));
    machine.reloads = false;
    const { is, calls } = await fix(skillsTrusted, machine);
    expect(is).toBe('done');
    expect(calls).toContain('sandbox.stop');
    expect(machine.home?.isRunning).toBe(true);
  });
});

describe('the person’s word', () => {
  it('is kept for the skill as it is, switches it on, and can be taken back', async () => {
    const machine = await withSkills(added('helper', { isOn: false }));
    const test = startApp(machine);
    await test.app.look();
    const idNow = () => test.app.state.get().skills[0]?.id ?? '';
    expect(await test.do({ do: 'approve-skill', id: idNow() })).toMatchObject({ is: 'done' });
    expect(machine.receipts.approvedSkills).toMatchObject([{ name: 'helper', at: expect.any(Number) }]);
    expect(test.app.state.get()).toMatchObject({ light: 'good', skills: [{ state: 'approved' }] });
    expect(await test.do({ do: 'distrust-skill', id: idNow() })).toMatchObject({ is: 'done' });
    expect(machine.receipts.approvedSkills).toEqual([]);
    expect(test.app.state.get()).toMatchObject({ light: 'good', skills: [{ state: 'off' }] });
  });

  it('is for what they saw: not for what took its place', async () => {
    const machine = await withSkills(added('helper'));
    const test = startApp(machine);
    await test.app.look();
    const id = test.app.state.get().skills[0]?.id ?? '';
    Object.assign(machine.skills?.[0] ?? {}, { hash: 'd'.repeat(64) });
    expect(await test.do({ do: 'approve-skill', id })).toMatchObject({
      is: 'failed',
      problem: { code: 'skill-gone' },
    });
    expect(machine.receipts.approvedSkills).toEqual([]);
  });
});
