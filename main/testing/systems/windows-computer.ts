/** A whole Windows computer in tests: the real doors of Windows on doubles of what is behind them. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../contract.ts';
import { openWindowsDoors } from '../../host/windows/doors.ts';
import { programsIn } from '../../host/windows/programs.ts';
import { sharedInside } from '../../sandbox/wsl/names.ts';
import { createMachine } from '../machine.ts';
import { createQuickClock } from './clock.ts';
import { createTestGuest } from './guest.ts';
import { createInternet } from './internet.ts';
import { openTestComputer, type TestComputer } from './test-computer.ts';
import { createWindows, type WindowsState } from './windows.ts';

const rootFiles = Buffer.from('a root file system');
const base = {
  urls: ['https://releases.example/base.wsl'],
  sha256: createHash('sha256').update(rootFiles).digest('hex'),
};

export interface WindowsComputerOptions {
  /** The person's account, as their folder is called. */
  readonly user: string;
  readonly language: Language;
  readonly state?: Partial<WindowsState>;
}

export interface TestWindows extends TestComputer {
  readonly state: WindowsState;
}

/** Needs {@link goTo} before: its files lie elsewhere. */
export async function createWindowsComputer({
  user,
  language,
  state: change = {},
}: WindowsComputerOptions): Promise<TestWindows> {
  const home = `C:\\Users\\${user}`;
  const environment = {
    SystemRoot: 'C:\\Windows',
    USERPROFILE: home,
    APPDATA: `${home}\\AppData\\Roaming`,
    LOCALAPPDATA: `${home}\\AppData\\Local`,
  };
  for (const folder of ['Documents', 'Desktop', 'AppData\\Roaming', 'AppData\\Local'])
    await mkdir(join(home, folder), { recursive: true });
  const dataFolder = join(environment.LOCALAPPDATA, 'ClawCove');
  const state: WindowsState = {
    ...{ wsl: null, platform: false, pending: null, firmwareAllows: true, forbiddenByPolicy: false },
    ...{
      hangs: false,
      prompt: 'yes',
      needsRestart: false,
      isDiskFull: false,
      distro: null,
      tasks: new Map(),
    },
    ...change,
  };
  const machine = createMachine({ engineName: 'WSL' });
  const clock = createQuickClock(machine);
  /** What fstab mounts, as mountinfo says it. */
  const sharedMount = () => {
    const folder = guest.files.get('/etc/fstab')?.split('\n')[1]?.split(' ')[0] ?? 'none';
    return `rw,nosuid,nodev,noatime - 9p ${folder} rw,dirsync,aname=drvfs,mmap`;
  };
  const guest = createTestGuest({ machine, agentId: 15_789, sharedInside, sharedMount });
  const programs = programsIn(environment.SystemRoot);
  const windows = createWindows({
    ...{ programs, state, guest, sharedMount },
    read: (path) => readFile(path),
    async put(path, there) {
      await mkdir(join(path, '..'), { recursive: true });
      await (there ? writeFile(path, 'disk') : rm(path, { force: true }));
    },
    gatewayPort: () => (machine.home?.isRunning ? machine.home.spec.port : null),
  });
  const internet = createInternet({
    machine,
    versions: ['2026.9.5', '2026.9.6'],
    files: { 'https://releases.example/base.wsl': rootFiles },
    // Windows' own services, which listen on every Windows.
    open: new Set(['192.168.1.20:135', '192.168.1.20:445']),
    asksBeforeListening: true,
  });
  return {
    state,
    restart: windows.restart,
    ...openTestComputer({
      ...{ internet, clock, dataFolder, language, programs: windows },
      open: ({ net, open }, log) =>
        openWindowsDoors(
          {
            ...{ environment, home, dataFolder, clock, net, open, log, processor: 'x64', base },
            startPrograms: () => windows.run,
          },
          new AbortController().signal,
        ),
    }),
  };
}
