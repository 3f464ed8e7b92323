/** Starts the home after a restart of the computer, through the person's own systemd where there is one. */
import { hasUnit, setUnit, type UserUnitOptions, unitWord } from '../user-unit.ts';
import { stopSeconds } from './arguments.ts';
import { homeName } from './names.ts';

const unitName = `${homeName}.service`;

/**
 * The unit that starts the home; pure.
 *
 * @param globals options that this computer's Podman needs
 */
export function autostartUnit(globals: readonly string[]): string {
  const podman = ['podman', ...globals].map(unitWord).join(' ');
  return `[Unit]
Description=OpenClaw's safe home, kept by ClawCove

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${podman} start ${homeName}
ExecStop=${podman} stop --time=${stopSeconds} ${homeName}
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

/** Turns it on or off, see {@link setUnit}. */
export function setAutostart(
  on: boolean,
  globals: readonly string[],
  options: UserUnitOptions,
  signal: AbortSignal,
): Promise<void> {
  return setUnit(unitName, on ? autostartUnit(globals) : null, options, signal);
}
