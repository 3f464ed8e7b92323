/** What wsl.exe means when it fails, by the name of the error and never by its words: those come in 22 languages. Pure. */

/** Exit code of wsl.exe's own failures: -1, as Windows gives it to Node. Those of Linux end at 255. */
export const wslFailed = 4_294_967_295;
/** The wsl.exe of Windows itself with no kernel to start (-444). Seen by others: rancher-desktop. */
export const noKernel = 4_294_966_852;
/** There is only the stub that would install WSL. Seen by others: rancher-desktop. */
export const notInstalled = 50;

export type WslFailure =
  /** There is no such distribution. */
  | 'distro-not-found'
  | 'name-taken'
  | 'still-running'
  /** What virtual machines need is not there, off, or waits for a restart: probe.ts tells which. */
  | 'no-virtual-machines'
  | 'disk-full'
  /** The disk of the distribution can't be used. */
  | 'disk-damaged'
  | 'policy'
  | 'guard'
  /** ClawCove, or whoever uses WSL, runs with administrator's rights and the other doesn't. */
  | 'mixed-rights'
  | 'other';

/** The error's full path, `Wsl/Service/WSL_E_DISTRO_NOT_FOUND`, which the last lines hold; null: it names none. */
export function errorPath(text: string): string | null {
  return [...text.matchAll(/\bWsl\/[A-Za-z0-9_/]+/g)].at(-1)?.[0] ?? null;
}

/** Names (or numbers, where Windows has no name) that end an error's path. Source: microsoft/WSL, wslservice.idl, and winerror.h. */
const byName: Readonly<Record<string, WslFailure>> = {
  WSL_E_DISTRO_NOT_FOUND: 'distro-not-found',
  ERROR_ALREADY_EXISTS: 'name-taken',
  WSL_E_DISTRO_NOT_STOPPED: 'still-running',
  '0x8004030c': 'still-running',
  HCS_E_HYPERV_NOT_INSTALLED: 'no-virtual-machines',
  HCS_E_SERVICE_NOT_AVAILABLE: 'no-virtual-machines',
  '0x80370102': 'no-virtual-machines',
  '0x80370114': 'no-virtual-machines',
  '0x8007019e': 'no-virtual-machines',
  '0x800700b7': 'name-taken',
  WSL_E_VIRTUAL_MACHINE_PLATFORM_REQUIRED: 'no-virtual-machines',
  WSL_E_WSL_OPTIONAL_COMPONENT_REQUIRED: 'no-virtual-machines',
  ERROR_DISK_FULL: 'disk-full',
  ERROR_HANDLE_DISK_FULL: 'disk-full',
  '0x80070070': 'disk-full',
  ERROR_FILE_CORRUPT: 'disk-damaged',
  ERROR_DISK_CORRUPT: 'disk-damaged',
  ERROR_VIRUS_INFECTED: 'guard',
  ERROR_ACCESS_DISABLED_BY_POLICY: 'policy',
  WSL_E_DISK_MOUNT_DISABLED: 'policy',
  '0x800704ec': 'policy',
  '0x800700e1': 'guard',
  '0x8004030f': 'mixed-rights',
  '0x80040310': 'mixed-rights',
  '0x8004032e': 'mixed-rights',
  WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED: 'mixed-rights',
};

/** What a failure is. Older ones end with a bare number (`Error: 0x80370102`), before there were paths. */
export function failureIn(text: string): WslFailure {
  const number = [...text.matchAll(/\b0x[0-9a-f]{8}\b/gi)].at(-1)?.[0] ?? '';
  const parts = (errorPath(text) ?? number).split('/');
  const name = parts.at(-1) ?? '';
  const known = byName[name] ?? byName[name.toLowerCase()];
  if (known) return known;
  // Whatever fails there fails at the file of the distribution's own disk.
  return parts.some((part) => /^Mount(?:Vhd|Disk)$/.test(part)) ? 'disk-damaged' : 'other';
}

/** One line for the log and for `{{detail}}`: the error's path, or the last line that says anything. */
export function failureLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (errorPath(text) ?? lines.at(-1)?.trim() ?? 'no answer').slice(0, 300);
}
