import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { type Answer, exited, exitedWith, strictRun } from '../strict-run.ts';
import { createWindowsAdmin, elevatedScript, promptScript, stepsOf, windowsConsentFrom } from './admin.ts';
import { programsIn } from './programs.ts';
import { wordsOf } from './words.ts';

const programs = programsIn('C:\\Windows');
const id = '0123456789abcdef0123456789abcdef';
const idle = () => new AbortController().signal;
const prompt = `${programs.powershell} -NoLogo -NoProfile -NonInteractive -Command ${promptScript}`;
const result = `${programs.reg} query HKLM\\SOFTWARE\\ClawCove\\Results\\${id} /v Codes /reg:64`;
const codes = (list: string) =>
  exited(
    0,
    `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\ClawCove\\Results\\${id}\r\n    Codes    REG_SZ    ${list}\r\n\r\n`,
  );

async function install(answers: Record<string, Answer>, off = false) {
  const log: string[] = [];
  const double = strictRun(answers);
  const admin = createWindowsAdmin({
    run: double.run,
    programs,
    hypervisorOff: async () => off,
    newId: () => id,
  });
  const consent = await admin.run('install-engine', { signal: idle(), log: (line) => log.push(line) });
  return { ...double, consent, log };
}

describe('asking an administrator', () => {
  it('shows the very commands that run, and knows no others', async () => {
    const admin = (off: boolean) =>
      createWindowsAdmin({ run: strictRun({}).run, programs, hypervisorOff: async () => off });
    const usual = [
      'dism.exe /online /enable-feature /featurename:VirtualMachinePlatform /all /norestart /quiet',
      'wsl.exe --install --no-distribution',
      'wsl.exe --update',
    ];
    expect(await admin(false).commands('install-engine')).toEqual(usual);
    expect(await admin(true).commands('install-engine')).toEqual([
      usual[0],
      'bcdedit.exe /set hypervisorlaunchtype auto',
      ...usual.slice(1),
    ]);
    expect(await admin(false).commands('grant-subordinate-ids')).toEqual([]);
    for (const line of usual) {
      const [program, ...args] = line.split(' ');
      expect(elevatedScript(stepsOf('install-engine', false), id)).toContain(
        `Step '${program}' '${args.join(' ')}'`,
      );
    }
  });

  it('hands the elevated side a constant, through the environment of a constant', async () => {
    const { commands, consent, log } = await install({ [prompt]: exited(0), [result]: codes('0,0,0') });
    expect(consent).toEqual({ is: 'done' });
    expect(log).toHaveLength(3);
    const { CLAWCOVE_FILE, CLAWCOVE_ARGUMENTS } = commands[0]?.environment ?? {};
    expect(CLAWCOVE_FILE).toBe(programs.powershell);
    expect(wordsOf(`powershell.exe ${CLAWCOVE_ARGUMENTS}`).slice(1)).toEqual([
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      elevatedScript(stepsOf('install-engine', false), id),
    ]);
    // What Windows' prompt takes as one line.
    expect(CLAWCOVE_ARGUMENTS?.length).toBeLessThan(2_000);
  });

  it('takes no program, module or folder from where the person could have laid one', () => {
    const script = elevatedScript(stepsOf('install-engine', true), id);
    expect(script).toContain('[Environment]::SystemDirectory');
    expect(script.indexOf('$env:PSModulePath =')).toBeLessThan(script.indexOf('Start-Process'));
    expect(script).not.toMatch(/\$env:(?!PSModulePath)/);
    expect(() => elevatedScript([], "x'; evil")).toThrow();
  });

  it('tells the computer that a restart is due, where the next restart forgets it', () => {
    const script = elevatedScript(stepsOf('install-engine', false), id);
    expect(script).toContain("Note 'SOFTWARE\\ClawCove\\RestartNeeded'");
    expect(script).toContain('RegistryOptions]::Volatile');
    expect(script).not.toContain('-or $true');
    expect(elevatedScript(stepsOf('install-engine', true), id)).toContain('-or $true');
  });

  it.each<[string, Answer, Answer, object]>([
    ['done', exited(0), codes('0,0,0'), { is: 'done' }],
    ['done, after a restart', exited(3010), codes('3010,0,0'), { is: 'done' }],
    ['dismissed', exited(1223), exited(1), { is: 'dismissed' }],
    ['refused by a policy', exited(1260), exited(1), { is: 'refused', detail: 'Windows: 1260' }],
    ['refused', exited(5), exited(1), { is: 'refused' }],
    ['failed', exited(1), codes('0,-1'), { is: 'failed', detail: 'wsl.exe --install --no-distribution: -1' }],
    ['failed without a word', exited(1), exited(1), { is: 'failed', detail: 'Windows: 1' }],
    [
      'failed, with nonsense where the result stands',
      exited(1),
      codes('$(x)'),
      { is: 'failed', detail: 'Windows: 1' },
    ],
    ['too slow', { is: 'timed-out' }, exited(1), { is: 'failed' }],
    ['not there', { is: 'not-found' }, exited(1), { is: 'refused' }],
    ['killed', { is: 'killed', by: 'nobody' }, exited(1), { is: 'failed', detail: 'nobody' }],
  ])('is %s', async (_, asked, seen, expected) => {
    expect((await install({ [prompt]: asked, [result]: seen })).consent).toMatchObject(expected);
  });

  it('does nothing for a task that Windows does not know', async () => {
    const { run, calls } = strictRun({});
    const admin = createWindowsAdmin({ run, programs, hypervisorOff: async () => false });
    expect(await admin.run('grant-subordinate-ids', { signal: idle(), log() {} })).toMatchObject({
      is: 'failed',
    });
    expect(calls).toEqual([]);
  });

  it('does not go by the words that a closed prompt is told in', () => {
    const words = readFileSync(join(import.meta.dirname, 'fixtures/runas.cancel.en.constructed.stderr.txt'));
    const outcome: Outcome = exitedWith(1, Buffer.of(), words);
    expect(windowsConsentFrom(outcome, '')).toMatchObject({ is: 'failed' });
    expect(windowsConsentFrom({ ...outcome, code: 1223 } as Outcome, '')).toEqual({ is: 'dismissed' });
  });
});
