import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName, type Skill, skillsFrom, switching, trustIn } from './skills.ts';

const item = {
  kind: 'skill',
  name: 'weather',
  path: '/home/node/.openclaw/skills/weather',
  keys: ['weather'],
  hash: 'a'.repeat(64),
  isOn: true,
};
const walk = (...items: object[]) =>
  JSON.stringify({ items, isCut: false, changesItself: false, reloads: true });
const only = (text: string): Skill => {
  const seen = skillsFrom(text);
  if (seen.is !== 'seen' || !seen.skills[0]) throw new Error('nothing seen');
  return seen.skills[0];
};

describe('skillsFrom', () => {
  it('gives each an id of its own, for exactly this content at this place', () => {
    const ids = [
      item,
      { ...item, hash: 'b'.repeat(64) },
      { ...item, path: '/x' },
      { ...item, kind: 'plugin' },
    ]
      .map((each) => only(walk(each)).id)
      .map((id) => {
        expect(id).toMatch(/^[0-9a-f]{24}$/);
        return id;
      });
    expect(new Set(ids).size).toBe(4);
    expect(only(walk(item)).id).toBe(ids[0]);
  });

  it('believes nothing that is not what it asked for', () => {
    for (const text of [
      '',
      'null',
      '{}',
      walk({ ...item, hash: 'x' }),
      walk({ ...item, isOn: 1 }),
      walk(item).slice(1),
    ])
      expect(skillsFrom(text)).toEqual({ is: 'unreadable' });
    expect(skillsFrom(walk(...Array.from({ length: 201 }, () => item)))).toEqual({ is: 'unreadable' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void skillsFrom(text)));
  });
});

describe('plainName', () => {
  it('is one bounded line without anything that isn’t seen', () => {
    expect(plainName('  a\u202Eb\u0000\n c ')).toBe('ab c');
    expect(plainName('\u200B')).toBe('?');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const plain = plainName(name);
        expect([...plain].length).toBeLessThanOrEqual(81);
        expect(plain).toMatch(/^[^\p{C}]+$/u);
      }),
    );
  });
});

describe('trustIn', () => {
  const skill = only(walk(item));
  const approval = { kind: 'skill', name: 'weather', hash: skill.hash, at: 1 } as const;

  it('goes by what is in it, and only then by its name', () => {
    expect(trustIn(skill, [])).toBe('never');
    expect(trustIn(skill, [approval])).toBe('approved');
    expect(trustIn(skill, [{ ...approval, name: 'other' }])).toBe('approved');
    expect(trustIn(skill, [{ ...approval, hash: 'b'.repeat(64) }])).toBe('changed');
    expect(trustIn(skill, [{ ...approval, kind: 'plugin' }])).toBe('never');
  });
});

describe('switching', () => {
  it('sets every name of every one, and no other', () => {
    const skills = [
      only(walk({ ...item, keys: ['a', 'b.c'] })),
      only(walk({ ...item, kind: 'plugin', keys: ['p', '__proto__'] })),
    ];
    expect(switching(skills, false)).toEqual({
      skills: { entries: { a: { enabled: false }, 'b.c': { enabled: false } } },
      plugins: { entries: { p: { enabled: false } } },
    });
  });
});
