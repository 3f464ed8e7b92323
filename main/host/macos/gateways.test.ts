/** What runs on a Mac and what launchd knows of it, as their programs tell. None of the answers has been recorded. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RestingService } from '../../moving-in/found.ts';
import { isGatewayLine } from '../host-openclaw/names.ts';
import { agentFrom, kindOf, labelsFrom } from './agent-names.ts';
import { profileAt } from './gateways.ts';
import { isDisabled, loadedIn } from './launchctl.ts';
import { pathsIn, processesIn } from './processes.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

describe('what runs on a Mac', () => {
  const all = processesIn(fixture('ps.openclaw.constructed.txt')) ?? [];

  it('is read with whatever blanks are in it', () => {
    expect(all.map(({ pid }) => pid)).toEqual([1, 613, 4211, 4212, 4300, 4301, 4302, 4303, 4304, 4305, 4400]);
    expect(all[4]).toEqual({
      pid: 4300,
      uid: 501,
      program: 'node',
      line: '/opt/homebrew/bin/node /Users/anna li/.npm global/lib/node_modules/openclaw/openclaw.mjs --profile work gateway run',
    });
  });

  it('is a gateway by its title or its program, and nothing else is', () => {
    const gateways = all.filter(({ line, program }) => isGatewayLine(line, program));
    expect(gateways.map(({ pid }) => pid)).toEqual([4211, 4300, 4303, 4304]);
  });

  it.each(['', 'ps: illegal option', '  613 501 Finder /x'])('is not known from %j', (text) =>
    expect(processesIn(text)).toBeNull(),
  );

  it('has files open, whatever letters are in their names', () => {
    const paths = pathsIn(fixture('lsof-gateway.constructed.txt'));
    expect(paths).toEqual([
      '/',
      '/opt/homebrew/Cellar/node/24.1.0/bin/node',
      '/Users/王小/.openclaw/state/openclaw.sqlite-wal',
      '/Users/anna/odd\\name',
    ]);
    const homes = [{ profile: 'default', folder: '/Users/王小/.openclaw', version: null }];
    expect(profileAt(paths, homes)).toBe('default');
    expect(profileAt(['/Users/王小/.openclaw-work/x'], homes)).toBeNull();
  });

  it('has them open in the folder that is written in another way', () => {
    const homes = [{ profile: 'work', folder: '/Users/Ren\u00e9/.openclaw-Work', version: null }];
    expect(profileAt(['/Users/Rene\u0301/.openclaw-work/state/x'], homes)).toBe('work');
  });
});

describe('what launchd knows', () => {
  it('is which agents are loaded', () => {
    const loaded = loadedIn(fixture('launchctl-list.constructed.txt'));
    expect([...(loaded ?? [])]).toEqual([
      'com.apple.SafariHistoryServiceAgent',
      'com.apple.Finder',
      'ai.openclaw.gateway',
      'ai.openclaw.work',
      'ai.openclaw.node',
      'application.ai.openclaw.mac.1234.1240',
      'com.example.ai.openclaw.x',
    ]);
    for (const text of ['', 'Bad request.\n', 'PID Status\n']) expect(loadedIn(text)).toBeNull();
  });

  it.each(['mac12', 'mac13'])('is which of them are switched off, on %s', (version) => {
    const text = fixture(`launchctl-print-disabled.constructed.${version}.txt`);
    expect(isDisabled(text, 'ai.openclaw.work')).toBe(true);
    expect(isDisabled(text, 'ai.openclaw.gateway')).toBe(false);
    expect(isDisabled(text, 'ai.openclaw')).toBe(false);
  });
});

describe('a label', () => {
  it.each<[string, string | null]>([
    ['ai.openclaw.gateway', 'gateway'],
    ['com.openclaw.gateway', 'gateway'],
    ['bot.molt.gateway', 'gateway'],
    ['com.clawdbot.gateway', 'gateway'],
    ['com.steipete.clawdbot.gateway', 'gateway'],
    ['ai.openclaw.work', 'perhaps-gateway'],
    ['bot.molt.work', 'perhaps-gateway'],
    ['com.clawdbot.work', 'perhaps-gateway'],
    ['ai.openclaw.mac', 'app'],
    ['bot.molt.mac', 'app'],
    ['com.clawdbot.mac', 'app'],
    ['ai.openclaw.node', null],
    ['ai.openclaw.ssh-tunnel', null],
    ['ai.openclaw.update.2026.9.6', null],
    ['ai.openclaw.manual-update.17', null],
    ['ai.openclaw.mac.elevation-host', null],
    ['ai.openclawed.gateway', null],
    ['com.example.ai.openclaw.gateway', null],
    ['ai.openclaw.a b', null],
    ['ai.openclaw', null],
    ['app.clawcove.machine', null],
  ])('%s is %s', (label, kind) => {
    expect(kindOf(label)).toBe(kind);
    if (kind !== null)
      expect(RestingService.safeParse({ name: label, startsByItself: true, wasActive: true }).success).toBe(
        true,
      );
  });

  it('is the name of a file, and only of one that launchd reads', () => {
    expect(
      labelsFrom([
        'ai.openclaw.gateway.plist',
        'ai.openclaw.gateway.plist.moved-into-clawcove-2026',
        'x',
        '.plist',
      ]),
    ).toEqual(['ai.openclaw.gateway']);
  });
});

describe('the words of an agent', () => {
  it('tell what it starts, and whether by itself', () => {
    const text = fixture('ai.openclaw.gateway.constructed.plist');
    expect(agentFrom(text)).toEqual({ startsGateway: true, startsByItself: true });
    const still = text.replaceAll('<true/>', '<false/>');
    expect(agentFrom(still)).toEqual({ startsGateway: true, startsByItself: false });
    expect(agentFrom(text.replace('<string>gateway</string>', ''))?.startsGateway).toBe(false);
    expect(agentFrom(fixture('ai.openclaw.mac.constructed.plist'))).toEqual({
      startsGateway: false,
      startsByItself: true,
    });
  });

  it('tell it also where launchd is given conditions, or a marker', () => {
    const dict = (inside: string) => `<plist version="1.0"><dict>${inside}</dict></plist>`;
    expect(
      agentFrom(
        dict(
          '<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict><key>EnvironmentVariables</key><dict><key>OPENCLAW_SERVICE_KIND</key><string>gateway</string></dict>',
        ),
      ),
    ).toEqual({ startsGateway: true, startsByItself: true });
  });

  it.each([
    '',
    'bplist00',
    '<plist/>',
    '<plist><dict><key>ProgramArguments</key><string>x</string></dict></plist>',
    '<a',
  ])('are not read from %j', (text) => expect(agentFrom(text)).toBeNull());
});
