/** Starts the machine when the person logs in, by an agent of launchd's. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'plist';
import writeFileAtomic from 'write-file-atomic';
import type { Run } from '../../doors.ts';
import { readBounded } from '../../host/files.ts';
import { isDisabled } from '../../host/macos/launchctl.ts';
import type { Limactl } from './limactl.ts';
import { machineName } from './names.ts';

const timeoutMs = 15_000;
export const agentLabel = 'app.clawcove.machine';

export interface AutostartOptions {
  readonly run: Run;
  readonly limactl: Pick<Limactl, 'program' | 'environment'>;
  /** The person's ~/Library/LaunchAgents. */
  readonly agentsFolder: string;
  readonly uid: number;
}

/**
 * The agent; pure. Source: launchd.plist(5).
 *
 * It runs once at login and at no interval: whoever stops OpenClaw must not find it started again, and
 * many missed turns after a long sleep need not be made one. Lima leaves the machine's process behind, which
 * launchd would end along with the order that started it.
 */
export function agentText({ program, environment }: AutostartOptions['limactl']): string {
  return `${build({
    Label: agentLabel,
    ProgramArguments: [program, '--tty=false', 'start', machineName],
    // launchd gives an agent next to nothing; Lima looks for ssh, and starts itself once more.
    EnvironmentVariables: { ...environment, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
    RunAtLoad: true,
    AbandonProcessGroup: true,
    // What runs in the machine answers a person: as a background process it would be held back.
    ProcessType: 'Interactive',
    Umask: 0o077,
  })}\n`;
}

const fileOf = ({ agentsFolder }: AutostartOptions) => join(agentsFolder, `${agentLabel}.plist`);
const target = ({ uid }: AutostartOptions) => `gui/${uid}`;

/** Whether the machine starts by itself: the agent is there as it should be, and the person has not switched it off. */
export async function hasAutostart(options: AutostartOptions, signal: AbortSignal): Promise<boolean> {
  if ((await readBounded(fileOf(options))) !== agentText(options.limactl)) return false;
  const args = ['print-disabled', target(options)];
  const answer = await options.run({ file: '/bin/launchctl', args, timeoutMs, signal });
  return answer.is === 'exited' && answer.code === 0 && !isDisabled(answer.stdout, agentLabel);
}

/**
 * Turns it on or off, from the next login on: launchd reads the folder then. It is not told of it now, since an agent
 * that it knows it would run at once, or end along with the machine.
 */
export async function setAutostart(
  on: boolean,
  options: AutostartOptions,
  signal: AbortSignal,
): Promise<void> {
  const file = fileOf(options);
  if (!on) return rm(file, { force: true });
  await mkdir(options.agentsFolder, { recursive: true });
  await writeFileAtomic(file, agentText(options.limactl), { mode: 0o644 });
  // Somebody who switched it off once has now asked for it again.
  const args = ['enable', `${target(options)}/${agentLabel}`];
  await options.run({ file: '/bin/launchctl', args, timeoutMs, signal });
}
