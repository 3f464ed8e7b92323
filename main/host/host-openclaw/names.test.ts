import { describe, expect, it } from 'vitest';
import { asideName, folderName, isGateway, isItsService, profileOf } from './names.ts';

describe('folders', () => {
  it.each([
    ['.openclaw', 'default'],
    ['.openclaw-work', 'work'],
    ['.openclaw-default', null],
    ['.openclaw-a.b', null],
    ['.openclaw-', null],
    ['.openclawed', null],
    ['openclaw', null],
  ])('%s is that of %s', (name, profile) => {
    expect(profileOf(name)).toBe(profile);
    if (profile !== null) expect(folderName(profile)).toBe(name);
  });

  it('that rest are nobody’s', () => {
    for (const profile of ['default', 'work'])
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
