/** Units of the person's own systemd, where there is one: what starts with the computer, whether or not ClawCove runs. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Log, Run } from '../doors.ts';

const timeoutMs = 15_000;

export interface UserUnitOptions {
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

async function systemctl({ run }: UserUnitOptions, args: readonly string[], signal: AbortSignal) {
  return run({ file: 'systemctl', args: ['--user', '--no-pager', ...args], timeoutMs, signal });
}

/** Whether it starts by itself. */
export async function hasUnit(name: string, options: UserUnitOptions, signal: AbortSignal): Promise<boolean> {
  const answer = await systemctl(options, ['is-enabled', name], signal);
  return answer.is === 'exited' && answer.code === 0 && answer.stdout.trim() === 'enabled';
}

/**
 * Writes a unit and turns it on, or takes it away. Where the person has no systemd of their own nothing is
 * written, and {@link hasUnit} stays false: ClawCove starts the home itself then, when it starts at login.
 *
 * @param unit its words; null: away with it
 */
export async function setUnit(
  name: string,
  unit: string | null,
  options: UserUnitOptions,
  signal: AbortSignal,
): Promise<void> {
  const { configFolder, run, log } = options;
  const file = join(configFolder, 'systemd', 'user', name);
  const isThere = await systemctl(options, ['show-environment'], signal);
  const hasSystemd = isThere.is === 'exited' && isThere.code === 0;
  if (unit === null) {
    if (hasSystemd) await systemctl(options, ['disable', name], signal);
    await rm(file, { force: true });
    await rm(join(configFolder, 'systemd', 'user', 'default.target.wants', name), { force: true });
    if (hasSystemd) await systemctl(options, ['daemon-reload'], signal);
    return;
  }
  if (!hasSystemd) return log.info('no systemd for this person: ClawCove itself starts the home');
  await mkdir(join(configFolder, 'systemd', 'user'), { recursive: true });
  await writeFileAtomic(file, unit, { mode: 0o644 });
  await systemctl(options, ['daemon-reload'], signal);
  await systemctl(options, ['enable', name], signal);
  // Without it the home starts at the next login instead of with the computer; both will do.
  const linger = await run({
    file: 'loginctl',
    args: ['--no-ask-password', 'enable-linger'],
    timeoutMs,
    signal,
  });
  if (linger.is !== 'exited' || linger.code !== 0) log.info('the home starts at login, not before');
}
