import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, exited, exitedWith, strictRun } from '../../host/strict-run.ts';
import { powershellArguments } from '../../host/windows/powershell.ts';
import { programsIn } from '../../host/windows/programs.ts';
import { lookAtWsl } from './look.ts';
import { engineStateFrom } from './probe.ts';

const sample = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));
const s = 'C:\\Windows\\System32\\';
const lines = {
  msi: `${s}reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Lxss\\MSI /v Version /reg:64`,
  service: `${s}sc.exe query vmcompute`,
  policy: `${s}reg.exe query HKLM\\Software\\Policies\\WSL /v AllowWSL /reg:64`,
  status: `${s}wsl.exe --status`,
  version: `${s}wsl.exe --version`,
  powershell: `${s}WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command …`,
  installing: `${s}reg.exe query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss\\InstallStatus /reg:64`,
  ours: `${s}reg.exe query HKLM\\SOFTWARE\\ClawCove\\RestartNeeded /reg:64`,
  parts: `${s}reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending /reg:64`,
} as const;
const well: Record<string, Answer> = {
  [lines.msi]: exitedWith(0, sample('reg-lxss-msi.constructed.txt')),
  [lines.service]: exited(0, 'SERVICE_NAME: vmcompute\n'),
  [lines.policy]: exited(
    1,
    '',
    'ERROR: The system was unable to find the specified registry key or value.\n',
  ),
  [lines.status]: exitedWith(0, sample('status.ok.constructed.zh-CN.utf16le.bin')),
  [lines.version]: exitedWith(0, sample('version.constructed.zh-CN.utf16le.bin')),
};
const nowhere = { [lines.installing]: exited(1), [lines.ours]: exited(1), [lines.parts]: exited(1) };
const virtualization = (Hypervisor: boolean | null, Firmware: boolean | null, Slat: boolean | null) =>
  exited(0, JSON.stringify([{ Hypervisor, Firmware, Slat }]));

async function look(answers: Record<string, Answer>) {
  const double = strictRun(answers);
  const facts = await lookAtWsl(double.run, programsIn('C:\\Windows'), new AbortController().signal);
  return { ...double, state: engineStateFrom(facts) };
}

describe('looking at WSL', () => {
  it('asks the registry and the services first, and wsl.exe last', async () => {
    const { calls, commands, state } = await look(well);
    expect(calls).toEqual([lines.msi, lines.service, lines.policy, lines.status, lines.version]);
    expect(state).toMatchObject({ is: 'ready', version: '2.7.14.0' });
    for (const { timeoutMs, input, args } of commands) {
      expect(timeoutMs).toBeLessThanOrEqual(60_000);
      // Nothing to read: a stub that waits for a key waits in vain.
      expect(input).toBeUndefined();
      expect(args.join(' ')).not.toMatch(/--install|--update|--shutdown/);
    }
  });

  it('never starts wsl.exe on a bare computer', async () => {
    const { calls, state } = await look({
      [lines.msi]: exited(1),
      [lines.service]: exited(1060),
      [lines.policy]: exited(1),
      [lines.powershell]: virtualization(false, true, true),
      ...nowhere,
    });
    expect(calls.filter((line) => line.includes('wsl.exe'))).toEqual([]);
    expect(state).toMatchObject({ is: 'absent' });
  });

  it('asks nothing more where it is forbidden', async () => {
    const { calls, state } = await look({
      ...well,
      [lines.policy]: exited(
        0,
        '\nHKEY_LOCAL_MACHINE\\Software\\Policies\\WSL\n    AllowWSL    REG_DWORD    0x0\n\n',
      ),
    });
    expect(calls).toEqual([lines.msi, lines.service, lines.policy]);
    expect(state).toMatchObject({ is: 'blocked', by: 'policy' });
  });

  it('does not ask Windows’ own WSL for a version that it might have to download', async () => {
    const { calls, state } = await look({ ...well, [lines.msi]: exited(1) });
    expect(calls).not.toContain(lines.version);
    expect(state).toMatchObject({ is: 'too-old' });
  });

  it('asks the processor only when there is something to explain, and whether a restart is due', async () => {
    const off = {
      ...well,
      [lines.service]: exited(1060),
      [lines.status]: exitedWith(0, sample('status.vmp-disabled.exit0.recorded.en.utf16le.bin')),
    };
    expect(
      (await look({ ...off, ...nowhere, [lines.powershell]: virtualization(true, false, true) })).state,
    ).toMatchObject({ is: 'feature-missing' });
    for (const key of [lines.installing, lines.ours, lines.parts])
      expect(
        (
          await look({
            ...off,
            ...nowhere,
            [key]: exited(0),
            [lines.powershell]: virtualization(true, false, true),
          })
        ).state,
      ).toMatchObject({ is: 'restart-needed' });
    expect(
      (await look({ ...off, ...nowhere, [lines.powershell]: virtualization(false, false, true) })).state,
    ).toMatchObject({ is: 'no-virtualization', why: 'switched-off' });
    // Where PowerShell must not answer, nothing is said of the firmware.
    for (const silent of [exited(1), exited(0, 'nein'), { is: 'timed-out' } as const])
      expect((await look({ ...off, ...nowhere, [lines.powershell]: silent })).state).toMatchObject({
        is: 'feature-missing',
      });
  });

  it('tells a wsl.exe that is gone from one that hangs', async () => {
    expect((await look({ ...well, [lines.status]: { is: 'not-found' } })).state).toMatchObject({
      is: 'blocked',
      by: 'guard',
    });
    expect((await look({ ...well, [lines.status]: { is: 'timed-out' } })).state).toMatchObject({
      is: 'broken',
    });
  });

  it('asks PowerShell with a constant script', async () => {
    const { commands } = await look({
      ...well,
      ...nowhere,
      [lines.service]: exited(1060),
      [lines.powershell]: exited(1),
    });
    const asked = commands.find(({ file }) => file.endsWith('powershell.exe'));
    expect(asked?.args.slice(0, -1)).toEqual(powershellArguments('').slice(0, -1));
    expect(asked?.args.at(-1)).toContain('Get-CimInstance -ClassName Win32_Processor');
    expect(asked?.environment).toEqual({ CLAWCOVE_DATA: '' });
  });
});
