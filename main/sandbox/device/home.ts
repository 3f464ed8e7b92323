/** A home on another computer, as a sandbox. */
import { join } from 'node:path';
import type { Net } from '../../doors.ts';
import type { OpenStream } from '../../host/stream.ts';
import { createDistroSandbox } from '../distro/home.ts';
import { createImageStore } from '../image/image-store.ts';
import { officialImage } from '../image/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { createDeviceMachine, type DeviceOptions } from './device.ts';

/** The way there is let go of when nothing was done with it for so long and no home needs it (ms). */
const restAfterMs = 10 * 60_000;

/** Node's words for processors in Go's, as image sources say them. */
const inGo: Readonly<Record<string, string>> = { x64: 'amd64' };

/** Nothing is run before the first verb. */
export function createOtherComputerSandbox(
  options: DeviceOptions & { readonly net: Net; readonly open: OpenStream },
): Sandbox {
  const { net, open, clock, log, computer, arch } = options;
  const dataFolder = join(options.dataFolder, 'computer-home');
  return createDistroSandbox({
    machine: createDeviceMachine(options),
    images: createImageStore({
      folder: join(dataFolder, 'images'),
      name: officialImage,
      sources: [{ name: officialImage, insecure: false }],
      net,
      open,
      arch: inGo[arch] ?? arch,
    }),
    clock,
    log,
    computer,
    dataFolder,
    // Its disk is as large as it is.
    diskBytes: 0,
    restAfterMs,
  });
}
