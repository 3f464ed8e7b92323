/** OpenClaw on Windows itself: real files in a folder, and a Windows that answers as documented. Nothing of it has run on one. */
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostOpenClaw, Outcome } from '../../doors.ts';
import { everythingIn, write } from '../host-openclaw/testing/files.ts';
import { killedEverywhere, refusals } from '../host-openclaw/testing/mortal-files.ts';
import { quickClock } from '../host-openclaw/testing/quick-clock.ts';
import { exited } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { createWindowsHostOpenClaw } from './host-openclaw.ts';
import { OpenClawWindows, programs } from './testing/openclaw-windows.ts';

vi.mock('node:fs/promises', async (original) => {
  const { mortal } = await import('../host-openclaw/testing/mortal-files.ts');
  return mortal(await original());
});

afterEach(() => refusals.clear());

const open = () => new AbortController().signal;
const settings = '{"meta": {"lastTouchedVersion": "2026.9.6"}}';
const roaming = 'AppData/Roaming';
const startup = `${roaming}/Microsoft/Windows/Start Menu/Programs/Startup`;
const mark = '2026-11-22T07-04-11';

async function computer(files: Readonly<Record<string, string>> = {}, environment: NodeJS.ProcessEnv = {}) {
  const windows = new OpenClawWindows();
  const home = join(await testFolder(), '王小明 O’Neil & "Söhne"', "l'Été");
  await mkdir(home, { recursive: true });
  await write(home, files);
  const logged: string[] = [];
  const places = {
    APPDATA: join(home, roaming),
    LOCALAPPDATA: join(home, 'AppData/Local'),
    ProgramFiles: join(home, 'Program Files'),
    TEMP: join(home, 'AppData/Local/Temp'),
  };
  /** As after every start: nothing is remembered. */
  const host = (): HostOpenClaw =>
    createWindowsHostOpenClaw({
      run: windows.run,
      log: { info() {}, error: (line) => void logged.push(line) },
      programs,
      home,
      environment: { ...places, ...environment },
      clock: quickClock(),
    });
  return { windows, home, host, logged };
}

const seen = { is: 'seen', homes: [], programs: [], services: [], gateways: [] } as const;

