/** All of Windows' doors together, on a Windows that answers as recorded. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { network } from '../network.ts';
import { openStream } from '../stream.ts';
import { type Answer, exited, strictRun } from '../strict-run.ts';
import { testFolder } from '../test-folder.ts';
import { openWindowsDoors } from './doors.ts';
import { existingOpenClaw } from './existing.ts';
import { programsIn } from './programs.ts';

const s = 'C:\\Windows\\System32\\';
const powershell = `${s}WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command …`;
const groups = (label: string) =>
  exited(0, `"x","Alias","S-1-5-32-544","y"\r\n"z","Label","${label}",""\r\n`);
const idle = () => new AbortController().signal;

describe('the doors of Windows', () => {
  let home: string;
  beforeEach(async () => {
    home = await testFolder();
  });
  const open = async (answers: Record<string, Answer>) => {
    const double = strictRun(answers);
    const doors = await openWindowsDoors(
      {
        environment: { SystemRoot: 'C:\\Windows', LOCALAPPDATA: join(home, 'AppData', 'Local') },
        home,
        dataFolder: join(home, 'AppData', 'Local', 'ClawCove'),
        clock: systemClock,
        net: network,
        log: { info() {}, error() {} },
        processor: 'x64',
        open: openStream,
        startPrograms: () => double.run,
      },
      idle(),
    );
    return { doors, ...double };
  };
  const around = (folders: object, proxy: object = {}) =>
    exited(0, JSON.stringify([{ Folders: folders, OneDrive: [join(home, 'Cloud')], Proxy: proxy }]));

  it('ask two things at once when they open, and change nothing', async () => {
    const { calls, doors } = await open({
      [`${s}whoami.exe /groups /fo csv /nh`]: groups('S-1-16-8192'),
      [powershell]: around({}, { ProxyEnable: 1, ProxyServer: 'proxy.example:3128' }),
    });
    expect(calls).toHaveLength(2);
    expect(doors.computer.isAdministrator()).toBe(false);
    expect(doors.computer.proxy()).toMatchObject({ http_proxy: 'http://proxy.example:3128' });
    expect(doors.computer.dataFolder).toBe(join(home, 'AppData', 'Local', 'ClawCove'));
    expect(await doors.computer.extraCertificates()).toBeNull();
  });

  it('tell an administrator, and that nobody could say', async () => {
    const { doors } = await open({
      [`${s}whoami.exe /groups /fo csv /nh`]: groups('S-1-16-12288'),
      [powershell]: exited(1),
    });
    expect(doors.computer.isAdministrator()).toBe(true);
    expect(doors.computer.proxy()).toEqual({});
    const silent = await open({ [`${s}whoami.exe /groups /fo csv /nh`]: exited(1), [powershell]: exited(1) });
    expect(() => silent.doors.computer.isAdministrator()).toThrow('whoami');
  });

  it('know the person’s folders by where they are, and by what they are called', async () => {
    for (const name of ['Documents', 'Cloud', 'OneDrive - Firma', 'AppData', '.ssh'])
      await mkdir(join(home, name), { recursive: true });
    const { doors } = await open({
      [`${s}whoami.exe /groups /fo csv /nh`]: groups('S-1-16-8192'),
      [powershell]: around({}),
    });
    const folders = await doors.computer.knownFolders();
    expect(folders.personal).toEqual([join(home, 'Documents')]);
    expect(folders.synced).toEqual([join(home, 'OneDrive - Firma')]);
    expect([...folders.secrets].sort()).toEqual([join(home, '.ssh'), join(home, 'AppData')].sort());
  });

  it('lead to WSL', async () => {
    const { doors } = await open({
      [`${s}whoami.exe /groups /fo csv /nh`]: groups('S-1-16-8192'),
      [powershell]: exited(1),
      [`${s}reg.exe …`]: exited(1),
      [`${s}sc.exe query vmcompute`]: exited(1060),
    });
    expect(await doors.homes.of('WSL').probe(idle())).toEqual({ is: 'absent' });
    expect(await doors.admin.commands('install-engine')).toHaveLength(3);
  });

  it('know all that an OpenClaw leaves on a Windows', async () => {
    const roaming = join(home, 'AppData', 'Roaming');
    const local = join(home, 'AppData', 'Local');
    const startup = join(roaming, 'Microsoft', 'Windows', 'Start Menu', 'Programs', 'Startup');
    const there = [
      join(home, '.openclaw', 'bin'),
      join(home, '.openclaw-work'),
      join(home, '.openclawish'),
      join(home, '.clawdbot'),
      join(roaming, 'npm'),
      join(local, 'OpenClawTray'),
      startup,
    ];
    for (const path of there) await mkdir(path, { recursive: true });
    await writeFile(join(roaming, 'npm', 'openclaw.cmd'), '');
    await writeFile(join(startup, 'OpenClaw Gateway.cmd'), '');
    await writeFile(join(startup, 'Something Else.lnk'), '');
    const { run } = strictRun({
      [`${s}schtasks.exe /Query /FO CSV /NH`]: exited(0, '"\\OpenClaw Gateway (a)","N/A","就绪"\r\n'),
      [`${s}reg.exe query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss /s`]: exited(
        0,
        'HKEY_CURRENT_USER\\X\\{1}\r\n    DistributionName    REG_SZ    OpenClawGateway\r\n',
      ),
    });
    const places = { home, roaming, local, environment: { OPENCLAW_STATE_DIR: join(home, 'gone') } };
    expect(await existingOpenClaw(run, programsIn('C:\\Windows'), places, idle())).toEqual([
      { is: 'starts-at-login', by: 'task', name: 'OpenClaw Gateway (a)' },
      { is: 'starts-at-login', by: 'startup-folder', name: 'OpenClaw Gateway.cmd' },
      ...['.clawdbot', '.openclaw', '.openclaw-work'].map((name) => ({
        is: 'state',
        path: join(home, name),
      })),
      { is: 'program', path: join(roaming, 'npm', 'openclaw.cmd') },
      { is: 'program', path: join(local, 'OpenClawTray') },
      { is: 'makers-distro', name: 'OpenClawGateway' },
    ]);
    const none = strictRun({ [`${s}schtasks.exe …`]: { is: 'not-found' }, [`${s}reg.exe …`]: exited(1) });
    const empty = { ...places, home: join(home, 'x'), roaming: join(home, 'y'), local: join(home, 'z') };
    expect(await existingOpenClaw(none.run, programsIn('C:\\Windows'), empty, idle())).toEqual([]);
  });
});
