/** Where Windows keeps its own programs, and how programs are run there. */
import { spawn } from 'node:child_process';
import { win32 } from 'node:path';
import type { Ways } from '../command.ts';

/** Windows' own programs, each by its full path: what lies in PATH, or in the folder one is in, is not ours to start. */
export interface Programs {
  readonly folder: string;
  readonly wsl: string;
  readonly reg: string;
  readonly sc: string;
  readonly powershell: string;
  readonly schtasks: string;
  readonly whoami: string;
  readonly netsh: string;
  readonly taskkill: string;
  readonly conhost: string;
  readonly icacls: string;
}

/** @param systemRoot `%SystemRoot%`; where nobody says, Windows is where it usually is */
export function programsIn(systemRoot: string | undefined): Programs {
  const root = systemRoot && /^[A-Za-z]:\\/.test(systemRoot) ? systemRoot : 'C:\\Windows';
  const folder = win32.join(root, 'System32');
  const at = (name: string) => win32.join(folder, name);
  return {
    folder,
    wsl: at('wsl.exe'),
    reg: at('reg.exe'),
    sc: at('sc.exe'),
    // Windows' own, which is there on every Windows 10 and 11; PowerShell 7 may be there or not.
    powershell: at('WindowsPowerShell\\v1.0\\powershell.exe'),
    schtasks: at('schtasks.exe'),
    whoami: at('whoami.exe'),
    netsh: at('netsh.exe'),
    taskkill: at('taskkill.exe'),
    conhost: at('conhost.exe'),
    icacls: at('icacls.exe'),
  };
}

/**
 * How programs run on Windows. A group of their own would take their console from them, and wsl.exe opens a window then.
 * There is no asking politely: a program without a window is not asked by taskkill at all.
 */
export function windowsWays({ folder, taskkill }: Programs): Ways {
  return {
    folder,
    ownGroup: false,
    endTree(pid) {
      spawn(taskkill, ['/PID', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' }).once(
        'error',
        () => {},
      );
    },
  };
}