describe('the look on Windows', () => {
  it('finds nothing on a computer with nothing of the kind, and changes nothing', async () => {
    const { windows, home, host } = await computer({
      '.openclaw-notes/todo.txt': '',
      [`${startup}/desktop.ini`]: '',
    });
    const before = await everythingIn(home);
    expect(await host().look(open())).toEqual(seen);
    expect(await everythingIn(home)).toEqual(before);
    expect(windows.calls).toEqual([
      'powershell processes',
      'reg query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion',
      'schtasks /Query /FO CSV /NH',
    ]);
  });

  it.each<[string, string, string | null]>([
    ['.openclaw/openclaw.json', 'default', '2026.9.6'],
    ['.OpenClaw/openclaw.json', 'default', '2026.9.6'],
    ['.openclaw-work/state/openclaw.sqlite', 'work', null],
    ['.OPENCLAW-Work/openclaw.json', 'Work', '2026.9.6'],
    ['.openclaw/clawdbot.json', 'default', '2026.9.6'],
    ['.clawdbot/clawdbot.json', '_clawdbot', '2026.9.6'],
    ['.clawdbot-work/clawdbot.json', '_clawdbot-work', '2026.9.6'],
    ['.moltbot/moltbot.json', '_moltbot', '2026.9.6'],
  ])('finds a folder by %s', async (file, profile, version) => {
    const { home, host } = await computer({ [file]: settings });
    expect(await host().look(open())).toEqual({
      ...seen,
      homes: [{ profile, folder: join(home, file.split('/')[0] ?? ''), version }],
    });
  });

  it.each([
    `${roaming}/npm/node_modules/openclaw`,
    `${roaming}/npm/node_modules/clawdbot`,
    'Program Files/nodejs/node_modules/moltbot',
    'AppData/Local/Volta/tools/image/packages/openclaw/node_modules/openclaw',
    'AppData/Local/pnpm/global/5/node_modules/openclaw',
    '.bun/install/global/node_modules/openclaw',
    'scoop/persist/nodejs/bin/node_modules/openclaw',
    '.openclaw/lib/node_modules/openclaw',
    `${roaming}/nvm/v24.1.0/node_modules/openclaw`,
    'AppData/Local/nvm/v24.1.0/node_modules/openclaw',
    `${roaming}/fnm/node-versions/v24.1.0/installation/node_modules/openclaw`,
    'openclaw',
  ])('finds a program in %s', async (folder) => {
    const { home, host } = await computer({ [`${folder}/package.json`]: '{"version": "2026.9.6"}' });
    expect(await host().look(open())).toEqual({
      ...seen,
      programs: [{ folder: join(home, folder), version: '2026.9.6' }],
    });
  });

  it.each([
    '.local/bin/openclaw.cmd',
    '.openclaw/bin/openclaw.cmd',
    'AppData/Local/pnpm/openclaw.cmd',
    '.bun/bin/openclaw.exe',
    'AppData/Local/OpenClaw/deps',
    `${roaming}/OpenClawTray`,
    'AppData/Local/OpenClawTray',
  ])('finds a program by %s', async (path) => {
    const { home, host } = await computer({ [path]: '' });
    expect(await host().look(open())).toEqual({
      ...seen,
      programs: [{ folder: join(home, path), version: null }],
    });
  });

  it('tells of the home that its makers’ companion made, without touching it', async () => {
    const { windows, host } = await computer();
    windows.distros = ['Ubuntu', 'ClawCove-OpenClaw'];
    expect(await host().look(open())).toEqual(seen);
    windows.distros.push('OpenClawGateway');
    const folder = '\\\\wsl.localhost\\OpenClawGateway';
    expect(await host().look(open())).toEqual({ ...seen, programs: [{ folder, version: null }] });
    expect(windows.calls.join()).not.toContain('wsl');
  });

  it.each(['OpenClaw Gateway', 'OpenClaw Gateway (work)', 'Clawdbot Gateway', 'Moltbot Gateway'])(
    'finds the task %s, unless it is turned off',
    async (name) => {
      const { windows, host } = await computer();
      windows.tasks.set('OpenClaw Node', { isOn: true });
      windows.tasks.set(name, { isOn: true });
      const services = [{ name, startsByItself: true, isActive: false }];
      expect(await host().look(open())).toEqual({ ...seen, services });
      windows.tasks.set(name, { isOn: true, triggers: '<Triggers/>' });
      expect(await host().look(open())).toEqual({
        ...seen,
        services: [{ ...services[0], startsByItself: false }],
      });
      windows.tasks.set(name, { isOn: false });
      expect(await host().look(open())).toEqual(seen);
    },
  );

  it.each([
    'OpenClaw Gateway.cmd',
    'OpenClaw Gateway.vbs',
    'OpenClaw Gateway (work).cmd',
    'Clawdbot Gateway.lnk',
    'Moltbot Gateway.bat',
  ])('finds %s in the startup folder', async (name) => {
    const { host } = await computer({ [`${startup}/${name}`]: '', [`${startup}/OpenClaw Node.cmd`]: '' });
    const services = [{ name, startsByItself: true, isActive: false }];
    expect(await host().look(open())).toEqual({ ...seen, services });
  });

  it('finds one that runs, and what has started it', async () => {
    const { windows, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    windows.tasks.set('OpenClaw Gateway', { isOn: true });
    windows.tasks.set('OpenClaw Gateway (work)', { isOn: true });
    windows.gateway(9032, `${home}\\.openclaw`);
    expect(await host().look(open())).toMatchObject({
      services: [
        { name: 'OpenClaw Gateway', isActive: true },
        { name: 'OpenClaw Gateway (work)', isActive: false },
      ],
      gateways: [{ pid: 9032, profile: 'default' }],
    });
    windows.gateway(9033, 'D:\\elsewhere');
    expect(await host().look(open())).toMatchObject({
      services: [{ isActive: true }, { isActive: null }],
      gateways: [{ profile: 'default' }, { pid: 9033, profile: null }],
    });
  });

  const cut: Outcome = { is: 'exited', code: 0, stdout: '"\\A","x"', stderr: '', truncated: true };
  it.each<[string, string, Outcome, string]>([
    [
      'the list of tasks is refused',
      'schtasks /Query /FO',
      exited(1, '', 'Zugriff verweigert'),
      'Task Scheduler',
    ],
    ['the list of tasks is something else', 'schtasks /Query /FO', exited(0, '错误'), 'Task Scheduler'],
    ['the list of tasks is cut', 'schtasks /Query /FO', cut, 'Task Scheduler'],
    ['the list of tasks takes too long', 'schtasks /Query /FO', { is: 'timed-out' }, 'Task Scheduler'],
    ['there is no schtasks', 'schtasks', { is: 'not-found' }, 'Task Scheduler'],
    ['a task is refused', 'schtasks /Query /TN', exited(1), 'Task Scheduler'],
    ['a task is no XML', 'schtasks /Query /TN', exited(0, 'TaskName: OpenClaw'), 'Task Scheduler'],
    ['a task is cut', 'schtasks /Query /TN', cut, 'Task Scheduler'],
    ['PowerShell is not allowed', 'powershell processes', exited(1), 'PowerShell'],
    ['PowerShell takes too long', 'powershell processes', { is: 'timed-out' }, 'PowerShell'],
    ['there is no PowerShell', 'powershell processes', { is: 'not-found' }, 'PowerShell'],
    ['PowerShell says something else', 'powershell processes', exited(0, '[{"Sid":null}]'), 'PowerShell'],
    [
      'PowerShell’s answer is cut',
      'powershell processes',
      exited(0, '[{"Sid":"S-1-5-21-1","Sess'),
      'PowerShell',
    ],
    ['the registry is refused', 'reg query', exited(1), 'reg'],
    ['the registry says something else', 'reg query', exited(0, 'x'), 'reg'],
    [
      'WSL’s part of the registry is refused',
      'reg query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss',
      exited(1),
      'reg',
    ],
  ])('could not look where %s', async (_, line, outcome, what) => {
    const { windows, host } = await computer();
    windows.tasks.set('OpenClaw Gateway', { isOn: true });
    windows.distros = ['Ubuntu'];
    windows.instead.set(line, outcome);
    expect(await host().look(open())).toEqual({ is: 'unanswered', what });
  });

  it('could not look where a program of the person’s runs with an administrator’s rights', async () => {
    const { windows, host } = await computer();
    windows.gateway(9032, 'C:\\x\\.openclaw');
    Object.assign(windows.processes[0] ?? {}, { Line: null, File: null, Sid: null });
    expect(await host().look(open())).toEqual({ is: 'unanswered', what: 'PowerShell' });
  });

  it('could not look where folders can’t be read, and says which', async () => {
    const { home, host } = await computer({ 'elsewhere/openclaw.json': settings });
    await mkdir(join(home, roaming, 'Microsoft/Windows/Start Menu/Programs'), { recursive: true });
    await symlink('Startup', join(home, startup));
    expect(await host().look(open())).toEqual({ is: 'unreadable', what: join(home, startup) });
    await symlink(join(home, 'elsewhere'), join(home, '.openclaw-work'));
    expect(await host().look(open())).toEqual({ is: 'unreadable', what: join(home, '.openclaw-work') });
  });

  it('takes a former name of a folder, which OpenClaw leaves behind, for what it is', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings });
    await symlink(join(home, '.openclaw'), join(home, '.clawdbot'));
    expect(await host().look(open())).toMatchObject({ homes: [{ profile: 'default' }] });
  });

  it('does not say that nothing is there where its own variables name a place', async () => {
    const { home, host } = await computer({}, { OPENCLAW_STATE_DIR: '~/state' });
    expect(await host().look(open())).toEqual(seen);
    await write(home, { 'state/openclaw.json': settings });
    expect(await host().look(open())).toEqual({ is: 'unreadable', what: join(home, 'state') });
    const usual = await computer(
      { '.openclaw/openclaw.json': settings },
      { OPENCLAW_STATE_DIR: '~/.openclaw' },
    );
    expect(await usual.host().look(open())).toMatchObject({ homes: [{ profile: 'default' }] });
  });
});

