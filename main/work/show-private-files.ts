import type { Doors } from '../doors.ts';
import { filesKept, keptFolderNow } from '../private-data/kept.ts';
import { listPrivateFiles } from '../private-data/list.ts';
import { searchReached } from '../private-data/search.ts';
import type { State } from '../state.ts';

/** Shows the files with private data; what can't be looked for keeps nothing else from being shown. */
export async function showPrivateFiles(doors: Doors, state: State, signal: AbortSignal): Promise<void> {
  try {
    const { counted, left } = await searchReached(doors, signal);
    const files = { counted, left, taken: await filesKept(doors) };
    signal.throwIfAborted();
    state.update({ privateFiles: listPrivateFiles(files, await keptFolderNow(doors)) });
  } catch (error) {
    signal.throwIfAborted();
    doors.log.error('could not list the files with private data', error);
  }
}
