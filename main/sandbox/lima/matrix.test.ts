/** Every sample of Lima's, and how a Mac may be, and what ClawCove makes of it: the answer and the sentence, in both languages. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../contract.ts';
import { exited } from '../../host/strict-run.ts';
import { judgeEngine } from '../../safeguards/engine-ready.ts';
import { expectWhole } from '../../testing/checks.ts';
import { missingWords } from '../../testing/systems/wizard.ts';
import { translator } from '../../text.ts';
import type { MachineState } from '../distro/machine.ts';
import { fixture } from '../fixtures.ts';
import type { EngineState } from '../sandbox.ts';
import { findMachine, instancesFrom, machineStateFrom } from './instances.ts';
import { errorLine, limaProblem } from './limactl.ts';
import { engineStateFrom, entitledBy, type Seen, versionFrom } from './probe.ts';
import { asOurs } from './test-samples.ts';

/** A Mac on which all is well. */
const well: Seen = {
  ...{ system: '15.5', isAppleSilicon: true, canVirtualize: true, lima: '2.2.0', isEntitled: true },
  freeBytes: 100e9,
};
const ready = (version = '2.2.0'): EngineState => ({ is: 'ready', version, limits: 'enforced' });

describe('a Mac', () => {
  it.each<[string, Partial<Seen>, EngineState, ('arm64' | 'x64')?, boolean?]>([
    ['on which all is well', {}, ready()],
    ['with Intel’s processor', { isAppleSilicon: false }, ready(), 'x64'],
    ['that says nothing of its processor', { isAppleSilicon: null }, ready(), 'x64'],
    ['that says nothing of virtualization', { canVirtualize: null }, ready()],
    ['that says nothing of the signature', { isEntitled: null }, ready()],
    ['with the newest macOS', { system: '26.1' }, ready()],
    ['with the oldest macOS that will do', { system: '13.0' }, ready()],
    [
      'with a macOS from before',
      { system: '12.7.6' },
      { is: 'system-too-old', system: 'macOS 12.7.6', needs: 'macOS 13' },
    ],
    [
      'that doesn’t tell its system',
      { system: null },
      { is: 'broken', detail: 'macOS does not tell its version' },
    ],
    ['with the app for the other processor', {}, { is: 'wrong-processor' }, 'x64'],
    ['that can’t virtualize', { canVirtualize: false }, { is: 'no-virtualization', why: 'missing' }],
    ['without the Lima in the app', { lima: null }, { is: 'incomplete' }],
    ['with another Lima in the app', { lima: '1.0.7' }, { is: 'too-old', version: '1.0.7', needs: '2.0.0' }],
    [
      'with a Lima that lost its right',
      { isEntitled: false },
      { is: 'no-virtualization', why: 'not-this-copy' },
    ],
    ['with a full disk', { freeBytes: 2e9 }, { is: 'no-room', freeBytes: 2e9, neededBytes: 8e9 }],
    ['with a full disk, and a home on it', { freeBytes: 2e9 }, ready(), 'arm64', true],
  ])('%s', (_, seen, state, arch = 'arm64', isMade = false) => {
    expect(engineStateFrom({ ...well, ...seen }, arch, isMade)).toEqual(state);
    const finding = expectWhole(judgeEngine(state, 7), 7);
    if (finding.is !== 'broken') return expect(finding.is).toBe('ok');
    const [english, chinese] = (['en', 'zh-CN'] as const).map((language) =>
      translator(language, 'Lima')(`reason.${finding.why}`, finding.facts),
    );
    expect(english).not.toMatch(/\{\{|^reason\.|Podman/);
    expect(chinese).not.toMatch(/\{\{|^reason\.|Podman/);
    expect(chinese).toMatch(/\p{Script=Han}/u);
  });

  it.each([
    ['limactl version 2.2.0', '2.2.0'],
    ['limactl version v2.0.0-beta.1', '2.0.0-beta.1'],
    ['something else', null],
  ])('whose Lima says “%s”', (text, version) => expect(versionFrom(text)).toBe(version));

  it.each([
    ['says nothing', exited(0), false],
    ['isn’t there', exited(1, '', 'code object is not signed at all'), false],
    ['can’t be read', exited(1, '', 'No such file or directory'), null],
    ['hangs', { is: 'timed-out' } as const, null],
    ['is no list', exited(0, '<plist><dict>'), null],
  ])('whose signature %s', (_, outcome, entitled) => expect(entitledBy(outcome)).toBe(entitled));
});

/** What each list means for the machine that has our name. */
const lists: Readonly<Record<string, MachineState['is']>> = {
  'list.none.exit0.constructed.txt': 'missing',
  'list.unmatched.exit1.constructed.txt': 'missing',
  'list.running.constructed.ndjson': 'running',
  'list.stopped.constructed.ndjson': 'stopped',
  'list.broken.constructed.ndjson': 'faulty',
  'list.two-instances.constructed.ndjson': 'stopped',
  'list.v0.8-linux.recorded.ndjson': 'missing',
};

/** How Lima and Apple's frameworks say that an order came to nothing. */
const failures: readonly (readonly [string, string, ProblemCode])[] = [
  ['a machine that never answers', fixture('lima/start.stuck-ssh.recorded.stderr.txt'), 'engine-failed'],
  ['a full disk', 'level=fatal msg="write basedisk: no space left on device"', 'no-room-on-disk'],
  [
    'another file than its makers’',
    'level=fatal msg="expected digest of X is sha256:a, got sha256:b"',
    'system-damaged',
  ],
  ['no internet', 'level=fatal msg="dial tcp: lookup x: no such host"', 'no-internet'],
  ['a source that is silent', 'level=fatal msg="net/http: TLS handshake timeout"', 'source-silent'],
  [
    'somebody in between',
    'level=fatal msg="x509: certificate signed by unknown authority"',
    'somebody-in-between',
  ],
  ['a source that has it no more', 'level=fatal msg="expected status 200, got 404"', 'system-gone'],
  [
    'a right that is missing',
    'process doesn’t have the “com.apple.security.virtualization” entitlement',
    'machine-not-permitted',
  ],
  [
    'a Mac in a virtual machine',
    'Virtualization is not available on this hardware',
    'virtualization-missing',
  ],
  ['an old macOS', 'vz driver requires macOS 13 or higher to run', 'machine-system-too-old'],
  ['the other processor', 'limactl is running under rosetta, please reinstall', 'machine-wrong-processor'],
  ['whatever else', 'time="x" level=fatal msg="a novel \\"reason\\""', 'engine-failed'],
];

describe('Lima', () => {
  it.each(Object.entries(lists))('lists %s', (name, is) => {
    const listed = instancesFrom(asOurs(name));
    expect(machineStateFrom(findMachine(listed), null)).toMatchObject({ is });
  });

  it.each(failures)('fails by %s', (_, stderr, code) => {
    const { problem } = limaProblem(stderr);
    expect(problem.code).toBe(code);
    expect(missingWords(code, problem.facts, 'Lima')).toEqual([]);
    if (code === 'engine-failed') expect(problem.facts).toEqual({ detail: errorLine(stderr) });
  });

  it('has no sample that nobody reads', () => {
    const all = readdirSync(new URL('../fixtures/lima/', import.meta.url)).sort();
    expect([...Object.keys(lists), 'start.stuck-ssh.recorded.stderr.txt'].sort()).toEqual(all);
  });
});
