import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Consent, Outcome } from '../../doors.ts';
import { consentFrom as consentFromPkexec } from '../admin.ts';
import { exited, strictRun } from '../strict-run.ts';
import { type AdminTasks, consentFrom, createMacAdmin } from './admin.ts';

const signal = new AbortController().signal;
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const tasks: AdminTasks = {
  'install-engine': [
    ['/usr/sbin/installer', '-pkg', '/Users/李雷/it\'s "here" $(x).pkg', '-target', '/'],
    ['/usr/bin/true'],
  ],
};

function adminWith(outcome: Outcome, list = tasks) {
  const double = strictRun({ '/usr/bin/osascript …': outcome });
  const lines: string[] = [];
  const admin = createMacAdmin({ run: double.run, tasks: list, prompt: () => '安装 "引擎"' });
  const how = { signal, log: (line: string) => lines.push(line) };
  return { admin, double, lines, how };
}

describe('asking an administrator on a Mac', () => {
  it('shows exactly what runs, and puts nothing of it into the script', async () => {
    const { admin, double, how } = adminWith(exited(0));
    const lines = await admin.commands('install-engine');
    expect(lines).toEqual([
      `/usr/sbin/installer -pkg '/Users/李雷/it'\\''s "here" $(x).pkg' -target /`,
      '/usr/bin/true',
    ]);
    expect(await admin.run('install-engine', how)).toEqual({ is: 'done' });
    expect(double.commands).toHaveLength(1);
    expect(double.commands[0]).toMatchObject({
      file: '/usr/bin/osascript',
      args: [
        '-e',
        'on run argv',
        '-e',
        'do shell script (item 1 of argv) with prompt (item 2 of argv) with administrator privileges without altering line endings',
        '-e',
        'end run',
        ['set -e', ...lines].join('\n'),
        '安装 "引擎"',
      ],
    });
  });

  it('asks for nothing it does not know, and for no program by its mere name', async () => {
    const none = adminWith(exited(0));
    expect(await none.admin.commands('grant-subordinate-ids')).toEqual([]);
    expect(await none.admin.run('grant-subordinate-ids', none.how)).toMatchObject({ is: 'failed' });
    const byName = adminWith(exited(0), { 'install-engine': [['installer']] });
    expect(await byName.admin.run('install-engine', byName.how)).toMatchObject({ is: 'failed' });
    expect([...none.double.calls, ...byName.double.calls]).toEqual([]);
  });

  it('hands on what was said', async () => {
    const { admin, lines, how } = adminWith(
      exited(1, 'a\rb\n', '0:9: execution error: no such package (1)\n'),
    );
    expect(await admin.run('install-engine', how)).toEqual({
      is: 'failed',
      detail: '0:9: execution error: no such package (1)',
    });
    expect(lines).toEqual(['a', 'b', '0:9: execution error: no such package (1)']);
  });

  it.each<[string, Outcome, Consent['is']]>([
    ['closed', exited(1, '', fixture('osascript.cancel.exit1.constructed.stderr.txt')), 'dismissed'],
    [
      'closed, on a German Mac',
      exited(1, '', '0:43: execution error: Vom Benutzer abgebrochen. (-128)\n'),
      'dismissed',
    ],
    ['closed, on a Chinese Mac', exited(1, '', '0:43: execution error: 用户已取消。 (-128)'), 'dismissed'],
    [
      'with a wrong password',
      exited(1, '', 'execution error: The administrator user name or password was incorrect. (-60007)'),
      'refused',
    ],
    ['not allowed', exited(1, '', 'execution error: Not authorized. (-60005)'), 'refused'],
    [
      'with nobody at the screen',
      exited(1, '', 'execution error: No user interaction allowed. (-1713)'),
      'refused',
    ],
    ['done', exited(0), 'done'],
    [
      'failed',
      exited(1, '', 'execution error: installer: Error - the package path was invalid (1)'),
      'failed',
    ],
    [
      'failed with words that look like it',
      exited(1, '', 'execution error: User canceled. (-128) (1)'),
      'failed',
    ],
    ['failed without words', exited(1), 'failed'],
    ['without osascript', { is: 'not-found' }, 'refused'],
    ['hanging', { is: 'timed-out' }, 'failed'],
    ['killed', { is: 'killed', by: 'SIGKILL' }, 'failed'],
  ])('a prompt that is %s', (_, outcome, is) => expect(consentFrom(outcome).is).toBe(is));

  it('is the same answer as on Linux when a prompt is closed', () => {
    const text = fixture('pkexec.dismissed.exit126.constructed.stderr.txt');
    expect(consentFromPkexec(exited(126, '', text), text.split('\n'))).toEqual({ is: 'dismissed' });
  });
});
