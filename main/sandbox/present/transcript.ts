import type { Outcome } from '../../doors.ts';
import { fixture } from '../fixtures.ts';

/** One recorded command with all that came of it: `$ command`, then `--- exit: 1`, `--- stdout`, `--- stderr`. Only for tests. */
export function transcript(name: string): { readonly line: string; readonly outcome: Outcome } {
  const text = fixture(name);
  const [, line = '', code = '', stdout = '', stderr = ''] =
    /^\$ (.*)\n--- exit: (-?\d+)\n--- stdout\n([\s\S]*?)--- stderr\n?([\s\S]*)$/.exec(text) ?? [];
  if (line === '') throw new Error(`${name} is no transcript`);
  return { line, outcome: { is: 'exited', code: Number(code), stdout, stderr, truncated: false } };
}
