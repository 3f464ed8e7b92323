import type { Doors, Run } from '../doors.ts';
import { linuxPowers } from './linux/powers.ts';
import { macPowers } from './macos/powers.ts';
import type { SystemName } from './this-system.ts';
import { windowsPowers } from './windows/powers.ts';

/** The door to what this system says of the person's desktop. */
export function createPowers(
  system: SystemName,
  /** `config`: where this system keeps programs' settings for one person. */
  { run, home, config }: { readonly run: Run; readonly home: string; readonly config: string },
): Doors['powers'] {
  switch (system) {
    case 'linux':
      return { look: () => linuxPowers(config) };
    case 'macos':
      return { look: (signal) => macPowers(run, home, signal) };
    case 'windows':
      return { look: (signal) => windowsPowers(run, config, signal) };
  }
}
