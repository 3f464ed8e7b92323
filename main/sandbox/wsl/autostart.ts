/** Keeps the home awake from login on, through a task of Windows' own scheduler. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log, Run } from '../../doors.ts';
import type { Programs } from '../../host/windows/programs.ts';
import { quoteLine } from '../../host/windows/quote.ts';
import { type LoginTask, loginTaskXml, taskFile, taskFrom } from '../../host/windows/tasks.ts';
import { whoAmI } from '../../host/windows/who.ts';
import { decodeLatin1 } from './decode.ts';
import { inDistro } from './guest.ts';
import { taskName } from './names.ts';

const timeoutMs = 15_000;

export interface AutostartOptions {
  readonly run: Run;
  readonly log: Log;
  readonly programs: Programs;
  /** ClawCove's own folder. */
  readonly dataFolder: string;
}

/**
 * What the task starts: the same sleeper that ClawCove itself keeps, see hold.ts. `conhost --headless`: wsl.exe is a
 * program for consoles, and would open a window. It must be this person's: WSL refuses the system itself.
 */
export function autostartTask(programs: Programs, sid: string): LoginTask {
  return {
    sid,
    command: programs.conhost,
    arguments: quoteLine(['--headless', programs.wsl, ...inDistro(['/bin/sleep', 'infinity'])]),
  };
}

async function schtasks({ run, programs }: AutostartOptions, args: readonly string[], signal: AbortSignal) {
  return run({ file: programs.schtasks, args, timeoutMs, signal, encoding: 'latin1' });
}

/** Whether the home is kept awake from login on, by the very task that ClawCove made. */
export async function hasAutostart(options: AutostartOptions, signal: AbortSignal): Promise<boolean> {
  const answer = await schtasks(options, ['/Query', '/TN', taskName, '/XML'], signal);
  if (answer.is !== 'exited' || answer.code !== 0) return false;
  const task = taskFrom(decodeLatin1(answer.stdout));
  const ours = autostartTask(options.programs, '');
  return (
    task?.startsAtLogin === true &&
    task.isEnabled &&
    task.actions.length === 1 &&
    task.actions.every((action) => action.command === ours.command && action.arguments === ours.arguments)
  );
}

/**
 * Turns it on or off. Where a policy forbids it nothing is there, and {@link hasAutostart} stays false: ClawCove itself
 * keeps the home awake then, when it starts at login.
 */
export async function setAutostart(
  on: boolean,
  options: AutostartOptions,
  signal: AbortSignal,
): Promise<void> {
  const { dataFolder, run, programs, log } = options;
  if (!on) {
    // It fails where there is none, which is as wanted; whether one is left is seen anew.
    await schtasks(options, ['/Delete', '/TN', taskName, '/F'], signal);
    return;
  }
  const person = await whoAmI(run, programs, signal);
  if (!person) return log.info('Windows does not say who this is: ClawCove itself starts the home');
  const file = join(dataFolder, 'login-task.xml');
  await mkdir(dataFolder, { recursive: true });
  try {
    await writeFile(file, taskFile(loginTaskXml(autostartTask(programs, person.sid))), { mode: 0o600 });
    const made = await schtasks(options, ['/Create', '/TN', taskName, '/XML', file, '/F'], signal);
    if (made.is !== 'exited' || made.code !== 0)
      log.info('this computer allows no task at login: ClawCove itself starts the home');
  } finally {
    await rm(file, { force: true });
  }
}
