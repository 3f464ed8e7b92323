import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { exited, strictRun } from '../../host/strict-run.ts';
import type { EngineState } from '../sandbox.ts';
import { engineStateFrom, entitledBy, look, versionFrom } from './probe.ts';

const signal = new AbortController().signal;
const program = '/Applications/Claw Cove.app/Contents/Resources/lima/bin/limactl';
const entitlements = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "https://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist version="1.0"><dict>${body}</dict></plist>`;
const signed = exited(
  0,
  entitlements('<key>com.apple.security.virtualization</key><true/>'),
  'Executable=/x\n',
);
const unknownOid = exited(1, '', "sysctl: unknown oid 'hw.optional.arm64'\n");

const mac: Record<string, Outcome> = {
  '/usr/bin/sw_vers -productVersion': exited(0, '15.5\n'),
  '/usr/sbin/sysctl -n hw.optional.arm64': exited(0, '1\n'),
  '/usr/sbin/sysctl -n kern.hv_support': exited(0, '1\n'),
  [`${program} --version`]: exited(0, 'limactl version 2.2.0\n'),
  [`/usr/bin/codesign --display --entitlements - --xml ${program}`]: signed,
};
const arm = '/usr/sbin/sysctl -n hw.optional.arm64';
const virtual = '/usr/sbin/sysctl -n kern.hv_support';
const system = '/usr/bin/sw_vers -productVersion';
const version = `${program} --version`;
const signature = `/usr/bin/codesign --display --entitlements - --xml ${program}`;

async function stateOf(
  answers: Record<string, Outcome>,
  {
    arch = 'arm64',
    free = 100e9,
    isMade = false,
  }: { arch?: 'arm64' | 'x64'; free?: number; isMade?: boolean } = {},
): Promise<EngineState> {
  const { run } = strictRun({ ...mac, ...answers });
  const options = { run, program, home: '/Users/anna/.clawcove', arch, freeDisk: async () => free };
  return engineStateFrom(await look(options, signal), arch, isMade);
}
const ready: EngineState = { is: 'ready', version: '2.2.0', limits: 'enforced' };

describe('whether this Mac can carry a machine', () => {
  it.each<[string, Record<string, Outcome>, Parameters<typeof stateOf>[1], EngineState]>([
    ['a Mac of today', {}, {}, ready],
    ['one with Intel’s processor', { [arm]: unknownOid }, { arch: 'x64' }, ready],
    ['the oldest macOS that can', { [system]: exited(0, '13.0\n') }, {}, ready],
    ['macOS 26', { [system]: exited(0, '26.1\n') }, {}, ready],
    [
      'one before that',
      { [system]: exited(0, '12.7.6\n') },
      {},
      { is: 'system-too-old', system: 'macOS 12.7.6', needs: 'macOS 13' },
    ],
    [
      'macOS that calls itself 10.16',
      { [system]: exited(0, '10.16\n') },
      {},
      { is: 'system-too-old', system: 'macOS 10.16', needs: 'macOS 13' },
    ],
    ['an app for Intel on Apple’s processor', {}, { arch: 'x64' }, { is: 'wrong-processor' }],
    ['no virtualization', { [virtual]: exited(0, '0\n') }, {}, { is: 'no-virtualization', why: 'missing' }],
    ['a Mac that knows none', { [virtual]: unknownOid }, {}, { is: 'no-virtualization', why: 'missing' }],
    ['nobody tells whether there is any', { [virtual]: { is: 'timed-out' } }, {}, ready],
    [
      'no Lima in the app',
      { [version]: { is: 'not-found' }, [signature]: exited(1, '', `${program}: No such file or directory`) },
      {},
      { is: 'incomplete' },
    ],
    ['a Lima that ends at once', { [version]: { is: 'killed', by: 'SIGKILL' } }, {}, { is: 'incomplete' }],
    [
      'an old Lima',
      { [version]: exited(0, 'limactl version 1.2.1\n') },
      {},
      { is: 'too-old', version: '1.2.1', needs: '2.0.0' },
    ],
    [
      'a Lima from its makers’ desk',
      { [version]: exited(0, 'limactl version 2.2.0-153-g183a60d\n') },
      {},
      { ...ready, version: '2.2.0-153-g183a60d' },
    ],
    [
      'a signature without the permission',
      { [signature]: exited(0, entitlements('')) },
      {},
      { is: 'no-virtualization', why: 'not-this-copy' },
    ],
    [
      'a signature without any',
      { [signature]: exited(0, '') },
      {},
      { is: 'no-virtualization', why: 'not-this-copy' },
    ],
    [
      'no signature',
      { [signature]: exited(1, '', `${program}: code object is not signed at all`) },
      {},
      { is: 'no-virtualization', why: 'not-this-copy' },
    ],
    ['a signature that nobody can read', { [signature]: exited(1, '', 'novel') }, {}, ready],
    ['no room', {}, { free: 2e9 }, { is: 'no-room', freeBytes: 2e9, neededBytes: 8e9 }],
    ['no room, and a machine that has its own', {}, { free: 2e9, isMade: true }, ready],
    [
      'a system that says nothing',
      { [system]: { is: 'not-found' } },
      {},
      { is: 'broken', detail: 'macOS does not tell its version' },
    ],
  ])('%s', async (_, answers, how, state) => expect(await stateOf(answers, how)).toEqual(state));
});

it.each([
  ['limactl version 2.2.0', '2.2.0'],
  ['limactl version v2.0.0-beta.0', '2.0.0-beta.0'],
  ['limactl version HEAD', null],
  ['', null],
])('%j is version %s', (text, is) => expect(versionFrom(text)).toBe(is));

it.each<[Outcome, boolean | null]>([
  [exited(0, entitlements('<key>com.apple.security.virtualization</key><false/>')), false],
  [exited(0, entitlements('<key>com.apple.security.virtualization</key><string>true</string>')), false],
  [exited(0, 'gibberish'), null],
  [{ is: 'not-found' }, null],
])('%j allows it: %s', (outcome, is) => expect(entitledBy(outcome)).toBe(is));
