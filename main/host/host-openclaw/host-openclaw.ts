/** OpenClaw on a Linux computer itself: {@link HostOpenClaw} on the person's own files and processes. */
import { join } from 'node:path';
import type { HostOpenClaw, Log, Run } from '../../doors.ts';
import { systemClock } from '../clock.ts';
import { placesIn } from './elsewhere.ts';
import { linuxFiles } from './file-ways.ts';
import { findGateways, linuxGateways } from './gateways.ts';
import { hostOpenClawOf } from './on-computer.ts';
import { findPrograms, linuxPlaces } from './programs.ts';
import { createServices } from './services.ts';

export interface HostOpenClawOptions {
  readonly run: Run;
  readonly log: Log;
  /** The person's home, and their user number on this computer. */
  readonly home: string;
  readonly uid: number;
  readonly configFolder: string;
  /** ClawCove's own environment, which may say where OpenClaw keeps what it knows. */
  readonly environment?: NodeJS.ProcessEnv;
  /** All of this person's, unless said otherwise: a test ends none but its own. */
  readonly find?: typeof findGateways;
}

export function createHostOpenClaw({
  run,
  log,
  home,
  uid,
  configFolder,
  environment = {},
  find = findGateways,
}: HostOpenClawOptions): HostOpenClaw {
  return hostOpenClawOf({
    log,
    home,
    elsewhere: placesIn(environment, home),
    clock: systemClock,
    ways: linuxFiles,
    services: createServices(run, join(configFolder, 'systemd', 'user'), systemClock),
    gateways: linuxGateways(uid, find),
    findPrograms: () => findPrograms(linuxPlaces(home)),
  });
}
