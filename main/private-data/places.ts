import type { Doors } from '../doors.ts';
import type { SearchedPlace } from './found.ts';

/** Where private data would be within OpenClaw's reach, as far as it can be looked for. */
export interface ReachedPlaces {
  readonly places: readonly SearchedPlace[];
  /** `asleep`: it is there, and can be read only while OpenClaw runs; `out-of-reach`: nor can it be read then. */
  readonly workspace: 'searched' | 'asleep' | 'out-of-reach' | 'none';
}

/** The shared folder, where there is one, and the workspace of a home that runs. */
export async function reachedPlaces(
  { sandbox, computer, store }: Pick<Doors, 'sandbox' | 'computer' | 'store'>,
  signal: AbortSignal,
): Promise<ReachedPlaces> {
  const chosen = store.choices().sharedFolder;
  const shared: SearchedPlace[] =
    sandbox.shares === 'nothing'
      ? []
      : [{ place: 'shared', folder: (await computer.realPath(chosen)) ?? chosen }];
  const folder = await sandbox.workspaceFolder(signal);
  if (folder !== null) return { places: [...shared, { place: 'workspace', folder }], workspace: 'searched' };
  const there = await sandbox.inspect(signal);
  if (there.is !== 'present') return { places: shared, workspace: 'none' };
  return { places: shared, workspace: there.state === 'running' ? 'out-of-reach' : 'asleep' };
}
