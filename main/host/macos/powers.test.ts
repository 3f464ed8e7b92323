import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { type MacFound, macPowers, macPowersFrom } from './powers.ts';

/** As `launchctl list` prints it: number, last exit, label. */
const listOf = (...labels: string[]) =>
  exited(0, ['PID\tStatus\tLabel', ...labels.map((label) => `-\t0\t${label}`), ''].join('\n'));
const grantOf = (service: string, client = 'ai.openclaw.mac') => ({ service, client });
const granted = (...grants: ReturnType<typeof grantOf>[]) => exited(0, JSON.stringify(grants));
/** As sqlite3 says it without Full Disk Access. */
const refused = exited(
  1,
  '',
  'Error: unable to open database "/Library/Application Support/com.apple.TCC/TCC.db": authorization denied\n',
);

const clean: MacFound = {
  hasApp: false,
  agents: ['com.example.helper.plist', 'ai.openclaw.gateway.plist'],
  loaded: listOf('com.apple.Finder', 'ai.openclaw.gateway'),
  granted: refused,
  running: exited(0, '/sbin/launchd\n/Applications/Safari.app/Contents/MacOS/Safari\n'),
};
const isOf = (change: Partial<MacFound>) => {
  const { accessibility, screen, node } = macPowersFrom({ ...clean, ...change });
  return [accessibility.is, screen.is, node.is];
};

describe('powers on macOS', () => {
  it('are off where nothing of OpenClaw’s is there to have them, readable list or not', () => {
    expect(isOf({})).toEqual(['off', 'off', 'off']);
  });

  it('could not be read where OpenClaw’s app is there and the list of grants is closed', () => {
    expect(isOf({ hasApp: true })).toEqual(['unreadable', 'unreadable', 'off']);
    expect(macPowersFrom({ ...clean, hasApp: true }).screen).toMatchObject({
      detail: expect.stringContaining('authorization denied'),
    });
  });

  it.each([
    [[], ['off', 'off', 'off']],
    [[grantOf('kTCCServiceAccessibility')], ['on', 'off', 'off']],
    [[grantOf('kTCCServiceScreenCapture')], ['off', 'on', 'off']],
    [[grantOf('kTCCServiceScreenCapture', 'us.zoom.xos')], ['off', 'off', 'off']],
    [[grantOf('kTCCServiceScreenCapture', 'ai.openclawish')], ['off', 'off', 'off']],
  ])('are what a list that can be read says: %j', (grants, states) => {
    expect(isOf({ hasApp: true, granted: granted(...grants) })).toEqual(states);
  });

  it('are off when the list is empty, for which sqlite3 prints nothing', () => {
    expect(isOf({ hasApp: true, granted: exited(0, '') })).toEqual(['off', 'off', 'off']);
  });

  it.each([
    ['no JSON', exited(0, '<html>')],
    ['other columns', exited(0, '[{"who":1}]')],
    ['cut off', { ...exited(0, '[]'), truncated: true }],
    ['no such program', { is: 'not-found' } as const],
    ['silent', { is: 'timed-out' } as const],
  ])('could not be read from an answer that is %s', (_, answer) => {
    expect(isOf({ hasApp: true, granted: answer })).toEqual(['unreadable', 'unreadable', 'off']);
  });

  it.each([
    ['set up', { agents: ['ai.openclaw.node.plist'] }],
    ['set up for a profile', { agents: ['ai.openclaw.node-work.plist'] }],
    ['loaded', { loaded: listOf('ai.openclaw.node') }],
    [
      'what the app does while it runs',
      { running: exited(0, '/Applications/OpenClaw.app/Contents/MacOS/OpenClaw\n') },
    ],
  ])('node mode is on when it is %s', (_, change) => {
    expect(macPowersFrom({ ...clean, ...change }).node).toMatchObject({ is: 'on' });
  });

  it('node mode is not mistaken for the gateway, and not called off unseen', () => {
    expect(isOf({ agents: null })[2]).toBe('unreadable');
    expect(isOf({ loaded: exited(1, '', 'Could not find domain') })[2]).toBe('unreadable');
    expect(isOf({ running: { is: 'timed-out' } })[2]).toBe('unreadable');
  });

  it('are asked for without changing anything', async () => {
    const home = await testFolder();
    await mkdir(join(home, 'Applications', 'OpenClaw.app'), { recursive: true });
    await mkdir(join(home, 'Library', 'LaunchAgents'), { recursive: true });
    await writeFile(join(home, 'Library', 'LaunchAgents', 'ai.openclaw.gateway.plist'), '');
    const { run, calls } = strictRun({
      '/bin/launchctl list': clean.loaded,
      '/bin/ps -axo comm=': clean.running,
      '/usr/bin/sqlite3 -readonly -json /Library/Application Support/com.apple.TCC/TCC.db SELECT service, client FROM access…':
        granted(grantOf('kTCCServiceAccessibility')),
    });
    expect(await macPowers(run, home, new AbortController().signal)).toEqual({
      accessibility: { is: 'on', by: 'OpenClaw.app', settings: 'accessibility' },
      screen: { is: 'off' },
      node: { is: 'off' },
    });
    expect(calls).toHaveLength(3);
  });
});
