import { describe, expect, it } from 'vitest';
import { electronLogin, mayStart } from './electron-login.ts';

describe('the start at login by Electron', () => {
  it('hands every word to Windows as one', () => {
    const launch = { file: 'C:\\Users\\王小明\\ClawCove.exe', args: ["C:\\Claire O'Brien\\claw cove\\"] };
    expect(electronLogin('windows', launch)).toEqual({
      path: 'C:\\Users\\王小明\\ClawCove.exe',
      args: ['"C:\\Claire O\'Brien\\claw cove\\\\"', '--hidden'],
    });
  });

  it('names nothing to macOS, which starts the app itself', () => {
    expect(electronLogin('macos', { file: '/Applications/ClawCove.app', args: [] })).toEqual({});
  });

  it.each([
    ['windows', { executableWillLaunchAtLogin: true }, true],
    ['windows', { executableWillLaunchAtLogin: false }, false],
    ['windows', {}, true],
    ['macos', { status: 'enabled' }, true],
    ['macos', { status: 'requires-approval' }, false],
    ['macos', {}, true],
  ] as const)('on %s, %j means %s', (system, seen, expected) => {
    expect(mayStart(system, seen)).toBe(expected);
  });
});