describe('stopping on Windows', () => {
  it('asks who can be asked, and ends nobody who went', async () => {
    const { windows, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    windows.gateway(9032, `${home}\\.openclaw`);
    windows.isPolite = true;
    await host().stop([], open());
    expect(windows.processes).toEqual([]);
    expect(windows.calls).toContain('taskkill /PID 9032 /T');
    expect(windows.calls).not.toContain('powershell end');
  });

  it('ends who can’t be asked, and is quiet where none runs', async () => {
    const { windows, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    windows.gateway(9032, `${home}\\.openclaw`);
    windows.gateway(9033, 'D:\\elsewhere');
    await host().stop([], open());
    expect(windows.processes).toEqual([]);
    const calls = windows.calls.length;
    await host().stop([], open());
    expect(windows.calls.slice(calls).every((line) => line === 'powershell processes')).toBe(true);
  });

  it('ends nobody else who has the number by now', async () => {
    const { windows, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    windows.gateway(9032, `${home}\\.openclaw`);
    const { run } = windows;
    let looks = 0;
    Object.assign(windows, {
      run: async (command: Parameters<typeof run>[0]) => {
        const answer = await run(command);
        // Right after it was seen for the last time, it ends, and another program gets its number.
        if (windows.calls.at(-1) === 'powershell processes' && ++looks === 2)
          Object.assign(windows.processes[0] ?? {}, {
            Line: 'node other.js',
            Born: '2026-11-22T09:00:00.0000000Z',
          });
        return answer;
      },
    });
    await host().stop([], open());
    expect(windows.calls).toContain('powershell end');
    expect(windows.processes).toMatchObject([{ Id: 9032, Line: 'node other.js' }]);
  });

  it('says so where one comes again', async () => {
    const { windows, home, host } = await computer({ '.openclaw/openclaw.json': settings });
    windows.gateway(9032, `${home}\\.openclaw`);
    windows.comesAgain = true;
    await expect(host().stop([], open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-runs-on' },
    });
  });

  it('is not called done where nobody could look', async () => {
    const { windows, host } = await computer();
    windows.instead.set('powershell processes', { is: 'timed-out' });
    await expect(host().stop([], open())).rejects.toMatchObject({ problem: { code: 'host-unanswered' } });
  });

  it('and waking starts what started it, one for each of them, and never throws', async () => {
    const { windows, home, host, logged } = await computer({ [`${startup}/OpenClaw Gateway.cmd`]: '' });
    windows.tasks.set('OpenClaw Gateway', { isOn: true });
    windows.tasks.set('OpenClaw Gateway (b)', { isOn: true });
    const service = (name: string, wasActive = true) => ({ name, startsByItself: true, wasActive });
    await host().wake(
      [service('OpenClaw Gateway'), service('OpenClaw Gateway.cmd'), service('OpenClaw Gateway (b)', false)],
      open(),
    );
    expect(windows.begun).toEqual(['OpenClaw Gateway']);
    await host().wake([service('OpenClaw Gateway.cmd'), service('else'), service('..')], open());
    expect(windows.begun.slice(1)).toEqual([join(home, startup, 'OpenClaw Gateway.cmd')]);
    expect(logged).toEqual([]);
    await host().wake([service('OpenClaw Gateway (b).vbs')], open());
    expect(logged).toEqual(['OpenClaw was not started again']);
  });
});

describe('putting to rest on Windows', () => {
  const resting = {
    mark,
    profiles: ['default', 'work', '_clawdbot'],
    services: [
      { name: 'OpenClaw Gateway', startsByItself: true, wasActive: true },
      { name: 'OpenClaw Gateway (work).cmd', startsByItself: true, wasActive: false },
      { name: 'OpenClaw Gateway (off)', startsByItself: false, wasActive: false },
    ],
  };
  async function livedIn() {
    const made = await computer({
      '.openclaw/openclaw.json': settings,
      '.openclaw/gateway.cmd': '@echo off\r\n',
      '.openclaw-work/openclaw.json': '{}',
      '.clawdbot/clawdbot.json': '{}',
      [`${startup}/OpenClaw Gateway (work).cmd`]: 'start',
      [`${startup}/Other.lnk`]: 'other',
    });
    made.windows.tasks.set('OpenClaw Gateway', { isOn: true });
    made.windows.tasks.set('OpenClaw Gateway (off)', { isOn: true, triggers: '<Triggers/>' });
    made.windows.tasks.set('Other', { isOn: true });
    const all = async () => ({
      files: await everythingIn(made.home),
      tasks: structuredClone([...made.windows.tasks]),
    });
    return { ...made, all };
  }

  it('and taking back leave everything as it was, however often they are done', async () => {
    const { windows, home, host, all } = await livedIn();
    const before = await all();
    for (let time = 0; time < 2; time++) await host().putToRest(resting, open());
    expect(await host().look(open())).toEqual(seen);
    // Nothing of it lies where Windows opens whatever lies there.
    expect(await readdir(join(home, startup))).toEqual(['Other.lnk']);
    expect(windows.tasks.get('Other')).toEqual({ isOn: true });
    for (const place of host().restingPlaces(resting)) expect(await readdir(place)).not.toEqual([]);
    expect(await host().canTakeBack(resting, open())).toBe(true);
    for (let time = 0; time < 2; time++) await host().takeBack(resting, open());
    expect(await all()).toEqual(before);
  });

  it('killed anywhere can be gone on with, and taken back', async () => {
    let before: unknown;
    await killedEverywhere(
      async () => {
        const made = await livedIn();
        before = await made.all();
        return made;
      },
      ({ host }) => host().putToRest(resting, open()),
      async ({ host, all }, at) => {
        await host().putToRest(resting, open());
        expect(await host().look(open()), at).toEqual(seen);
        await host().takeBack(resting, open());
        expect(await all(), at).toEqual(before);
      },
    );
  });

  it('killed anywhere, there or back, can be taken back at once', async () => {
    let before: unknown;
    await killedEverywhere(
      async () => {
        const made = await livedIn();
        before = await made.all();
        return made;
      },
      async ({ host }) => {
        await host().putToRest(resting, open());
        await host().takeBack(resting, open());
      },
      async ({ host, all }, at) => {
        await host().takeBack(resting, open());
        expect(await all(), at).toEqual(before);
      },
    );
  });

  it('never puts one over another', async () => {
    const { home, host } = await livedIn();
    await host().putToRest(resting, open());
    await write(home, {
      '.openclaw/openclaw.json': '"new"',
      [`${startup}/OpenClaw Gateway (work).cmd`]: 'new',
    });
    await host().putToRest(resting, open());
    expect(await host().canTakeBack(resting, open())).toBe(false);
    await expect(host().takeBack(resting, open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-in-the-way' },
    });
    expect(await readFile(join(home, '.openclaw/openclaw.json'), 'utf8')).toBe('"new"');
    expect(await readFile(join(home, startup, 'OpenClaw Gateway (work).cmd'), 'utf8')).toBe('new');
  });

  it('says so where another program holds a folder, and goes on once it doesn’t', async () => {
    const { home, host } = await livedIn();
    const path = join(home, '.openclaw-work');
    refusals.set(`rename ${path}`, 'EBUSY');
    await expect(host().putToRest(resting, open())).rejects.toMatchObject({
      problem: { code: 'host-openclaw-held', facts: { path } },
    });
    expect(await host().look(open())).toMatchObject({
      homes: [{ profile: '_clawdbot' }, { profile: 'work' }],
    });
    refusals.clear();
    await host().putToRest(resting, open());
    expect(await host().look(open())).toEqual(seen);
  });

  it('goes on where only an administrator may turn a task off, and that is still seen', async () => {
    const { windows, home, host, logged } = await livedIn();
    windows.tasks.set('OpenClaw Gateway', { isOn: true, isElevated: true });
    await host().putToRest(resting, open());
    expect(logged).toEqual(['schtasks did not /DISABLE “OpenClaw Gateway”']);
    expect((await readdir(home)).filter((name) => /^\.openclaw(-work)?$/.test(name))).toEqual([]);
    expect(await host().look(open())).toMatchObject({ homes: [], services: [{ name: 'OpenClaw Gateway' }] });
  });
});

describe('packing on Windows', () => {
  const report = { signal: open(), progress() {}, log() {} };
  const cargo = { instead: [{ name: 'openclaw.json', text: 'new' }], notes: [] };

  it('killed anywhere leaves a whole archive or none', async () => {
    await killedEverywhere(
      () => computer({ '.openclaw/openclaw.json': settings, '.openclaw/a/b.txt': 'b' }),
      ({ home, host }) => host().pack('default', cargo, join(home, 'backups/one.tar'), report),
      async ({ home, host }, at) => {
        const names = await readdir(join(home, 'backups')).catch(() => []);
        expect(['', 'one.tar', 'one.tar.part'], at).toContain(names.join());
        await host().pack('default', cargo, join(home, 'backups/one.tar'), report);
        expect(await readdir(join(home, 'backups')), at).toEqual(['one.tar']);
      },
    );
  });

  it('packs nothing where somebody holds a file', async () => {
    const { home, host } = await computer({ '.openclaw/openclaw.json': settings, '.openclaw/held': 'x' });
    const path = join(home, '.openclaw/held');
    refusals.set(`open ${path}`, 'EBUSY');
    await expect(host().pack('default', cargo, join(home, 'backups/one.tar'), report)).rejects.toMatchObject({
      problem: { code: 'host-unreadable', facts: { path } },
    });
    expect(await readdir(join(home, 'backups'))).toEqual([]);
  });
});
