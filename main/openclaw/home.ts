/** The home as ClawCove makes it: which image, which limits, what runs inside. */
import type { Choices } from '../contract.ts';
import type { Doors } from '../doors.ts';
import type { Fence, HomeSpec, SecretId } from '../sandbox/sandbox.ts';
import { onboardingFor } from './models.ts';
import { gatherFence } from './nearby.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** How many processes the home may have: OpenClaw needs some dozens. */
export const mostProcesses = 512;
/** How much of the home's memory Node's heap may take; the rest is for buffers, threads and tools. */
const heapShare = 0.6;

/**
 * The home's memory, in bytes. OpenClaw is killed during a turn with 1 GiB,
 * touches 2 GiB and is well with 3 (measured on 2026.9.6); at most half of the
 * computer's memory is given away.
 */
export function memoryFor(computerBytes: number): number {
  return Math.max(2 * GiB, Math.min(3 * GiB, Math.floor(computerBytes / 2)));
}

/** Everything a home is made from, apart from what the choices say. */
export interface HomeParts {
  /** `name@sha256:…` */
  readonly image: string;
  readonly version: string;
  readonly computerMemoryBytes: number;
  readonly cores: number;
  readonly hasModelKey: boolean;
  readonly certificates: string | null;
  readonly proxy: Readonly<Record<string, string>>;
  readonly fence: Fence;
}

/** Puts choices and parts together; pure, so that the same facts always give the same home. */
export function homeSpec(choices: Choices, parts: HomeParts): HomeSpec {
  const { keyName } = onboardingFor(choices.model);
  const secrets: SecretId[] = [{ id: 'gateway', as: 'file' }];
  if (keyName && parts.hasModelKey) secrets.push({ id: 'model-key', as: 'environment', name: keyName });
  const memoryBytes = memoryFor(parts.computerMemoryBytes);
  return {
    image: parts.image,
    version: parts.version,
    port: choices.port,
    sharedFolder: choices.sharedFolder,
    memoryBytes,
    cpus: Math.max(1, Math.min(2, parts.cores)),
    pids: mostProcesses,
    command: ['openclaw', 'gateway', 'run', '--bind', 'lan', '--port', String(choices.port)],
    environment: {
      ...parts.proxy,
      // Somebody else, namely ClawCove, owns start, stop and update.
      OPENCLAW_SUPERVISOR_MODE: 'external',
      OPENCLAW_SERVICE_REPAIR_POLICY: 'external',
      OPENCLAW_NO_RESPAWN: '1',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      OPENCLAW_DISABLE_BONJOUR: '1',
      OPENCLAW_GATEWAY_PORT: String(choices.port),
      // Keeps the heap well inside the home's memory, also where the system can't limit the home.
      NODE_OPTIONS: `--max-old-space-size=${Math.floor((memoryBytes * heapShare) / MiB)}`,
    },
    secrets,
    certificates: parts.certificates,
    fence: parts.fence,
  };
}

/** Gathers the parts from the doors and puts the spec together for an image. */
export async function gatherSpec(
  doors: Doors,
  image: { readonly reference: string; readonly version: string },
  signal: AbortSignal,
): Promise<HomeSpec> {
  const { sandbox, computer, store } = doors;
  const [{ memoryBytes, cores }, certificates, hasModelKey, fence] = await Promise.all([
    computer.look(signal),
    computer.extraCertificates(),
    sandbox.hasSecret('model-key', signal),
    gatherFence(doors, signal),
  ]);
  return homeSpec(store.choices(), {
    image: image.reference,
    version: image.version,
    computerMemoryBytes: memoryBytes,
    cores,
    hasModelKey,
    certificates,
    proxy: computer.proxy(),
    fence,
  });
}
