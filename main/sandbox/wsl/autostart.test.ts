import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, exited, exitedWith, strictRun } from '../../host/strict-run.ts';
import { testFolder } from '../../host/test-folder.ts';
import { programsIn } from '../../host/windows/programs.ts';
import { loginTaskXml, taskFile, taskFrom } from '../../host/windows/tasks.ts';
import { wordsOf } from '../../host/windows/words.ts';
import { autostartTask, hasAutostart, setAutostart } from './autostart.ts';

const idle = () => new AbortController().signal;
const programs = programsIn('C:\\Windows');
const sid = 'S-1-5-21-1-2-3-1001';
const who = '"desktop-1\\j\x81rgen","S-1-5-21-1-2-3-1001"\r\n';
const query = 'schtasks /Query /TN \\ClawCove\\OpenClaw /XML';
const xml = loginTaskXml(autostartTask(programs, sid));

async function set(answers: Record<string, Answer>) {
  const folder = await testFolder();
  const log: string[] = [];
  const double = strictRun(answers);
  const options = {
    run: (command: Parameters<typeof double.run>[0]) =>
      double.run({ ...command, file: command.file.replace(/^C:\\Windows\\System32\\(\w+)\.exe$/, '$1') }),
    log: { info: (line: string) => log.push(line), error() {} },
    programs,
    dataFolder: folder,
  };
  return { options, folder, log, ...double };
}

describe('the home at login', () => {
  it('is kept awake by a task of this person’s, without a window and without more rights', () => {
    const task = taskFrom(xml);
    expect(task).toMatchObject({ startsAtLogin: true, isEnabled: true, isElevated: false });
    const [action] = task?.actions ?? [];
    expect(action?.command).toBe('C:\\Windows\\System32\\conhost.exe');
    expect(wordsOf(`conhost.exe ${action?.arguments}`).slice(1)).toEqual([
      '--headless',
      'C:\\Windows\\System32\\wsl.exe',
      ...'--distribution ClawCove-OpenClaw --user root --cd / --exec /bin/sleep infinity'.split(' '),
    ]);
    expect(xml).toContain(`<UserId>${sid}</UserId>`);
    // Stopped on purpose it stays stopped, and it is not ended for running long.
    expect(xml).not.toContain('RestartOnFailure');
    expect(xml).toContain('<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
  });

  it('is made from a file that Windows can read, which goes again', async () => {
    let file: Buffer | null = null;
    const { options, folder, calls } = await set({
      'whoami /user /fo csv /nh': exited(0, who),
      'schtasks /Create /TN \\ClawCove\\OpenClaw /XML …': async ({ args }) => {
        file = await readFile(args[4] ?? '');
        return exited(0);
      },
    });
    await setAutostart(true, options, idle());
    expect(file).toEqual(taskFile(xml));
    expect(calls.at(-1)).toBe(
      `schtasks /Create /TN \\ClawCove\\OpenClaw /XML ${join(folder, 'login-task.xml')} /F`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('is left to ClawCove itself where that isn’t allowed', async () => {
    const { options, log } = await set({
      'whoami /user /fo csv /nh': exited(0, who),
      'schtasks /Create …': exited(1, '', 'ERROR: Access is denied.'),
    });
    await setAutostart(true, options, idle());
    expect(log).toEqual(['this computer allows no task at login: ClawCove itself starts the home']);
    const silent = await set({ 'whoami /user /fo csv /nh': exited(1) });
    await setAutostart(true, silent.options, idle());
    expect(silent.calls).toHaveLength(1);
  });

  it('is turned off, also where it never was on', async () => {
    const { options, calls } = await set({ 'schtasks /Delete /TN \\ClawCove\\OpenClaw /F': exited(1) });
    await setAutostart(false, options, idle());
    expect(calls).toHaveLength(1);
  });

  it.each<[string, Answer, boolean]>([
    ['ours', exitedWith(0, taskFile(xml)), true],
    ['ours, in the console’s encoding', exited(0, xml), true],
    ['none', exited(1, '', 'ERROR: The system cannot find the file specified.'), false],
    [
      'one that is turned off',
      exited(0, xml.replace('<LogonTrigger><Enabled>true', '<LogonTrigger><Enabled>false')),
      false,
    ],
    ['one that starts something else', exited(0, xml.replace('conhost.exe', 'cmd.exe')), false],
    [
      'one that does more',
      exited(0, xml.replace('</Actions>', '<Exec><Command>x</Command></Exec></Actions>')),
      false,
    ],
    ['no XML', exited(0, 'TaskName: ClawCove'), false],
  ])('finds %s', async (_, answer, is) => {
    expect(await hasAutostart((await set({ [query]: answer })).options, idle())).toBe(is);
  });
});

describe('a task’s XML', () => {
  it('of another’s making is read', () => {
    const file = join(import.meta.dirname, '../../host/windows/fixtures/schtasks.check.xml');
    expect(taskFrom(readFileSync(file, 'utf8'))).toEqual({
      startsAtLogin: false,
      startsByItself: true,
      isEnabled: true,
      isElevated: false,
      actions: [
        {
          command: 'C:\\Users\\anna\\AppData\\Local\\Programs\\openclaw-home\\OpenClaw Home.exe',
          arguments: '--check',
        },
      ],
    });
  });

  it('keeps whatever a program is called', () => {
    const task = { sid, command: 'C:\\王 & <Söhne>\\a"b.exe', arguments: '--x "a\\\\" &amp;' };
    expect(taskFrom(loginTaskXml(task))?.actions).toEqual([
      { command: task.command, arguments: task.arguments },
    ]);
    expect(() => loginTaskXml({ ...task, command: 'a\0' })).toThrow();
  });

  it.each(['', 'x', '<a/>', '<Task', '<Task></b>'])('that is none is none: %j', (text) => {
    expect(taskFrom(text)).toBeNull();
  });
});
