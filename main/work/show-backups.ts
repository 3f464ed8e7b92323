import { catalogueOf } from '../backup/catalogue.ts';
import type { Doors } from '../doors.ts';
import type { State } from '../state.ts';

/** Shows the backups that there are; a folder that can't be read keeps nothing else from being shown. */
export async function showBackups({ backups, log }: Doors, state: State): Promise<void> {
  try {
    state.update({ backups: catalogueOf(await backups.list()) });
  } catch (error) {
    log.error('could not look into the backup folder', error);
  }
}
