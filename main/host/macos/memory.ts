/** The memory of a Mac that programs could still get. */
import type { Run } from '../../doors.ts';

/**
 * Reads `vm_stat`; pure. Pages that are free, that only hold what is on a disk as well, or that their
 * programs have said they can do without. Source: vm_stat(1).
 */
export function availableFrom(text: string): number | null {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? 0);
  const pages = ['free', 'inactive', 'speculative', 'purgeable'].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)\\.`, 'm').exec(text)?.[1] ?? Number.NaN),
  );
  const sum = pages.reduce((all, each) => all + each, 0);
  return pageBytes > 0 && Number.isFinite(sum) ? sum * pageBytes : null;
}

/** Asks; null when nobody tells. */
export async function availableMemory(run: Run, signal: AbortSignal): Promise<number | null> {
  const answer = await run({ file: '/usr/bin/vm_stat', args: [], timeoutMs: 5_000, signal });
  return answer.is === 'exited' && answer.code === 0 ? availableFrom(answer.stdout) : null;
}
