/** What has Windows start OpenClaw by itself. Source: Microsoft, schtasks; openclaw 2026.8.2 (daemon/schtasks). */
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock, Log, Run } from '../../doors.ts';
import type { FoundService, Resting } from '../../moving-in/found.ts';
import { decodeLatin1 } from '../../sandbox/wsl/decode.ts';
import { moveOnce } from '../host-openclaw/aside.ts';
import { asideName } from '../host-openclaw/names.ts';
import type { Services } from '../host-openclaw/parts.ts';
import { Unseen, unanswered } from '../host-openclaw/unreadable.ts';
import { namesIn } from '../names-in.ts';
import { ask, type Script } from './powershell.ts';
import type { Programs } from './programs.ts';
import { isActiveBy, type Starter, starterFrom } from './starters.ts';
import { startupFolder } from './startup-folder.ts';
import { taskNamesIn, taskNamesQuery } from './task-names.ts';
import { taskFrom } from './tasks.ts';

const timeoutMs = 15_000;
const scheduler = 'Task Scheduler';

/** Opens a file as a double click does: what starts at login is started in the same way. */
export const openScript: Script<number[]> = {
  body: 'Start-Process -FilePath $env:CLAWCOVE_DATA -WindowStyle Minimized; 1',
  answer: z.array(z.number()),
};

export interface WindowsServicesOptions {
  readonly run: Run;
  readonly log: Log;
  readonly clock: Clock;
  readonly programs: Programs;
  /** `%APPDATA%` */
  readonly roaming: string;
}

/**
 * Tasks are turned off and on, files are laid into the folder above: Windows would open a file in the startup folder under
 * any name. A task that is turned off starts nothing, also not by hand, so it is none: whoever did that has put it to rest.
 */
export function createWindowsServices({
  run,
  log,
  clock,
  programs,
  roaming,
}: WindowsServicesOptions): Services {
  const startup = startupFolder(roaming);
  const schtasks = (args: readonly string[], signal: AbortSignal) =>
    run({ file: programs.schtasks, args, timeoutMs, signal, encoding: 'latin1' });
  // From the scheduler's own top folder: so no name is ever read as an option.
  const path = ({ name }: Starter) => `\\${name}`;

  async function taskOf(starter: Starter, signal: AbortSignal) {
    const answer = await schtasks(['/Query', '/TN', path(starter), '/XML'], signal);
    const isWhole = answer.is === 'exited' && answer.code === 0 && !answer.truncated;
    const task = isWhole ? taskFrom(decodeLatin1(answer.stdout)) : null;
    if (task === null) throw unanswered(scheduler);
    return task;
  }

  async function starters(signal: AbortSignal): Promise<{ starter: Starter; startsByItself: boolean }[]> {
    const names = taskNamesIn(await schtasks(taskNamesQuery, signal));
    if (names === null) throw unanswered(scheduler);
    const files = await namesIn(startup);
    if (files === null) throw new Unseen({ is: 'unreadable', what: startup });
    const found: { starter: Starter; startsByItself: boolean }[] = [];
    for (const starter of [...names].sort().map(starterFrom)) {
      if (starter?.by !== 'task') continue;
      const { isEnabled, startsByItself } = await taskOf(starter, signal);
      if (isEnabled) found.push({ starter, startsByItself });
    }
    for (const starter of [...files].sort().map(starterFrom))
      if (starter?.by === 'startup-file') found.push({ starter, startsByItself: true });
    return found;
  }

  const ours = (services: Resting['services']): Starter[] =>
    services.map(({ name }) => starterFrom(name)).filter((starter) => starter !== null);
  const fileOf = ({ name }: Starter) => join(startup, name);
  const asideOf = ({ name }: Starter, mark: string) => asideName(join(roaming, name), mark);

  /** What an administrator has set up, say, only an administrator turns off: then it is still seen, and told. */
  async function change(starter: Starter, how: '/DISABLE' | '/ENABLE', signal: AbortSignal): Promise<void> {
    const answer = await schtasks(['/Change', '/TN', path(starter), how], signal);
    if (answer.is !== 'exited' || answer.code !== 0)
      log.error(`schtasks did not ${how} “${starter.name}”`, answer);
  }

  return {
    async look(signal, { gateways }): Promise<FoundService[]> {
      return (await starters(signal)).map(({ starter, startsByItself }) => ({
        name: starter.name,
        startsByItself,
        isActive: isActiveBy(starter, gateways),
      }));
    },
    // Nothing of it starts it again before the next login, and it ends itself once it has started it.
    async stop() {},
    async start(services, signal) {
      const begun = new Set<string>();
      for (const starter of ours(services.filter(({ wasActive }) => wasActive))) {
        const whose = starter.profiles.at(-1) ?? '';
        // A task and a file may be there for the same one.
        if (begun.has(whose)) continue;
        begun.add(whose);
        if (starter.by === 'task') await schtasks(['/Run', '/TN', path(starter)], signal);
        else await ask(run, programs, openScript, { signal, data: fileOf(starter) });
      }
    },
    async layAside(services, mark, signal) {
      for (const starter of ours(services))
        if (starter.by === 'task') await change(starter, '/DISABLE', signal);
        else await moveOnce(fileOf(starter), asideOf(starter, mark), clock, signal);
    },
    async putBack(services, mark, signal) {
      for (const starter of ours(services))
        if (starter.by === 'task') await change(starter, '/ENABLE', signal);
        else await moveOnce(asideOf(starter, mark), fileOf(starter), clock, signal);
    },
  };
}
