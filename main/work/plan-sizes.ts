/** How much setting up takes, part by part: what those say who offer the parts, what was once measured, or that nobody knows. Pure. */
import type { EngineName, Plan, Size } from '../contract.ts';
import type { InstallSizes } from '../doors.ts';
import type { SystemCost } from '../sandbox/sandbox.ts';

const MB = 1_000_000;
/** Measured on OpenClaw 2026.9.6: the packed image, and what it takes unpacked. */
const packedImage = 420 * MB;
const unpackedImage = 1_100 * MB;
/** Podman with what it needs on a desktop Debian, measured. */
const podman: InstallSizes = { downloadBytes: 60 * MB, diskBytes: 200 * MB };
/** A fresh state is 17 MB; conversations and caches grow. */
const freshState = 300 * MB;

/** What was asked, before anything is fetched. */
export interface SizeFacts {
  readonly engine: EngineName;
  /** What the system's own installer says of the engine, if it is to be installed; null: it can't be asked. */
  readonly install: { readonly sizes: InstallSizes | null } | null;
  readonly system: SystemCost;
  readonly isImageHere: boolean;
  /** What the image source says of OpenClaw's image, as it travels; null: it can't be asked. */
  readonly imageBytes: number | null;
  /** What the home may take of the memory, its own system not counted. */
  readonly homeMemoryBytes: number;
}

type Part = Plan['parts'][number];

const said = (bytes: number): Size => ({ is: 'said', bytes });
const measured = (bytes: number): Size => ({ is: 'measured', bytes });
const unknown: Size = { is: 'unknown' };
const none: Size = said(0);

function enginePart({ engine, install }: SizeFacts): Part[] {
  if (install === null) return [];
  if (install.sizes !== null) {
    const { downloadBytes, diskBytes } = install.sizes;
    return [{ what: 'engine', download: said(downloadBytes), disk: said(diskBytes) }];
  }
  if (engine !== 'Podman') return [{ what: 'engine', download: unknown, disk: unknown }];
  return [{ what: 'engine', download: measured(podman.downloadBytes), disk: measured(podman.diskBytes) }];
}

/** It is kept as it came, and once more for when something happens to it. */
function systemPart({ system }: SizeFacts): Part[] {
  if (system.is === 'none' || system.downloadBytes === 0) return [];
  const { downloadBytes } = system;
  return [
    downloadBytes === null
      ? { what: 'system', download: unknown, disk: unknown }
      : { what: 'system', download: said(downloadBytes), disk: said(2 * downloadBytes) },
  ];
}

/** What an image takes unpacked its source never says. A machine's lies packed on this computer as well. */
function imagePart({ isImageHere, imageBytes, system }: SizeFacts): Part[] {
  if (isImageHere) return [];
  const packed = imageBytes ?? packedImage;
  const unpacked = Math.round(packed * (unpackedImage / packedImage));
  return [
    {
      what: 'openclaw',
      download: imageBytes === null ? measured(packed) : said(packed),
      disk: measured(unpacked + (system.is === 'own' ? packed : 0)),
    },
  ];
}

const bytesOf = (size: Size): number => (size.is === 'unknown' ? 0 : size.bytes);

export function sizesFrom(
  facts: SizeFacts,
): Pick<Plan, 'parts' | 'downloadBytes' | 'diskBytes' | 'memoryBytes' | 'mostDiskBytes'> {
  const { system, homeMemoryBytes } = facts;
  const parts: Part[] = [
    ...enginePart(facts),
    ...systemPart(facts),
    ...imagePart(facts),
    { what: 'state', download: none, disk: measured(freshState) },
  ];
  const sum = (which: 'download' | 'disk') => parts.reduce((all, part) => all + bytesOf(part[which]), 0);
  return {
    parts,
    downloadBytes: sum('download'),
    diskBytes: sum('disk'),
    memoryBytes: homeMemoryBytes + (system.is === 'own' ? system.memoryBytes : 0),
    mostDiskBytes: system.is === 'own' ? system.mostDiskBytes : null,
  };
}
