import { describe, expect, it } from 'vitest';
import {
  asideName,
  folderName,
  isGateway,
  isGatewayLine,
  isItsService,
  profileIn,
  profileOf,
} from './names.ts';

describe('folders', () => {
  it.each([
    ['.openclaw', 'default'],
    ['.openclaw-work', 'work'],
    ['.openclaw-default', null],
    ['.openclaw-a.b', null],
    ['.openclaw-', null],
    ['.openclawed', null],
    ['openclaw', null],
    ['.clawdbot', '_clawdbot'],
    ['.clawdbot-work', '_clawdbot-work'],
    ['.moltbot', '_moltbot'],
    ['.clawdbots', null],
    ['.clawdbot-', null],
    ['.openclaw-_clawdbot', null],
    ['.OpenClaw', null],
  ])('%s is that of %s', (name, profile) => {
    expect(profileOf(name)).toBe(profile);
    if (profile !== null) expect(folderName(profile)).toBe(name);
  });

  it.each([
    ['.OpenClaw', 'default'],
    ['.OPENCLAW-Work', 'Work'],
    ['.ClawdBot', '_clawdbot'],
  ])('%s is that of %s where large letters are as good as small ones', (name, profile) => {
    expect(profileOf(name, true)).toBe(profile);
  });

  it('that rest are nobody’s', () => {
    for (const profile of ['default', 'work', '_clawdbot', '_moltbot-x'])
      expect(profileOf(asideName(folderName(profile), '2026-11-22T07-04-11'))).toBeNull();
    expect(isItsService(asideName('openclaw-gateway.service', '2026-11-22T07-04-11'))).toBe(false);
  });
});

it.each([
  ['openclaw-gateway.service', true],
  ['openclaw-gateway-work.service', true],
  ['clawdbot-gateway.service', true],
  ['openclaw-gateway.service.d', false],
  ['my-openclaw-gateway.service', false],
])('%s is a service of its own: %s', (name, expected) => {
  expect(isItsService(name)).toBe(expected);
});

describe('a gateway', () => {
  const node = '/usr/bin/node';
  const main = '/home/ada/.npm-global/lib/node_modules/openclaw/openclaw.mjs';
  it.each<[string, string[], string, boolean]>([
    // As seen on 2026.8.2 and 2026.9.6: it overwrites its arguments with a title.
    ['by its title', ['openclaw-gateway', '', ''], node, true],
    ['by its program', [node, main, 'gateway', 'run', '--port', '18789'], node, true],
    ['by what npm links to', ['node', '/usr/local/bin/openclaw', 'gateway'], node, true],
    ['with a name', [node, main, '--profile', 'work', 'gateway'], node, true],
    ['not: another of its commands', [node, main, 'agent', '--message', 'gateway'], node, false],
    ['not: a command with a title', ['openclaw'], node, false],
    ['not: a search for it', ['grep', '-r', main, 'gateway'], '/usr/bin/grep', false],
    ['not: an engine’s call', ['podman', 'exec', 'x', 'openclaw', 'gateway'], '/usr/bin/podman', false],
    ['not: another Node program', [node, '/srv/app.js', 'gateway'], node, false],
  ])('%s', (_, words, file, expected) => {
    expect(isGateway(words, file)).toBe(expected);
  });
});

describe('a line of a process', () => {
  it.each([
    ['openclaw-gateway', 'node', true],
    ['openclaw', 'node', false],
    ['/opt/homebrew/bin/node /Users/anna li/node_modules/openclaw/openclaw.mjs gateway', 'node', true],
    ['node --enable-source-maps /x/clawdbot/dist/entry.js --profile work gateway run', 'node', true],
    ['bun /x/bin/openclaw gateway', 'bun', true],
    ['node /x/bin/openclaw agent --message gateway', 'node', false],
    ['grep -r /x/bin/openclaw gateway', 'grep', false],
    ['node /x/bin/openclawed gateway', 'node', false],
    ['', 'node', false],
  ])('%j of %s is a gateway’s: %s', (line, file, expected) =>
    expect(isGatewayLine(line, file)).toBe(expected),
  );
});

it.each([
  [['x', '--profile', 'work', 'gateway'], 'work'],
  [['x', 'gateway'], null],
  [['x', '--profile'], null],
  [['x', '--profile', '../x'], null],
  [['x', '--profile', '_clawdbot'], null],
])('%j names %s', (words, profile) => expect(profileIn(words)).toBe(profile));
