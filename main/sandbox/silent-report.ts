/** A report for tests that keeps what it hears. */
import type { Report } from './sandbox.ts';

export const idle = (): AbortSignal => new AbortController().signal;

export interface SilentReport extends Report {
  readonly steps: { done: number; of: number | null }[];
  readonly lines: string[];
}

export function silentReport(signal: AbortSignal = idle()): SilentReport {
  const steps: SilentReport['steps'] = [];
  const lines: string[] = [];
  return {
    signal,
    steps,
    lines,
    progress: (done, of) => steps.push({ done, of }),
    log: (line) => lines.push(line),
  };
}
