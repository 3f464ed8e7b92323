/** OpenClaw on a Mac itself, in the person's own account: {@link HostOpenClaw} on their files, agents and processes. */
import { join } from 'node:path';
import type { Clock, HostOpenClaw, Log, Run } from '../../doors.ts';
import { systemClock } from '../clock.ts';
import { placesIn } from '../host-openclaw/elsewhere.ts';
import { hostOpenClawOf } from '../host-openclaw/on-computer.ts';
import { findPrograms } from '../host-openclaw/programs.ts';
import { type Kill, systemKill } from '../host-openclaw/signals.ts';
import { macFiles } from './file-ways.ts';
import { createMacGateways } from './gateways.ts';
import { macPlaces } from './program-places.ts';
import { createMacServices } from './services.ts';

export interface MacHostOpenClawOptions {
  readonly run: Run;
  readonly log: Log;
  /** The person's own folder, and their number on this Mac. */
  readonly home: string;
  readonly uid: number;
  /** ClawCove's own environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where everybody's programs lie, the computer's own clock and its own processes, unless said otherwise. */
  readonly applications?: string;
  readonly clock?: Clock;
  readonly kill?: Kill;
}

export function createMacHostOpenClaw({
  run,
  log,
  home,
  uid,
  environment,
  applications = '/Applications',
  clock = systemClock,
  kill = systemKill,
}: MacHostOpenClawOptions): HostOpenClaw {
  return hostOpenClawOf({
    log,
    clock,
    home,
    elsewhere: placesIn(environment, home),
    ways: macFiles,
    services: createMacServices({
      run,
      log,
      clock,
      uid,
      kill,
      folder: join(home, 'Library', 'LaunchAgents'),
    }),
    gateways: createMacGateways(run, uid, kill),
    findPrograms: () => findPrograms(macPlaces(home, applications), macFiles),
  });
}
