/** A home in a machine, from OpenClaw's official image: the same by every engine whose homes are whole systems. */
import { join } from 'node:path';
import type { Clock, HostComputer, Log, Net } from '../../doors.ts';
import type { OpenStream } from '../../host/stream.ts';
import { createImageStore } from '../image/image-store.ts';
import { officialImage } from '../image/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { createDistroSandbox } from './home.ts';
import type { Machine } from './machine.ts';

/** Two versions of OpenClaw, its state with three copies, the system and its updates; only what is written takes room (bytes). */
const diskBytes = 32 * 1024 ** 3;
/** Longer than one piece of work pauses before its next (ms). */
const restAfterMs = 5 * 60_000;

export interface OfficialHomeOptions {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly log: Log;
  readonly net: Net;
  readonly open: OpenStream;
  readonly computer: Pick<HostComputer, 'portHolder' | 'isPortFree'>;
  /** ClawCove's own folder for this engine. */
  readonly dataFolder: string;
  /** `process.arch`. */
  readonly processor: string;
  /** See SystemDoors. */
  readonly makePrivate: (folder: string) => Promise<void>;
}

/** Makes it; nothing is run before its first verb. */
export function createOfficialHome(options: OfficialHomeOptions): Sandbox {
  const { machine, clock, log, net, open, computer, dataFolder, processor, makePrivate } = options;
  return createDistroSandbox({
    machine,
    images: createImageStore({
      folder: join(dataFolder, 'images'),
      name: officialImage,
      sources: [{ name: officialImage, insecure: false }],
      net,
      open,
      arch: processor === 'arm64' ? 'arm64' : 'amd64',
    }),
    clock,
    log,
    computer,
    dataFolder,
    diskBytes,
    restAfterMs,
    makePrivate,
  });
}
