/** Starts the home after a restart of the computer, through the person's own systemd where there is one. */
import { hasUnit, setUnit, type UserUnitOptions, unitWord } from '../user-unit.ts';
import { homeName } from './names.ts';

const unitName = `${homeName}.service`;

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

/** Whether the home starts by itself. */
export function hasAutostart(options: UserUnitOptions, signal: AbortSignal): Promise<boolean> {
  return hasUnit(unitName, options, signal);
}

/** Turns it on, or off where there is nothing to start; see {@link setUnit}. */
export function setAutostart(
  commands: AutostartCommands | null,
  options: UserUnitOptions,
  signal: AbortSignal,
): Promise<void> {
  return setUnit(unitName, commands && autostartUnit(commands), options, signal);
}
