import { chmod } from 'node:fs/promises';

/** Lets nobody but this person into a folder, where the mode of a folder says that; see SystemDoors. */
export const ownByMode = (folder: string): Promise<void> => chmod(folder, 0o700);
