/** Every recorded or constructed answer of WSL's, and what ClawCove makes of it: the answer and the sentence, in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../assets/text/en.json' with { type: 'json' };
import zh from '../../../assets/text/zh-CN.json' with { type: 'json' };
import { parseRegistry } from '../../host/windows/registry.ts';
import { judgeEngine } from '../../safeguards/engine-ready.ts';
import { expectWhole } from '../../testing/checks.ts';
import { translator } from '../../text.ts';
import type { EngineState } from '../sandbox.ts';
import { wslProblem } from './call.ts';
import { decode } from './decode.ts';
import { distrosFrom, listedFrom } from './distros.ts';
import { errorPath, failureIn, noKernel, notInstalled, type WslFailure, wslFailed } from './failure.ts';
import { engineStateFrom, oldestVersion, versionsIn, type WslFacts } from './probe.ts';

const folder = join(import.meta.dirname, 'fixtures');
const bytes = (name: string) => readFileSync(join(folder, name));
const files = readdirSync(folder).sort();
/** Samples of outputs; what stands in two files, as text and as wsl.exe writes it, is looked at in both. */
const outputs = files.filter((name) => /\.(txt|bin)$/.test(name) && !name.startsWith('reg-'));

/** A Windows on which all is well. */
const well: WslFacts = {
  installed: '2.7.14.0',
  platform: true,
  restartPending: false,
  forbidden: false,
  virtualization: null,
  status: { code: 0, text: 'Default Version: 2\n' },
  version: { code: 0, text: 'WSL version: 2.7.14.0\nKernel version: 6.18.33.1-1\n' },
};
const bare: WslFacts = { ...well, installed: null, version: null };
const gives = { hypervisorRuns: true, firmwareAllows: false, processorCan: true } as const;
const firmwareOff = { hypervisorRuns: false, firmwareAllows: false, processorCan: true } as const;
const ready = (version: string): EngineState => ({ is: 'ready', version, limits: 'enforced' });
const tooOld = (version: string): EngineState => ({ is: 'too-old', version, needs: oldestVersion });

