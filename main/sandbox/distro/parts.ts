/** What is worked out of a spec, and gathered on this computer, before anything is made of it in a machine. */
import { exists } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import type { ImageStore, StoredImage } from '../image/image-store.ts';
import type { EngineState, HomeSpec } from '../sandbox.ts';
import type { Machine, MachineSpec } from './machine.ts';
import { type KeptSecret, readSecret } from './secrets.ts';
import type { Ingredients } from './unit.ts';

/**
 * What the system itself takes beside the home (bytes): a Debian with its services, and room for its updates. Without it
 * the home would never meet its own limit: the kernel would end something, whatever it be, before.
 */
export const forSystem = 512 * 1024 ** 2;

export interface Parts {
  readonly spec: HomeSpec;
  readonly image: StoredImage;
  readonly ingredients: Ingredients;
  /** By the secret's id. */
  readonly secrets: ReadonlyMap<string, KeptSecret>;
  readonly machineSpec: MachineSpec;
  /** The folder of this computer that is seen inside; null: none is. */
  readonly sharedFolder: string | null;
}

export interface Larder {
  readonly machine: Pick<Machine, 'agentId' | 'sharedInside' | 'shares'>;
  readonly images: Pick<ImageStore, 'open'>;
  readonly secretsFolder: string;
  readonly diskBytes: number;
}

/** @throws ProblemError when something that is asked for isn't there: `shared-folder-gone`, `image-gone`, `secret-gone` */
export async function gatherParts(spec: HomeSpec, state: EngineState, larder: Larder): Promise<Parts> {
  const folder = larder.machine.shares === 'nothing' ? null : spec.sharedFolder;
  if (folder !== null && !(await exists(folder)))
    throw new ProblemError('shared-folder-gone', { path: spec.sharedFolder }, ['choose-folder']);
  const image = await larder.images.open(spec.image);
  if (!image) throw new ProblemError('image-gone', { version: spec.version }, ['try-again']);
  const secrets = new Map<string, KeptSecret>();
  for (const { id } of spec.secrets) {
    const kept = await readSecret(larder.secretsFolder, id);
    if (!kept) throw new ProblemError('secret-gone', { name: id }, ['try-again']);
    secrets.set(id, kept);
  }
  const { memoryBytes, cpus, pids, port, sharedFolder, fence, certificates } = spec;
  const { diskBytes } = larder;
  return {
    spec,
    image,
    secrets,
    ingredients: {
      ...ingredientsIn(larder.machine, state),
      digest: image.digest,
      workingFolder: image.surroundings.workingFolder,
      limits: { memoryBytes, cpus, pids },
    },
    sharedFolder: folder,
    machineSpec: {
      memoryBytes: memoryBytes + forSystem,
      cpus,
      port,
      sharedFolder,
      fence,
      certificates,
      diskBytes,
    },
  };
}

/** What the machine itself gives to every sandbox in it. */
export function ingredientsIn({ agentId, sharedInside }: Larder['machine'], state: EngineState) {
  return { agentId, sharedInside, keepsLimits: state.is === 'ready' && state.limits === 'enforced' };
}
