import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { type WindowsFound, windowsPowers, windowsPowersFrom } from './powers.ts';

/** As `schtasks /Query /FO CSV /NH` prints it; the last column is translated. */
const tasksOf = (...names: string[]) =>
  exited(
    0,
    ['\\Microsoft\\Windows\\Defrag\\ScheduledDefrag', ...names]
      .map((name) => `"${name}","N/A","Bereit"\r\n`)
      .join(''),
  );
const clean: WindowsFound = {
  tasks: tasksOf('\\OpenClaw Gateway', '\\Other\\OpenClaw Node'),
  startsAtLogin: ['desktop.ini', 'OpenClaw Gateway.cmd'],
  settings: null,
};
const seen = (change: Partial<WindowsFound>) => windowsPowersFrom({ ...clean, ...change });
const isOf = (change: Partial<WindowsFound>) => {
  const { accessibility, screen, node } = seen(change);
  return [accessibility.is, screen.is, node.is];
};

describe('powers on Windows', () => {
  it('are off where neither companion nor node host is set up', () => {
    expect(isOf({})).toEqual(['none-here', 'off', 'off']);
  });

  it.each([
    ['a task', { tasks: tasksOf('\\OpenClaw Node') }],
    ['a profile’s task', { tasks: tasksOf('\\OpenClaw Node (work)') }],
    ['a file among what starts at login', { startsAtLogin: ['OpenClaw Node.cmd'] }],
  ])('node mode is on by %s', (_, change) => {
    expect(seen(change).node).toMatchObject({ is: 'on', by: 'OpenClaw Node' });
  });

  it.each([
    ['{}', ['none-here', 'off', 'off']],
    ['\uFEFF{"EnableNodeMode":false,"NodeScreenEnabled":true}', ['none-here', 'off', 'off']],
    ['{"EnableNodeMode":true}', ['none-here', 'on', 'on']],
    ['{"EnableNodeMode":true,"NodeScreenEnabled":false}', ['none-here', 'off', 'on']],
    ['{"EnableNodeMode":"yes"}', ['none-here', 'unreadable', 'unreadable']],
    ['{"EnableNode', ['none-here', 'unreadable', 'unreadable']],
    ['', ['none-here', 'unreadable', 'unreadable']],
  ])('the companion’s settings %j mean %j', (settings, states) => {
    expect(isOf({ settings })).toEqual(states);
  });

  it.each<[string, Partial<WindowsFound>]>([
    ['tasks', { tasks: exited(1, '', 'Zugriff verweigert') }],
    ['all tasks', { tasks: { ...clean.tasks, truncated: true } as WindowsFound['tasks'] }],
    ['any task', { tasks: { is: 'not-found' } }],
    ['what starts at login', { startsAtLogin: null }],
  ])('node mode is not called off where nobody could read %s', (_, change) => {
    expect(seen(change).node).toMatchObject({ is: 'unreadable' });
  });

  it('are looked for in the person’s own folder', async () => {
    const appData = await testFolder();
    const startup = join(appData, 'Microsoft', 'Windows', 'Start Menu', 'Programs', 'Startup');
    await mkdir(startup, { recursive: true });
    await mkdir(join(appData, 'OpenClawTray'));
    const settings = join(appData, 'OpenClawTray', 'settings.json');
    const look = () =>
      windowsPowers(
        strictRun({ 'schtasks.exe /Query /FO CSV /NH': tasksOf() }).run,
        { schtasks: 'schtasks.exe' },
        appData,
        new AbortController().signal,
      );
    expect((await look()).node).toEqual({ is: 'off' });
    await writeFile(settings, '{"EnableNodeMode":true}');
    expect((await look()).node).toEqual({ is: 'on', by: 'OpenClaw Companion', settings: null });
    await writeFile(settings, '{');
    expect((await look()).node).toMatchObject({ is: 'unreadable' });
  });
});
