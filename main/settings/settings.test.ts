import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.ts';
import { keyOf } from './path.ts';
import { powerOf } from './powers.ts';
import { patchBack } from './put-back.ts';
import { changedBetween, driftIn, settingsFrom } from './seen.ts';
import { settingsWalk } from './walk.ts';

let root = '';
const write = (file: string, text: string) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const write5 = (text: string) => write(join(root, 'state/openclaw.json'), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clawcove-settings-'));
  write(join(root, 'package/openclaw.mjs'), '');
  // As OpenClaw's package brings it along.
  write(join(root, 'package/node_modules/json5/index.js'), 'module.exports = { parse: JSON.parse };');
  mkdirSync(join(root, 'bin'));
  symlinkSync('../package/openclaw.mjs', join(root, 'bin/openclaw'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const printed = (salt = 'salt', what = 'hashes') =>
  execFileSync(process.execPath, ['-e', settingsWalk, join(root, 'state'), salt, what], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
function see(settings: unknown, salt?: string) {
  write5(JSON.stringify(settings));
  const seen = settingsFrom(printed(salt));
  if (seen.is !== 'seen') throw new Error('unreadable');
  return seen;
}

describe('the walk through the settings', () => {
  it('tells which there are, and of what they say nothing but keyed hashes', () => {
    const { leaves } = see({
      channels: { telegram: { botToken: 'secret-of-ada' } },
      empty: {},
      list: [1, { a: 2 }],
    });
    expect(Object.keys(leaves)).toEqual(['["channels","telegram","botToken"]', '["empty"]', '["list"]']);
    expect(printed()).not.toContain('secret-of-ada');
    expect(see({ list: [1, { a: 2 }] }, 'another').leaves['["list"]']).not.toBe(leaves['["list"]']);
  });

  it('brings out the whole where it is asked for', () => {
    const settings = { tools: { profile: 'full' }, channels: { telegram: { botToken: 'x' } } };
    write5(JSON.stringify(settings));
    expect(settingsFrom(printed('salt', 'whole'))).toMatchObject({ whole: JSON.stringify(settings) });
  });

  it.each(['', 'not json', '[]', 'null', '{"$include": "other.json"}'])('reads nothing from %j', (text) => {
    write5(text);
    expect(() => printed()).toThrow();
  });

  it('is cut where there is too much, and doesn’t wait for a pipe', () => {
    write5(JSON.stringify(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`k${n}`, n]))));
    expect(settingsFrom(printed())).toMatchObject({ isCut: true });
    write5('x'.repeat(600 * 1024));
    expect(() => printed()).toThrow();
    rmSync(join(root, 'state/openclaw.json'));
    execFileSync('mkfifo', [join(root, 'state/openclaw.json')]);
    expect(() => printed()).toThrow();
  });
});

describe('what was printed', () => {
  it.each([
    '',
    'null',
    '{"leaves":[],"isCut":"no"}',
    `{"leaves":[[["a"],"not a hash"]],"isCut":false}`,
    `{"leaves":[[["${'a'.repeat(501)}"],"${'0'.repeat(64)}"]],"isCut":false}`,
  ])('is unreadable: %.60s', (text) => expect(settingsFrom(text)).toEqual({ is: 'unreadable' }));

  it('may name what no object can hold', () => {
    const hash = '0'.repeat(64);
    const seen = settingsFrom(`{"leaves":[[["__proto__","x"],"${hash}"]],"isCut":false}`);
    expect(seen).toMatchObject({ leaves: { '["__proto__","x"]': hash } });
  });
});

describe('what has changed', () => {
  const before = { '["a"]': '1', '["b"]': '2', '["meta","x"]': '3', '["gone"]': '4' };

  it('is told by its path, OpenClaw’s own notes apart', () => {
    const now = {
      '["a"]': '1',
      '["b"]': 'x',
      '["meta","x"]': 'y',
      '["new","c"]': '5',
      '["wizard","z"]': '6',
    };
    expect(changedBetween(before, now)).toEqual(['["b"]', '["gone"]', '["new","c"]']);
    expect(changedBetween(before, before)).toEqual([]);
  });

  it('is said once for each thing, what matters most first', () => {
    const paths = [
      ['ui', 'colour'],
      ['channels', 'telegram', 'enabled'],
      ['channels', 'telegram', 'botToken'],
      ['tools', 'exec', 'ask'],
      ['channels', 'evil\u202e\u0000', 'enabled'],
    ];
    expect(driftIn(paths.map(keyOf))).toEqual([
      { power: 'commands', name: 'tools.exec.ask', count: 1 },
      { power: 'channel', name: 'telegram', count: 2 },
      { power: 'channel', name: 'evil', count: 1 },
      { power: 'other', name: 'ui.colour', count: 1 },
    ]);
  });

  it.each([
    ['tools.elevated.enabled', 'commands', 'tools.elevated.enabled'],
    ['agents.defaults.sandbox.mode', 'commands', 'agents.defaults.sandbox.mode'],
    ['tools.profile', 'tools', 'tools.profile'],
    ['models.providers.custom-x.baseUrl', 'model', 'custom-x'],
    ['agents.defaults.model.primary', 'model', 'agents.defaults.model.primary'],
    ['secrets.providers.other.path', 'keys', 'secrets.providers.other.path'],
    ['gateway.bind', 'gateway', 'gateway.bind'],
    ['plugins.entries.codex.enabled', 'plugin', 'codex'],
    ['skills.entries.lamp.enabled', 'skill', 'lamp'],
    ['mcp.servers.files.command', 'services', 'files'],
    ['hooks.enabled', 'by-itself', 'hooks.enabled'],
    ['agents.entries.main.workspace', 'folders', 'agents.entries.main.workspace'],
    ['update.auto.enabled', 'update', 'update.auto.enabled'],
    ['toolsmith.x', 'other', 'toolsmith.x'],
  ])('%s is about %s', (path, power, name) =>
    expect(powerOf(path.split('.'))).toMatchObject({ power, name }),
  );
});

describe('putting back', () => {
  const value = fc.letrec((tie) => ({
    branch: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'tools'), tie('any'), { maxKeys: 4 }),
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(1, 'x', true),
      fc.array(fc.integer(), { maxLength: 2 }),
      tie('branch'),
    ),
  })).branch;
  const leavesOf = (settings: unknown) => {
    const leaves: Record<string, string> = {};
    const walk = (at: unknown, path: string[]) => {
      const inner = at !== null && typeof at === 'object' && !Array.isArray(at) ? Object.entries(at) : [];
      if (inner.length > 0) for (const [key, each] of inner) walk(each, [...path, key]);
      else if (path.length > 0) leaves[keyOf(path)] = JSON.stringify(at);
    };
    walk(settings, []);
    return leaves;
  };

  it('makes of any settings the agreed ones again', () => {
    fc.assert(
      fc.property(value, value, (agreed, now) => {
        const changed = changedBetween(leavesOf(agreed), leavesOf(now));
        const after = mergePatch(now, patchBack(agreed, changed));
        expect(changedBetween(leavesOf(agreed), leavesOf(after))).toEqual([]);
      }),
    );
  });

  it('leaves alone what no settings can hold', () => {
    expect(patchBack({}, [keyOf(['__proto__', 'x']), keyOf(['a'])])).toEqual({ a: null });
  });
});
