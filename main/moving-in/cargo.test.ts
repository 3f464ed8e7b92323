import { describe, expect, it } from 'vitest';
import { cargoFor, hasModel, modelServices, settingsIn } from './cargo.ts';

const ways = { from: '/home/ada/.openclaw', home: '/home/ada', to: '/home/node/.openclaw' };
const held = [
  { path: 'gateway.bind', value: 'lan' },
  { path: 'gateway.auth.token', ref: { source: 'file' } },
  { path: 'secrets.providers.clawcove', provider: { source: 'file' } },
];
const adapted = (settings: unknown, change = ways) => {
  const { instead, notes } = cargoFor(settingsIn(JSON.stringify(settings)), null, change, held);
  return { settings: JSON.parse(instead[0]?.text ?? 'null'), notes };
};

describe('the settings of one that moves in', () => {
  it('are read with comments and all, and not believed to be any', () => {
    expect(settingsIn("{ // mine\n agents: { list: ['a',], }, }")).toEqual({ agents: { list: ['a'] } });
    for (const text of [null, '', '[1]', '"x"', '{']) expect(settingsIn(text)).toBeNull();
  });

  it('speak of where it lies then, and of nothing else differently', () => {
    const { settings, notes } = adapted({
      agents: {
        defaults: { workspace: '/home/ada/.openclaw/workspace', model: { primary: 'a/b' } },
        entries: { main: { agentDir: '~/.openclaw/agents/main', workspace: '~/.openclaw/workspace' } },
      },
      note: 'see /home/ada/.openclaw',
      other: ['/home/ada/.openclaw', '/home/ada/.openclaw-work/x', 7],
      channels: { telegram: { botToken: '123:abc' } },
    });
    expect(settings).toMatchObject({
      agents: {
        defaults: { workspace: '/home/node/.openclaw/workspace', model: { primary: 'a/b' } },
        entries: {
          main: { agentDir: '/home/node/.openclaw/agents/main', workspace: '/home/node/.openclaw/workspace' },
        },
      },
      note: 'see /home/ada/.openclaw',
      other: ['/home/node/.openclaw', '/home/ada/.openclaw-work/x', 7],
      channels: { telegram: { botToken: '123:abc' } },
    });
    expect(notes).toEqual([]);
  });

  it('are held to what ClawCove holds OpenClaw to, whatever stood there', () => {
    const { settings } = adapted({
      gateway: { bind: 'loopback', auth: { token: 'old', mode: 'token' } },
      secrets: 1,
    });
    expect(settings).toEqual({
      gateway: { bind: 'lan', auth: { token: { source: 'file' }, mode: 'token' } },
      secrets: { providers: { clawcove: { source: 'file' } } },
    });
  });

  it('bring workspaces from elsewhere along, each once', () => {
    const { settings, notes } = adapted({
      agents: {
        defaults: { workspace: '~/clawd' },
        list: [{ workspace: '/home/ada/clawd' }, { workspace: '/srv/two' }, { workspace: 'relative' }],
      },
    });
    const [one, two] = ['workspace-from-before-1', 'workspace-from-before-2'];
    expect(settings.agents).toEqual({
      defaults: { workspace: `${ways.to}/${one}` },
      list: [
        { workspace: `${ways.to}/${one}` },
        { workspace: `${ways.to}/${two}` },
        { workspace: 'relative' },
      ],
    });
    expect(notes).toEqual([
      { from: '/home/ada/clawd', to: one },
      { from: '/srv/two', to: two },
    ]);
  });

  it('come along as they are where nobody can read them', () => {
    expect(cargoFor(null, null, ways, held)).toEqual({ instead: [], notes: [] });
  });
});

it('keeps keys, and nothing that would tell it to be somewhere else', () => {
  const environment = 'A_KEY=1\nexport OPENCLAW_GATEWAY_TOKEN=x\n OPENCLAW_STATE_DIR=/x\nOPENCLAW_LOG=1\n';
  expect(cargoFor(null, environment, ways, held).instead).toEqual([
    { name: '.env', text: 'A_KEY=1\nOPENCLAW_LOG=1\n' },
  ]);
});

it('tells who answers for it', () => {
  const settings = settingsIn(
    '{models: {providers: {a: {baseUrl: "http://10.0.0.5:11434/v1"}, b: {baseUrl: 7}, c: {baseUrl: "https://x.example"}}}}',
  );
  expect(modelServices(settings)).toEqual([
    { host: '10.0.0.5', port: 11_434 },
    { host: 'x.example', port: 443 },
  ]);
  expect(hasModel(settings)).toBe(true);
  expect(hasModel(settingsIn('{agents: {defaults: {model: {primary: "a/b"}}}}'))).toBe(true);
  expect(hasModel(settingsIn('{agents: {defaults: {}}}'))).toBe(false);
  expect(hasModel(null)).toBe(false);
});

describe('the settings of one from Windows', () => {
  const windows = { from: 'C:\\Users\\王小明\\.openclaw', home: 'C:\\Users\\王小明', to: ways.to };

  it('speak of where it lies then, however its slashes lean', () => {
    const { settings, notes } = adapted(
      {
        agents: {
          defaults: { workspace: 'c:/users/王小明/.OpenClaw/workspace' },
          list: [
            { workspace: '~\\.openclaw\\two' },
            { workspace: '~/clawd' },
            { workspace: 'D:\\clawd' },
            { workspace: 'x' },
          ],
        },
        same: 'C:\\Users\\王小明\\.openclaw',
        other: ['C:\\Users\\王小明\\.openclaw-work\\x', '/srv/x', '~'],
      },
      windows,
    );
    expect(settings).toMatchObject({
      agents: {
        defaults: { workspace: `${ways.to}/workspace` },
        list: [
          { workspace: `${ways.to}/two` },
          { workspace: `${ways.to}/workspace-from-before-1` },
          { workspace: `${ways.to}/workspace-from-before-2` },
          { workspace: 'x' },
        ],
      },
      same: ways.to,
      other: ['C:\\Users\\王小明\\.openclaw-work\\x', '/srv/x', '~'],
    });
    expect(notes.map(({ from }) => from)).toEqual(['C:\\Users\\王小明/clawd', 'D:\\clawd']);
  });
});
