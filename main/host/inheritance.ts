import { fstatSync, openSync, readdirSync } from 'node:fs';

/** In the list of what a program gets: leave this number alone, or put nothing (`/dev/null`) there. */
type Slot = 'ignore' | number;

let nothing: number | null = null;

/**
 * What a program gets in place of the files that this process has open, from the fourth on: nothing.
 *
 * Chromium doesn't mark its files as its own, so whatever the main process starts would inherit
 * them: the window's databases, the connections to its sandboxed processes, the terminal. What
 * lives on after ClawCove (the home's keeper and network) would hold them for good. Seen on
 * Electron 33 in /proc/PID/fd of conmon and slirp4netns; other systems than Linux don't hand
 * files on, and have no such folder.
 */
export function nothingToInherit(): Slot[] {
  const open = openFiles();
  if (open.size === 0) return [];
  nothing ??= openSync('/dev/null', 'r+');
  const slots: Slot[] = [];
  // Free numbers must stay free: over one of them Node hears that a program could not be started.
  for (let number = 3; number <= Math.max(...open); number++)
    slots.push(open.has(number) ? nothing : 'ignore');
  return slots;
}

/** Numbers of what is open beyond the three standard streams. */
function openFiles(): Set<number> {
  try {
    return new Set(
      readdirSync('/proc/self/fd')
        .map(Number)
        .filter((number) => number > 2 && isOpen(number)),
    );
  } catch {
    return new Set();
  }
}

/** The list holds the number of its own reading, too, which is over by now. */
function isOpen(number: number): boolean {
  try {
    fstatSync(number);
    return true;
  } catch {
    return false;
  }
}