/** What is judged, and that somebody who reads either language learns of it. */
function expectState(facts: WslFacts, state: EngineState): void {
  expect(engineStateFrom(facts)).toEqual(state);
  const finding = expectWhole(judgeEngine(state, 7), 7);
  if (finding.is !== 'broken') {
    expect(finding.is).toBe('ok');
    return;
  }
  for (const texts of [en, zh]) expect(texts.reason).toHaveProperty([finding.why]);
  const [english, chinese] = (['en', 'zh-CN'] as const).map((language) =>
    translator(language, 'WSL')(`reason.${finding.why}`, finding.facts),
  );
  expect(english).not.toMatch(/\{\{|Podman/);
  expect(chinese).not.toMatch(/\{\{|Podman/);
  expect(chinese).toMatch(/\p{Script=Han}/u);
}

type Check = (text: string) => void;

function failsWith(failure: WslFailure, path: string, problem: string): Check {
  return (text) => {
    expect(failureIn(text)).toBe(failure);
    expect(errorPath(text)).toBe(path);
    const { code, facts } = wslProblem(text).problem;
    expect(code).toBe(problem);
    for (const language of ['en', 'zh-CN'] as const)
      for (const part of ['what', 'means', 'next'])
        expect(translator(language, 'WSL')(`problem.${code}.${part}`, facts)).not.toMatch(
          /\{\{|^problem\.|Podman/,
        );
  };
}

const saysStatus =
  (code: number, around: Partial<WslFacts>, state: EngineState): Check =>
  (text) =>
    expectState({ ...well, ...around, status: { code, text } }, state);

const saysVersion =
  (state: EngineState): Check =>
  (text) =>
    expectState({ ...well, version: { code: 0, text } }, state);

const lists =
  (...listed: ReturnType<typeof listedFrom>): Check =>
  (text) =>
    expect(listedFrom(text)).toEqual(listed);

const none = lists();

/** By how a sample's name begins; the first that fits. Each sample has to fit one. */
const expected: readonly (readonly [string, Check])[] = [
  [
    'exec.hyperv-not-installed',
    failsWith(
      'no-virtual-machines',
      'Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED',
      'engine-not-ready',
    ),
  ],
  [
    'exec.mount-fstab-failed',
    (text) => {
      // No failure of wsl.exe's own: the home starts, and lockdown.ts sees that the folder is not there.
      expect(errorPath(text)).toBeNull();
      expect(text).toContain('Processing fstab with mount -a failed.');
    },
  ],
  ['help-stub.inbox', saysStatus(1, bare, { is: 'absent' })],
  [
    'import.service-not-available',
    failsWith('no-virtual-machines', 'Wsl/Service/CreateVm/HCS_E_SERVICE_NOT_AVAILABLE', 'engine-not-ready'),
  ],
  [
    'install.name-exists',
    failsWith('name-taken', 'Wsl/InstallDistro/Service/RegisterDistro/ERROR_ALREADY_EXISTS', 'engine-failed'),
  ],
  ['list-quiet', none],
  ['list-verbose.none', none],
  [
    'list-verbose.installing',
    lists(
      { name: 'Ubuntu', state: 'Stopped', wslVersion: 2 },
      { name: 'OpenClawHome', state: 'Installing', wslVersion: 2 },
    ),
  ],
  ['list-verbose.only-ours', lists({ name: 'OpenClawHome', state: 'Running', wslVersion: 2 })],
  ['list-verbose.wsl1', lists({ name: 'OpenClawHome', state: 'Running', wslVersion: 1 })],
  [
    'list-verbose.constructed',
    lists(
      { name: 'Ubuntu', state: 'Running', wslVersion: 2 },
      { name: 'OpenClawHome', state: 'Stopped', wslVersion: 2 },
      { name: 'docker-desktop', state: 'Stopped', wslVersion: 2 },
    ),
  ],
  [
    'status.inbox-kernel-missing',
    (text) => {
      for (const code of [0, noKernel]) saysStatus(code, bare, tooOld('1'))(text);
    },
  ],
  ['status.not-installed', saysStatus(notInstalled, bare, { is: 'absent' })],
  ['status.ok', saysStatus(0, {}, ready('2.7.14.0'))],
  ['status.wsl1-unsupported-but-fine', saysStatus(0, {}, ready('2.7.14.0'))],
  [
    'status.vm',
    (text) => {
      const off = (around: Partial<WslFacts>, state: EngineState) =>
        saysStatus(0, { version: null, ...around }, state)(text);
      off({ platform: false, virtualization: gives }, { is: 'feature-missing' });
      off({ platform: false, virtualization: null }, { is: 'feature-missing' });
      off({ platform: false, installed: null, virtualization: gives }, { is: 'absent' });
      // A restart is not a matter of the firmware, and the other way round.
      off({ platform: false, restartPending: true }, { is: 'restart-needed' });
      off({ platform: false, virtualization: firmwareOff }, { is: 'no-virtualization', why: 'switched-off' });
      off(
        { platform: false, restartPending: true, virtualization: firmwareOff },
        { is: 'no-virtualization', why: 'switched-off' },
      );
      off(
        { platform: false, virtualization: { ...firmwareOff, processorCan: false } },
        { is: 'no-virtualization', why: 'missing' },
      );
      off(
        { virtualization: { ...firmwareOff, firmwareAllows: true } },
        { is: 'no-virtualization', why: 'not-started' },
      );
      off({ virtualization: gives }, { is: 'no-virtualization', why: 'missing' });
      off({ restartPending: true, virtualization: gives }, { is: 'restart-needed' });
      off({ virtualization: null }, { is: 'feature-missing' });
    },
  ],
  [
    'terminate.distro-not-found',
    failsWith('distro-not-found', 'Wsl/Service/WSL_E_DISTRO_NOT_FOUND', 'engine-failed'),
  ],
  ['version.constructed', saysVersion(ready('2.7.14.0'))],
  ['version.recorded.en', saysVersion(ready('2.5.9.0'))],
  ['version.recorded.es', saysVersion(tooOld('2.0.5.0'))],
  ['version.recorded', saysVersion(tooOld('1.0.3.0'))],
];

describe('every sample of WSL', () => {
  it('is there in number', () => {
    expect(outputs.length).toBeGreaterThan(150);
  });

  it.each(outputs)('%s', (name) => {
    const [, check] = expected.find(([start]) => name.startsWith(start)) ?? [];
    if (!check) throw new Error('nobody says what this sample means');
    check(decode(bytes(name)));
  });

  it.each(outputs.filter((name) => name.endsWith('.bin')))('%s is read as the text that it is', (name) => {
    const twin = name.replace(/utf16le\.bin$/, 'txt');
    // The stub's sample is there as bytes alone.
    if (!files.includes(twin)) return expect(decode(bytes(name))).toContain('Tous droits réservés.');
    expect(decode(bytes(name)).trimEnd()).toBe(bytes(twin).toString('utf8').replaceAll('\r', '').trimEnd());
  });
});

describe('further situations', () => {
  it.each<[string, Partial<WslFacts>, EngineState]>([
    [
      'a company forbids it',
      { forbidden: true, status: null, version: null },
      { is: 'blocked', by: 'policy' },
    ],
    ['nothing is there', { installed: null, platform: false, status: null, version: null }, { is: 'absent' }],
    [
      'nothing is there and the firmware is off',
      { installed: null, platform: false, status: null, version: null, virtualization: firmwareOff },
      { is: 'no-virtualization', why: 'switched-off' },
    ],
    [
      'it was installed a moment ago',
      { installed: '2.7.14.0', platform: false, restartPending: true, status: null },
      { is: 'restart-needed' },
    ],
    ['wsl.exe is missing', { ...bare, status: 'not-started' }, { is: 'absent' }],
    [
      'wsl.exe is there and must not start',
      { status: 'not-started', version: null },
      { is: 'blocked', by: 'guard' },
    ],
    [
      'wsl.exe hangs',
      { status: 'timed-out', version: null },
      { is: 'broken', detail: 'wsl --status: timed-out' },
    ],
    [
      'wsl.exe is stopped by a rule',
      { status: { code: wslFailed, text: 'Nein.\nError code: Wsl/0x800704ec' } },
      { is: 'blocked', by: 'policy' },
    ],
    [
      'wsl.exe is stopped by a virus scanner',
      { status: { code: wslFailed, text: '不行\nWsl/Service/ERROR_VIRUS_INFECTED' } },
      { is: 'blocked', by: 'guard' },
    ],
    [
      'the service fails',
      { status: { code: wslFailed, text: 'Error code: Wsl/0x8007041d' } },
      { is: 'broken', detail: 'wsl --status: Error code: Wsl/0x8007041d' },
    ],
    ['the registry says nothing, wsl.exe does', { installed: 'unknown' }, ready('2.7.14.0')],
    ['services say nothing', { platform: 'unknown' }, ready('2.7.14.0')],
    [
      'nobody says a version',
      { installed: 'unknown', version: { code: 0, text: 'x' } },
      { is: 'broken', detail: 'wsl --version: x' },
    ],
    ['only the registry says the version', { version: null }, ready('2.7.14.0')],
    ['just too old', { installed: '2.4.3.0', version: null }, tooOld('2.4.3.0')],
    ['just new enough', { installed: '2.4.4.0', version: null }, ready('2.4.4.0')],
    ['it is the one of the store, from before', bare, tooOld('1')],
    [
      'numbers are set with commas',
      { version: { code: 0, text: 'WSL: 2,5,9,0\nKernel: 6,6,87,2' } },
      ready('2.5.9.0'),
    ],
  ])('%s', (_, facts, state) => {
    expectState({ ...well, ...facts }, state);
  });

  it.each([
    ['Wsl/Service/CreateInstance/MountVhd/HCS/ERROR_FILE_NOT_FOUND', 'disk-damaged'],
    ['Wsl/Service/CreateInstance/MountDisk/HCS/E_ACCESSDENIED', 'disk-damaged'],
    ['Wsl/Service/RegisterDistro/ERROR_DISK_FULL', 'disk-full'],
    ['Wsl/Service/0x8004030c', 'still-running'],
    ['Wsl/Service/0x8004030F', 'mixed-rights'],
    ['Wsl/Service/E_UNEXPECTED', 'other'],
    // From before there were paths.
    ['0x80370102', 'no-virtual-machines'],
    ['0x80370114', 'no-virtual-machines'],
    ['0x800700B7', 'name-taken'],
    ['0x80004005', 'other'],
    ['', 'other'],
  ])('%s is %s', (text, failure) => expect(failureIn(`Fehler.\nFehlercode: ${text}\n`)).toBe(failure));
});

describe('what the registry says', () => {
  it('of distributions', () => {
    expect(distrosFrom(bytes('reg-lxss-distros.constructed.txt').toString())).toEqual([
      {
        id: '{6f1d2c1e-0d0a-4a3b-9f57-9f0a3b1c2d3e}',
        name: 'OpenClawHome',
        standing: 'installed',
        wslVersion: 2,
        folder: 'C:\\Users\\Jürgen Müller\\AppData\\Local\\OpenClawHome\\wsl\\OpenClawHome',
        diskFile: 'ext4.vhdx',
      },
    ]);
  });

  it('of WSL itself', () => {
    const values = [...parseRegistry(bytes('reg-lxss-msi.constructed.txt').toString()).values()][0];
    expect(values?.get('Version')).toBe('2.7.14.0');
    expect(values?.get('InstallLocation')).toBe('C:\\Program Files\\WSL\\');
  });
});

it('reads the kernel’s number from behind WSL’s own', () => {
  expect(versionsIn(bytes('version.recorded.zh-CN.txt').toString())).toEqual({
    wsl: '1.0.3.0',
    kernel: '5.15.79.1',
  });
});
