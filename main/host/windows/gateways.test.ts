/** Which processes of Windows are gateways, whose, and how they are ended. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FoundHome } from '../../moving-in/found.ts';
import { write } from '../host-openclaw/testing/files.ts';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { createWindowsGateways, gatewaysFrom, processesScript, type Running } from './gateways.ts';
import { lockFrom, locksOf } from './locks.ts';
import { programsIn } from './programs.ts';

const sample = readFileSync(
  join(import.meta.dirname, 'fixtures', 'processes.openclaw.constructed.json'),
  'utf8',
);
const [running] = processesScript.answer.parse(JSON.parse(sample)) as [Running];
const user = 'C:\\Users\\王小明';
const home = (profile: string, name: string): FoundHome => ({
  profile,
  folder: `${user}\\${name}`,
  version: null,
});
const homes = [home('default', '.openclaw'), home('work', '.openclaw-work')];
const idle = () => new AbortController().signal;
const programs = programsIn('C:\\Windows');
const line = `${programs.powershell} -NoLogo -NoProfile -NonInteractive -Command …`;

describe('gateways on Windows', () => {
  it('are this person’s only, each with the folder that it has', () => {
    expect(gatewaysFrom(running, homes, [])).toEqual([
      { pid: 9032, birth: '2026-11-22T07:00:01.1234560Z', profile: 'default' },
      { pid: 9200, birth: '2026-11-22T07:10:00.5000000Z', profile: 'work' },
      // It was started once more by the one above, which names the profile.
      { pid: 9210, birth: '2026-11-22T07:10:02.5000000Z', profile: 'work' },
    ]);
  });

  const only = (change: Partial<Running['Processes'][number]>): Running => ({
    ...running,
    Processes: running.Processes.slice(0, 1).map((each) => ({ ...each, ParentLine: null, ...change })),
  });
  const since = Date.parse('2026-11-22T07:00:03Z');

  it('are known by the lock that they laid, and not by one of somebody’s who had their number before', () => {
    const profileBy = (lockSince: number) =>
      gatewaysFrom(only({}), homes, [{ pid: 9032, since: lockSince, profile: 'work' }])?.map(
        ({ profile }) => profile,
      );
    expect(profileBy(since)).toEqual(['work']);
    expect(profileBy(since - 60_000)).toEqual([null]);
  });

  it.each<[string, Partial<Running['Processes'][number]>]>([
    ['without any hint', {}],
    ['of a profile without a folder', { ParentLine: '"C:\\x\\.openclaw-gone\\gateway.cmd"' }],
    ['started from elsewhere', { ParentLine: '"C:\\x\\openclaw\\gateway.cmd"' }],
  ])('are nobody’s %s', (_, change) => {
    expect(gatewaysFrom(only(change), homes, [])).toMatchObject([{ pid: 9032, profile: null }]);
  });

  it.each<[string, Partial<Running['Processes'][number]>]>([
    ['keeps its words secret in this person’s session', { Line: null, Sid: null }],
    ['keeps its words secret and is this person’s', { Line: null, Session: 0 }],
    ['nobody knows when it began', { Born: null }],
  ])('can’t be told where one %s', (_, change) => {
    expect(gatewaysFrom(only(change), homes, [])).toBeNull();
  });

  it.each<[string, Partial<Running['Processes'][number]>]>([
    ['another of its commands', { Line: 'node C:\\x\\openclaw\\openclaw.mjs agent --message gateway' }],
    ['another program of Node’s', { Line: 'node C:\\srv\\app.js gateway' }],
    ['another program', { File: 'C:\\Windows\\notepad.exe' }],
    ['another person’s', { Sid: 'S-1-5-21-9' }],
  ])('are not: %s', (_, change) => expect(gatewaysFrom(only(change), homes, [])).toEqual([]));

  it('are asked for once more, and then nobody knows', async () => {
    const open = (...answers: ReturnType<typeof exited>[]) =>
      createWindowsGateways({ run: strictRun({ [line]: answers }).run, programs, temporary: '/nowhere' });
    expect(await open(exited(1), exited(0, sample)).find(homes, idle())).toHaveLength(3);
    for (const answer of [
      exited(1),
      exited(0, ''),
      exited(0, '[]'),
      exited(0, '[{"Sid":"x"}]'),
      exited(0, 'nein'),
    ])
      await expect(open(answer, answer).find(homes, idle())).rejects.toMatchObject({
        unseen: { is: 'unanswered', what: 'PowerShell' },
      });
  });

  it('are asked by taskkill, and ended by what proves that they are the same', async () => {
    const { run, calls, commands } = strictRun({
      [`${programs.taskkill} /PID 7 /T`]: exited(128),
      [`${programs.taskkill} /PID 8 /T`]: exited(0),
      [line]: exited(0, '[1]'),
    });
    const gateways = createWindowsGateways({ run, programs, temporary: '/nowhere' });
    const one = (pid: number) => ({ pid, birth: '2026-11-22T07:00:01.1234560Z', profile: null });
    expect(await gateways.ask([one(7)], idle())).toBe(false);
    expect(await gateways.ask([one(7), one(8)], idle())).toBe(true);
    expect(await gateways.ask([], idle())).toBe(false);
    await gateways.end([one(7)], idle());
    expect(calls).toHaveLength(4);
    expect(commands.at(-1)?.environment).toEqual({ CLAWCOVE_DATA: '7 2026-11-22T07:00:01.1234560Z' });
  });
});

describe('a lock', () => {
  const at = '2026-11-22T07:00:03.000Z';
  const [first = homes[0] as FoundHome] = homes;
  it('says whose a process is by where it lies, or by the settings that it names', () => {
    const words = JSON.stringify({
      pid: 5,
      createdAt: at,
      configPath: 'c:/users/王小明/.OpenClaw-Work/openclaw.json',
    });
    expect(lockFrom(words, null, homes)).toEqual({ pid: 5, since: Date.parse(at), profile: 'work' });
    expect(lockFrom(words, first, homes)?.profile).toBe('default');
    expect(
      lockFrom(`{"pid":5,"createdAt":"${at}","configPath":"D:\\\\x\\\\openclaw.json"}`, null, homes),
    ).toBeNull();
  });

  it.each([
    '',
    '{',
    '[]',
    '{"pid":"5","createdAt":"x"}',
    '{"pid":-1,"createdAt":"2026"}',
    '{"pid":5,"createdAt":"soon"}',
  ])('that says %j says nothing', (text) => expect(lockFrom(text, first, homes)).toBeNull());

  it('is found in the folder itself, and among temporary files', async () => {
    const folder = await testFolder();
    const own = { profile: 'default', folder: join(folder, '.openclaw'), version: null };
    await mkdir(join(folder, '.openclaw/tmp/openclaw/gateway.odd.lock'), { recursive: true });
    await write(folder, {
      '.openclaw/tmp/openclaw/gateway.state.lock': `{"pid":5,"createdAt":"${at}"}`,
      '.openclaw/tmp/openclaw/gateway.long.lock': 'x'.repeat(70_000),
      '.openclaw/tmp/openclaw/other.lock': `{"pid":6,"createdAt":"${at}"}`,
      'temp/openclaw/gateway.1a2b.lock': JSON.stringify({
        pid: 7,
        createdAt: at,
        configPath: join(folder, '.openclaw/openclaw.json'),
      }),
    });
    const found = await locksOf([own], join(folder, 'temp'));
    expect(found.map(({ pid, profile }) => [pid, profile])).toEqual([
      [5, 'default'],
      [7, 'default'],
    ]);
    expect(await locksOf([own], join(folder, 'gone'))).toHaveLength(1);
  });
});
