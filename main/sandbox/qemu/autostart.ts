/** The unit that starts the machine with the computer; pure. */
import { pathWithSbin } from '../launch.ts';
import { sshArguments } from '../ssh/arguments.ts';
import { oneWord } from '../ssh/guest-script.ts';
import { unitWord } from '../user-unit.ts';
import { connectionTo, machineName, type Places } from './names.ts';

export const unitName = `${machineName}-vm.service`;

/** Asks the machine to shut itself down and waits until QEMU has ended. Constant: ssh and its arguments come as arguments. */
const askAndWait = '"$@"; while kill -0 "$MAINPID" 2>/dev/null; do sleep 1; done';

/** @param argv QEMU in its jail */
export function machineUnit(argv: readonly string[], places: Places, sshPort: number): string {
  const line = (words: readonly string[]) => words.map(unitWord).join(' ');
  const powerOff = sshArguments(
    connectionTo(places, sshPort),
    oneWord('stop', ['systemctl', 'poweroff']),
    'anew',
  );
  return `[Unit]
Description=OpenClaw's safe home, kept by ClawCove

[Service]
Type=exec
UMask=0077
Environment=PATH=${pathWithSbin}
ExecStart=/usr/bin/env ${line(argv)}
ExecStop=/bin/sh -c ${line([askAndWait, 'stop', 'ssh', ...powerOff])}
StandardOutput=truncate:${places.words.replaceAll('%', '%%')}
StandardError=inherit
TimeoutStopSec=90
KillMode=mixed

[Install]
WantedBy=default.target
`;
}
