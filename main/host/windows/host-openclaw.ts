/** OpenClaw on Windows itself, in the person's own account: {@link HostOpenClaw} on their files, tasks and processes. */
import { join } from 'node:path';
import type { Clock, HostOpenClaw, Log, Run } from '../../doors.ts';
import { systemClock } from '../clock.ts';
import { placesIn } from '../host-openclaw/elsewhere.ts';
import { hostOpenClawOf } from '../host-openclaw/on-computer.ts';
import { findPrograms } from '../host-openclaw/programs.ts';
import { windowsFiles } from './file-ways.ts';
import { createWindowsGateways } from './gateways.ts';
import { findMakersHome, windowsPlaces } from './program-places.ts';
import type { Programs } from './programs.ts';
import { createWindowsServices } from './services.ts';

export interface WindowsHostOpenClawOptions {
  readonly run: Run;
  readonly log: Log;
  readonly programs: Programs;
  /** The person's own folder, `%USERPROFILE%`. */
  readonly home: string;
  /** ClawCove's own environment, which says where Windows keeps what. */
  readonly environment: NodeJS.ProcessEnv;
  /** The computer's own, unless said otherwise. */
  readonly clock?: Clock;
}

export function createWindowsHostOpenClaw({
  run,
  log,
  programs,
  home,
  environment,
  clock = systemClock,
}: WindowsHostOpenClawOptions): HostOpenClaw {
  const roaming = environment.APPDATA || join(home, 'AppData', 'Roaming');
  const local = environment.LOCALAPPDATA || join(home, 'AppData', 'Local');
  const shared = environment.ProgramFiles || 'C:\\Program Files';
  return hostOpenClawOf({
    log,
    clock,
    home,
    elsewhere: placesIn(environment, home),
    ways: windowsFiles,
    services: createWindowsServices({ run, log, clock, programs, roaming }),
    gateways: createWindowsGateways({ run, programs, temporary: environment.TEMP || join(local, 'Temp') }),
    findPrograms: async (signal) => [
      ...(await findPrograms(windowsPlaces({ home, roaming, local, shared }), windowsFiles)),
      ...(await findMakersHome(run, programs, signal)),
    ],
  });
}
