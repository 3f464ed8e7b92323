/** Who runs ClawCove, by numbers: Windows translates the names of its groups. */
import type { Run } from '../../doors.ts';
import type { Programs } from './programs.ts';

const timeoutMs = 10_000;

/** Rows of `/fo csv` output: every field stands in quotes, and a quote in a field twice; pure. */
export function csvRows(text: string): string[][] {
  return text
    .split(/\r*\n/)
    .filter((line) => line.trim() !== '')
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, field]) => (field ?? '').replaceAll('""', '"')),
    );
}

const isSid = (field: string) => /^S-1-\d+(?:-\d+)*$/.test(field);

/** The SIDs that `whoami … /fo csv` names; pure. They stand in the second or third column, by what was asked. */
export function sidsIn(text: string): string[] {
  return csvRows(text).flatMap((row) => row.filter(isSid));
}

/** Source: Microsoft, "Well-known SIDs": the labels for high and system, and the administrators' group. */
const elevatedLabels = ['S-1-16-12288', 'S-1-16-16384'];
const administrators = 'S-1-5-32-544';

/** What this process may do. */
export interface Rights {
  /** With an administrator's rights in force, as after "Run as administrator". */
  readonly isElevated: boolean;
  /** The person may have them after a prompt. */
  readonly isInAdministrators: boolean;
}

/** Reads `whoami /groups /fo csv`; null when it names no label at all; pure. */
export function rightsFrom(text: string): Rights | null {
  const sids = sidsIn(text);
  if (!sids.some((sid) => sid.startsWith('S-1-16-'))) return null;
  return {
    isElevated: sids.some((sid) => elevatedLabels.includes(sid)),
    isInAdministrators: sids.includes(administrators),
  };
}

const ask = async (run: Run, { whoami }: Programs, what: string, signal: AbortSignal) => {
  const answer = await run({
    file: whoami,
    args: [what, '/fo', 'csv', '/nh'],
    timeoutMs,
    signal,
    encoding: 'latin1',
  });
  return answer.is === 'exited' && answer.code === 0 ? answer.stdout : '';
};

/** What this process may do; null: nobody says. */
export async function rights(run: Run, programs: Programs, signal: AbortSignal): Promise<Rights | null> {
  return rightsFrom(await ask(run, programs, '/groups', signal));
}

/** The person's own number; null: nobody says. */
export async function whoAmI(
  run: Run,
  programs: Programs,
  signal: AbortSignal,
): Promise<{ readonly sid: string } | null> {
  const [sid] = sidsIn(await ask(run, programs, '/user', signal));
  return sid === undefined ? null : { sid };
}
