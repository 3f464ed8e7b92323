/** What this person may do on a Mac. */
import type { Run } from '../../doors.ts';

const timeoutMs = 5_000;
/** The group `admin` has the same number on every Mac. Source: macOS's own directory, `dscl . -read /Groups/admin`. */
const adminGroup = 80;

/** Whether a list of group numbers (`id -G`) has the administrators' in it; pure. Null when it is no such list. */
export function isAdminFrom(groups: string): boolean | null {
  const numbers = groups.trim().split(/\s+/);
  return numbers.every((number) => /^\d+$/.test(number)) ? numbers.includes(String(adminGroup)) : null;
}

/** Whether this person could act as an administrator, if they were asked; null when nobody tells. */
export async function isInAdminGroup(run: Run, signal: AbortSignal): Promise<boolean | null> {
  const answer = await run({ file: '/usr/bin/id', args: ['-G'], timeoutMs, signal });
  return answer.is === 'exited' && answer.code === 0 ? isAdminFrom(answer.stdout) : null;
}

/** Somebody who has an account of their own on this Mac. */
export interface Account {
  readonly name: string;
  readonly uid: number;
}

/** People's numbers begin there; below are the system's own. */
const firstPerson = 501;

/** Reads `dscl . -list /Users UniqueID`; pure. Names may be of any script. */
export function accountsFrom(text: string): Account[] {
  return [...text.matchAll(/^(\S+)\s+(-?\d+)$/gm)]
    .map(([, name = '', uid]) => ({ name, uid: Number(uid) }))
    .filter(({ name, uid }) => uid >= firstPerson && !name.startsWith('_'));
}

/** The people who have an account here; null when nobody tells. */
export async function accounts(run: Run, signal: AbortSignal): Promise<Account[] | null> {
  const args = ['.', '-list', '/Users', 'UniqueID'];
  const answer = await run({ file: '/usr/bin/dscl', args, timeoutMs, signal });
  return answer.is === 'exited' && answer.code === 0 ? accountsFrom(answer.stdout) : null;
}
