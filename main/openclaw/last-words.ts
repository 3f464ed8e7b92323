import type { Doors } from '../doors.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** Enough to see why it ended. */
const lines = 60;

/** Why the home's gateway ended, as far as its last words tell. */
export async function lastWords({ sandbox }: Doors, signal: AbortSignal): Promise<Diagnosis> {
  return diagnose(await sandbox.untrustedLog(lines, signal));
}
