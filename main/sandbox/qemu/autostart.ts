/** The unit that starts the machine with the computer; pure. */
import { pathWithSbin } from '../launch.ts';
import { sshArguments } from '../ssh/arguments.ts';
import { oneWord } from '../ssh/guest-script.ts';
import { unitWord } from '../user-unit.ts';
import { connectionTo, machineName, type Places } from './names.ts';

export const unitName = `${machineName}-vm.service`;

/**
 * Asks the machine to shut itself down, waits until QEMU has ended, and notes that this was in good order. Who waits too
 * long is ended by systemd, the note unwritten. Constant: the note, ssh and its arguments come as arguments.
 */
const askAndWait =
  'note=$1; shift; "$@"; asked=$?; while kill -0 "$MAINPID" 2>/dev/null; do sleep 1; done; [ "$asked" != 0 ] || : >"$note"';

/**
 * As ClawCove itself does before a start, see qemu.ts: what the last run left becomes part of the good disk where it ended
 * in good order. Where that fails, the machine doesn't start: half of it may be in the good disk, and can be put there again.
 * 3: room that nobody uses any more, nothing else. Constant: both notes and both disks come as arguments.
 */
const keepFirst =
  'whole() { qemu-img check -q -f qcow2 "$1"; case $? in 0|3) ;; *) exit 1 ;; esac; }; [ -e "$1" ] || exit 0; whole "$3"; whole "$4"; qemu-img commit -q -f qcow2 "$4" && mv "$1" "$2"';

/** @param argv QEMU in its jail */
export function machineUnit(argv: readonly string[], places: Places, sshPort: number): string {
  const line = (words: readonly string[]) => words.map(unitWord).join(' ');
  const powerOff = sshArguments(
    connectionTo(places, sshPort),
    oneWord('stop', ['systemctl', 'poweroff']),
    'anew',
  );
  const { endedWell, keptWell, good, disk } = places;
  return `[Unit]
Description=OpenClaw's safe home, kept by ClawCove

[Service]
Type=exec
UMask=0077
Environment=PATH=${pathWithSbin}
ExecStartPre=/bin/sh -c ${line([keepFirst, 'keep', endedWell, keptWell, good, disk])}
ExecStart=/usr/bin/env ${line(argv)}
ExecStop=/bin/sh -c ${line([askAndWait, 'stop', endedWell, 'ssh', ...powerOff])}
StandardOutput=truncate:${places.words.replaceAll('%', '%%')}
StandardError=inherit
TimeoutStartSec=1200
TimeoutStopSec=90
KillMode=mixed

[Install]
WantedBy=default.target
`;
}
