/** Starts the home after a restart of the computer, through the person's own systemd where there is one. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Log, Run } from '../../doors.ts';
import { homeName } from './names.ts';

const timeoutMs = 15_000;
const unitName = `${homeName}.service`;

export interface AutostartOptions {
  readonly run: Run;
  readonly log: Log;
  /** XDG_CONFIG_HOME. */
  readonly configFolder: string;
}

/** A word as systemd reads it back: our folder may be called anything. Source: systemd.syntax(7), systemd.service(5). */
export function unitWord(word: string): string {
  if (/^[\w./=:,@+-]+$/.test(word)) return word;
  const escaped = word.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped.replaceAll('\n', '\\n')}"`;
}

/** What the unit runs: the engine's program with arguments, one command after the other. */
export interface AutostartCommands {
  readonly start: readonly (readonly string[])[];
  readonly stop: readonly string[];
}

/** The unit that starts the home; pure. */
export function autostartUnit({ start, stop }: AutostartCommands): string {
  const line = (key: string, words: readonly string[]) => `${key}=${words.map(unitWord).join(' ')}`;
  return `[Unit]
Description=OpenClaw's safe home, kept by ClawCove

[Service]
Type=oneshot
RemainAfterExit=yes
${start.map((words) => line('ExecStart', words)).join('\n')}
${line('ExecStop', stop)}
Restart=on-failure
RestartSec=15
TimeoutStartSec=300

[Install]
WantedBy=default.target
`;
}

async function systemctl({ run }: AutostartOptions, args: readonly string[], signal: AbortSignal) {
  return run({ file: 'systemctl', args: ['--user', '--no-pager', ...args], timeoutMs, signal });
}

/** Whether the home starts by itself. */
export async function hasAutostart(options: AutostartOptions, signal: AbortSignal): Promise<boolean> {
  const answer = await systemctl(options, ['is-enabled', unitName], signal);
  return answer.is === 'exited' && answer.code === 0 && answer.stdout.trim() === 'enabled';
}

/**
 * Turns it on, or off where there is nothing to start. Where the person has no systemd of their own nothing is written, and
 * {@link hasAutostart} stays false: ClawCove starts the home itself then, when it starts at login.
 */
export async function setAutostart(
  commands: AutostartCommands | null,
  options: AutostartOptions,
  signal: AbortSignal,
): Promise<void> {
  const { configFolder, run, log } = options;
  const file = join(configFolder, 'systemd', 'user', unitName);
  const isThere = await systemctl(options, ['show-environment'], signal);
  const hasSystemd = isThere.is === 'exited' && isThere.code === 0;
  if (!commands) {
    if (hasSystemd) await systemctl(options, ['disable', unitName], signal);
    await rm(file, { force: true });
    await rm(join(configFolder, 'systemd', 'user', 'default.target.wants', unitName), { force: true });
    if (hasSystemd) await systemctl(options, ['daemon-reload'], signal);
    return;
  }
  if (!hasSystemd) return log.info('no systemd for this person: ClawCove itself starts the home');
  await mkdir(join(configFolder, 'systemd', 'user'), { recursive: true });
  await writeFileAtomic(file, autostartUnit(commands), { mode: 0o644 });
  await systemctl(options, ['daemon-reload'], signal);
  await systemctl(options, ['enable', unitName], signal);
  // Without it the home starts at the next login instead of with the computer; both will do.
  const linger = await run({
    file: 'loginctl',
    args: ['--no-ask-password', 'enable-linger'],
    timeoutMs,
    signal,
  });
  if (linger.is !== 'exited' || linger.code !== 0) log.info('the home starts at login, not before');
}
