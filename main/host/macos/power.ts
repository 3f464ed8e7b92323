/** What a Mac runs on. */
import type { Power, Run } from '../../doors.ts';

/** What `pmset -g batt` means; pure. A Mac without a battery says only what it draws from. */
export function powerFrom(text: string): Power {
  const source = /^Now drawing from '([^']+)'/m.exec(text)?.[1];
  if (source === 'AC Power') return { is: 'mains' };
  // A UPS is a battery that ends as well.
  if (source !== 'Battery Power' && source !== 'UPS Power') return { is: 'unknown' };
  const percent = Number(/^\s*-.*\t(\d{1,3})%/m.exec(text)?.[1] ?? Number.NaN);
  return percent <= 100 ? { is: 'battery', share: percent / 100 } : { is: 'unknown' };
}

/** Asks. */
export async function power(run: Run, signal: AbortSignal): Promise<Power> {
  const answer = await run({ file: '/usr/bin/pmset', args: ['-g', 'batt'], timeoutMs: 5_000, signal });
  return answer.is === 'exited' && answer.code === 0 ? powerFrom(answer.stdout) : { is: 'unknown' };
}
