import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { skillWalk } from './skill-walk.ts';
import { skillsFrom } from './skills.ts';

let root = '';
const inState = (...parts: string[]) => join(root, 'home/.openclaw', ...parts);

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const settings = (value: unknown) => write(inState('openclaw.json'), JSON.stringify(value));
const skill = (folder: string, front: string) =>
  write(join(folder, 'SKILL.md'), `---\n${front}\ndescription: x\n---\nDo it.\n`);

/** The two parsers as OpenClaw's package brings them along. */
const parsers: Readonly<Record<string, string>> = {
  json5: 'module.exports = { parse: (text) => JSON.parse(text.replace(/^\\s*\\/\\/.*$/gm, "")) };',
  yaml: `module.exports = { parse: (text) => Object.fromEntries(text.split(/\\r?\\n/).map((line) => {
    const at = line.indexOf(': ');
    const value = line.slice(at + 2);
    return [line.slice(0, at), /^[{"]/.test(value) ? JSON.parse(value) : value];
  })) };`,
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clawcove-skills-'));
  write(join(root, 'package/openclaw.mjs'), '');
  write(join(root, 'package/skills/bundled/SKILL.md'), '---\nname: bundled\n---\n');
  for (const [name, text] of Object.entries(parsers))
    write(join(root, `package/node_modules/${name}/index.js`), text);
  mkdirSync(join(root, 'bin'));
  symlinkSync('../package/openclaw.mjs', join(root, 'bin/openclaw'));
  settings({});
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function printed(): string {
  return execFileSync(process.execPath, ['-e', skillWalk, join(root, 'home'), inState()], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function walk() {
  const seen = skillsFrom(printed());
  if (seen.is !== 'seen') throw new Error('unreadable');
  return seen;
}
const names = () =>
  walk()
    .skills.map(({ kind, name, isOn }) => `${kind} ${name}${isOn ? '' : ' (off)'}`)
    .sort();

describe('the walk through the home', () => {
  it('finds nothing in a home as it comes, and says what it is held to', () => {
    expect(walk()).toEqual({ is: 'seen', skills: [], isCut: false, changesItself: true, reloads: true });
    settings({
      skills: { workshop: { autonomous: { mode: 'propose' }, approvalPolicy: 'pending' } },
      gateway: { reload: { mode: 'off' } },
    });
    expect(walk()).toMatchObject({ changesItself: false, reloads: false });
    settings({
      skills: { workshop: { autonomous: { mode: 'off' }, approvalPolicy: 'pending' } },
      update: { auto: { enabled: true } },
    });
    expect(walk().changesItself).toBe(true);
  });

  it('finds skills wherever OpenClaw does', () => {
    settings({
      skills: { load: { extraDirs: ['~/more'] } },
      agents: { defaults: { workspace: '~/work' }, entries: { second: { workspace: join(root, 'other') } } },
    });
    skill(inState('skills/a'), 'name: managed');
    skill(inState('workspace/skills/group/b'), 'name: in-workspace');
    skill(inState('workspace-second/.agents/skills/c'), 'name: of-second');
    skill(inState('agents/main/agent/workshop-skills/d'), 'name: learned');
    skill(join(root, 'home/.agents/skills/e'), 'name: personal');
    skill(join(root, 'home/more/f'), 'name: extra');
    skill(join(root, 'home/work/skills/g'), 'name: chosen');
    skill(join(root, 'home/work/second/skills/i'), 'name: nested');
    skill(join(root, 'other/skills/h'), 'name: other');
    expect(names()).toEqual(
      [
        'chosen',
        'extra',
        'in-workspace',
        'learned',
        'managed',
        'nested',
        'of-second',
        'other',
        'personal',
      ].map((name) => `skill ${name}`),
    );
  });

  it('leaves out what came with the image, links to it included', () => {
    mkdirSync(inState('skills'), { recursive: true });
    symlinkSync(join(root, 'package/skills/bundled'), inState('skills/bundled'));
    expect(names()).toEqual([]);
  });

  it('follows links to what did not', () => {
    skill(join(root, 'home/elsewhere/s'), 'name: linked');
    mkdirSync(inState('skills'), { recursive: true });
    symlinkSync(join(root, 'home/elsewhere/s'), inState('skills/s'));
    expect(names()).toEqual(['skill linked']);
  });

  it('calls a skill off only when every name is off that OpenClaw may know it by', () => {
    skill(inState('skills/a'), 'name: first\nmetadata: {"openclaw":{"skillKey":"other"}}');
    write(inState('skills/a/.openclaw/source-origin.json'), '{"slug":"third"}');
    const off = (...keys: string[]) =>
      settings({ skills: { entries: Object.fromEntries(keys.map((key) => [key, { enabled: false }])) } });
    expect(walk().skills[0]?.untrustedKeys).toEqual(['other', 'third', 'first']);
    off('first', 'third');
    expect(names()).toEqual(['skill first']);
    off('first', 'third', 'other');
    expect(names()).toEqual(['skill first (off)']);
  });

  it('knows one that can’t be read by its folder', () => {
    write(inState('skills/odd/SKILL.md'), '---\nmetadata: {"broken\n---\n');
    expect(names()).toEqual(['skill odd']);
  });

  it('finds plugins, and knows when they are off', () => {
    settings({ plugins: { load: { paths: ['~/mine'] } } });
    write(inState('extensions/folder/openclaw.plugin.json'), '{"id":"Added"}');
    write(inState('workspace/.openclaw/extensions/w/openclaw.plugin.json'), '{"id":"opt-in"}');
    write(inState('npm/projects/p/node_modules/@x/y/openclaw.plugin.json'), '{"id":"from-npm"}');
    write(inState('npm/projects/p/node_modules/z/package.json'), '{"name":"z"}');
    write(inState('git/repo/openclaw.plugin.json'), '{"id":"from-git"}');
    write(join(root, 'home/mine/openclaw.plugin.json'), '{"id":"by-path"}');
    const all = [
      'plugin added',
      'plugin by-path',
      'plugin from-git',
      'plugin from-npm',
      'plugin opt-in (off)',
    ];
    expect(names()).toEqual(all);
    const keys = walk().skills.flatMap(({ untrustedKeys }) => untrustedKeys);
    settings({
      plugins: {
        load: { paths: ['~/mine'] },
        entries: Object.fromEntries(keys.map((key) => [key, { enabled: false }])),
      },
    });
    expect(walk().skills.filter(({ isOn }) => isOn)).toEqual([]);
    settings({ plugins: { load: { paths: ['~/mine'] }, enabled: false } });
    expect(walk().skills.filter(({ isOn }) => isOn)).toEqual([]);
    settings({ plugins: { entries: { 'OPT-in': { enabled: true } }, deny: ['added', 'folder'] } });
    expect(names()).toEqual(['plugin added (off)', 'plugin from-git', 'plugin from-npm', 'plugin opt-in']);
    settings({ plugins: { allow: ['opt-in'] } });
    expect(names()).toContain('plugin opt-in');
    expect(names()).toContain('plugin added (off)');
  });

  it('sees every change of content, of names and of what can be run', () => {
    skill(inState('skills/a'), 'name: a');
    write(inState('skills/a/run.sh'), 'echo 1');
    const hash = () => walk().skills[0]?.hash;
    const seen = [hash()];
    expect(hash()).toBe(seen[0]);
    write(inState('skills/a/run.sh'), 'echo 2');
    seen.push(hash());
    chmodSync(inState('skills/a/run.sh'), 0o755);
    seen.push(hash());
    write(inState('skills/a/.hidden/x'), '');
    seen.push(hash());
    skill(inState('skills/a'), 'name: a2');
    seen.push(hash());
    expect(new Set(seen).size).toBe(5);
  });

  it('is not held up by what never ends', () => {
    skill(inState('skills/a'), 'name: a');
    execFileSync('mkfifo', [inState('skills/a/pipe')]);
    symlinkSync('.', inState('skills/a/round'));
    symlinkSync('/dev/zero', inState('skills/a/zero'));
    expect(names()).toEqual(['skill a']);
  });

  it('says when there is too much', () => {
    for (let number = 0; number < 205; number++) skill(inState(`skills/s${number}`), `name: s${number}`);
    expect(walk()).toMatchObject({ isCut: true });
    expect(walk().skills).toHaveLength(200);
  });

  it('can’t tell without settings that it can read whole', () => {
    for (const text of ['{ broken', '[', '{"skills":{"$include":"./other.json"}}']) {
      writeFileSync(inState('openclaw.json'), text);
      expect(() => printed()).toThrow();
    }
    rmSync(inState('openclaw.json'));
    expect(() => printed()).toThrow();
  });
});
