/** What was moved out of OpenClaw's reach, and where to. */
import type { Doors } from '../doors.ts';
import { isIn } from '../is-in.ts';
import { keptFolders } from './kept-folder.ts';
import { keptPath, type TakenFile } from './taken.ts';

/** The files that were moved away and are still where they are kept, oldest first. */
export async function filesKept({
  store,
  computer,
}: Pick<Doors, 'store' | 'computer'>): Promise<TakenFile[]> {
  const { takenFiles } = store.receipts();
  const places = await Promise.all(takenFiles.map((file) => computer.realPath(keptPath(file))));
  return takenFiles.filter((_, index) => places[index] !== null);
}

/** The folders in which such files lie, none of them in another one; pure. */
export function foldersOf(files: readonly TakenFile[]): string[] {
  const folders = [...new Set(files.map(({ keptFolder }) => keptFolder))];
  return folders.filter((folder) => !folders.some((other) => other !== folder && isIn(folder, other)));
}

/** Where files would be moved to that OpenClaw must not reach. */
export async function keptFolderNow({ store, computer }: Pick<Doors, 'store' | 'computer'>): Promise<string> {
  const { sharedFolder } = store.choices();
  const { home } = await computer.knownFolders();
  return keptFolders((await computer.realPath(sharedFolder)) ?? sharedFolder, home)[0];
}
