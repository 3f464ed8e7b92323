/** VirtualBox. */
import semver from 'semver';
import type { Outcome } from '../../doors.ts';
import type { Asking } from './asking.ts';
import { type Presence, tenantsFrom, unknownFrom } from './presence.ts';

/** The first that can keep a machine from this computer's own loopback. Source: its manual, `--nat-localhostreachable`. */
const oldestVersion = '7.0.0';
/** Each is asked about by itself. */
const maxAsked = 20;

/** What its version says of it: `7.2.10r170000`, with a warning before it when the kernel's part is missing. */
export function virtualBoxFrom(outcome: Outcome): Presence {
  if (outcome.is !== 'exited') return unknownFrom(outcome);
  const said = `${outcome.stdout}\n${outcome.stderr}`;
  if (
    /kernel (?:module|driver).*(?:not loaded|not (?:been )?installed)|vboxdrv (?:.*not loaded|does not exist)|kernel modules are not loaded/i.test(
      said,
    )
  )
    return { is: 'not-set-up' };
  const version = /^(\d+\.\d+\.\d+)(?:_?[A-Za-z]\w*)*r\d+/m.exec(outcome.stdout)?.[1];
  if (outcome.code !== 0 || version === undefined) return unknownFrom(outcome);
  return semver.lt(version, oldestVersion)
    ? { is: 'too-old', version, needs: oldestVersion }
    : { is: 'ready', version, tenants: [] };
}

/** Names and ids of its machines: `"name" {uuid}`. A name may hold anything but the end of a line. */
export function virtualMachines(text: string): readonly { name: string; id: string }[] {
  return [...text.matchAll(/^"(.*)" \{([\da-f-]{36})\}\r?$/gim)].map(([, name = '', id = '']) => ({
    name,
    id,
  }));
}

/** Whether a machine runs, by `showvminfo --machinereadable`. */
export function isRunning(text: string): boolean {
  return /^VMState="(\w+)"/m.exec(text)?.[1] === 'running';
}

/** Looks; starts nothing. */
export async function lookForVirtualBox({ ask }: Asking): Promise<Presence> {
  const presence = virtualBoxFrom(await ask('--version'));
  if (presence.is !== 'ready') return presence;
  const list = await ask('list', 'vms');
  if (list.is !== 'exited' || list.code !== 0) return unknownFrom(list);
  const found: { name: string; isRunning: boolean }[] = [];
  for (const { name, id } of virtualMachines(list.stdout).slice(0, maxAsked)) {
    const told = await ask('showvminfo', id, '--machinereadable');
    found.push({ name, isRunning: told.is === 'exited' && told.code === 0 && isRunning(told.stdout) });
  }
  return { ...presence, tenants: tenantsFrom(found) };
}
