import type { Outcome } from '../../doors.ts';
import { decodeLatin1 } from '../../sandbox/wsl/decode.ts';
import { csvRows } from './who.ts';

/** Asks for every task there is, a row each and without a heading. To be gathered as `latin1`. */
export const taskNamesQuery = ['/Query', '/FO', 'CSV', '/NH'] as const;

/**
 * The names of the tasks that no folder holds; null: they can't be read. Names aren't translated, the other columns are; they
 * come in the console's old encoding, so only those of ASCII can be trusted. There is no Windows without any task.
 */
export function taskNamesIn(tasks: Outcome): readonly string[] | null {
  if (tasks.is !== 'exited' || tasks.code !== 0 || tasks.truncated) return null;
  const paths = csvRows(decodeLatin1(tasks.stdout))
    .map(([path = '']) => path)
    .filter((path) => path.startsWith('\\'));
  if (paths.length === 0) return null;
  const names = paths.filter((path) => path.lastIndexOf('\\') === 0).map((path) => path.slice(1));
  return [...new Set(names)];
}
