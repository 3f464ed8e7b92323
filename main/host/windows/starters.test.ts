/** What starts OpenClaw on Windows, in the languages and encodings in which Windows tells of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../doors.ts';
import { RestingService } from '../../moving-in/found.ts';
import { decode } from '../../sandbox/wsl/decode.ts';
import { exited, exitedWith } from '../strict-run.ts';
import { isActiveBy, starterFrom } from './starters.ts';
import { taskNamesIn } from './task-names.ts';
import { taskFrom } from './tasks.ts';

const sample = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));

describe('a name', () => {
  it.each<[string, 'task' | 'startup-file', string[]]>([
    ['OpenClaw Gateway', 'task', ['default']],
    ['openclaw gateway', 'task', ['default']],
    ['OpenClaw Gateway (work)', 'task', ['work']],
    ['Clawdbot Gateway', 'task', ['_clawdbot', 'default']],
    ['Clawdbot Gateway (work)', 'task', ['_clawdbot-work', 'work']],
    ['Moltbot Gateway', 'task', ['_moltbot', 'default']],
    ['OpenClaw Gateway.cmd', 'startup-file', ['default']],
    ['OpenClaw Gateway.vbs', 'startup-file', ['default']],
    ['OpenClaw Gateway (work).VBS', 'startup-file', ['work']],
    ['Clawdbot Gateway.lnk', 'startup-file', ['_clawdbot', 'default']],
    ['Moltbot Gateway (a-b_c).bat', 'startup-file', ['_moltbot-a-b_c', 'a-b_c']],
  ])('%s is of its', (name, by, profiles) => {
    expect(starterFrom(name)).toEqual({ by, name, profiles });
    // Whatever is found must fit into the journal.
    expect(RestingService.parse({ name, startsByItself: true, wasActive: true }).name).toBe(name);
  });

  it.each([
    'OpenClaw Gateway Helper',
    'OpenClaw Node',
    'My OpenClaw Gateway',
    'OpenClaw Gateway ()',
    'OpenClaw Gateway (..)',
    'OpenClaw Gateway (a b)',
    'OpenClaw Gateway.exe',
    'OpenClaw Gateway.cmd.moved-into-clawcove-2026-11-22T07-04-11',
    '..\\OpenClaw Gateway',
    'ОpenClaw Gateway',
    '',
  ])('%j is not', (name) => expect(starterFrom(name)).toBeNull());

  it('runs where a gateway of that profile does, and may run where nobody knows whose it is', () => {
    const starter = starterFrom('Clawdbot Gateway (work)');
    if (!starter) throw new Error('none');
    expect(isActiveBy(starter, [])).toBe(false);
    expect(isActiveBy(starter, [{ pid: 1, profile: 'default' }])).toBe(false);
    expect(isActiveBy(starter, [{ pid: 1, profile: 'Work' }])).toBe(true);
    expect(isActiveBy(starter, [{ pid: 1, profile: null }])).toBeNull();
  });
});

describe('the list of tasks', () => {
  it.each(['zh-CN.gbk', 'de-DE.cp850', 'ru-RU.utf16le'])('in %s tells the same names', (language) => {
    const answer = exitedWith(0, sample(`schtasks-query.openclaw.constructed.${language}.csv`));
    expect(taskNamesIn(answer)).toEqual([
      'OpenClaw Gateway',
      'OpenClaw Gateway (work)',
      'Clawdbot Gateway',
      'OpenClaw Node',
      'OpenClaw Gateway Helper',
    ]);
  });

  it.each<[string, Outcome]>([
    ['is refused', exited(1, '', 'ERROR: Access is denied.')],
    ['is not there', { is: 'not-found' }],
    ['takes too long', { is: 'timed-out' }],
    ['is killed', { is: 'killed', by: 'EMFILE' }],
    ['is cut', { is: 'exited', code: 0, stdout: '"\\A","x"\r\n"\\B', stderr: '', truncated: true }],
    ['is empty', exited(0)],
    ['is something else', exited(0, 'schtasks.exe ist keine zulässige Anwendung\r\n')],
    ['is of other rows', exited(0, '"TaskName","Next Run Time","Status"\r\n')],
  ])('that %s tells nothing', (_, answer) => expect(taskNamesIn(answer)).toBeNull());
});

describe('the words of a task', () => {
  it.each(['gbk', 'utf16le'])('are read in %s', (encoding) => {
    const text = decode(sample(`schtasks-gateway.constructed.zh-CN.${encoding}.xml`));
    expect(taskFrom(text)).toMatchObject({
      startsAtLogin: true,
      startsByItself: true,
      isEnabled: true,
      isElevated: false,
    });
  });

  it('tell the task’s own switch from those of what triggers it', () => {
    const text = decode(sample('schtasks-gateway.constructed.zh-CN.utf16le.xml'));
    const off = (where: string) => taskFrom(text.replace(where, `${where}<Enabled>false</Enabled>`));
    expect(taskFrom(text.replace('<Enabled>true', '<Enabled>false'))).toMatchObject({
      isEnabled: false,
      startsByItself: true,
    });
    expect(off('<LogonTrigger>')).toMatchObject({
      isEnabled: true,
      startsAtLogin: false,
      startsByItself: false,
    });
    const more = text.replace('<Triggers>', '<Triggers><BootTrigger/>');
    expect(taskFrom(more.replace('<LogonTrigger>', '<LogonTrigger><Enabled>false</Enabled>'))).toMatchObject({
      startsAtLogin: false,
      startsByItself: true,
    });
  });
});
