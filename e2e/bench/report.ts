/** Writes down what was measured, in docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cellsOf, type Row } from './row.ts';

const file = new URL('../../docs/benchmarks.md', import.meta.url);
const columns = ['what', 'ClawCove', 'against', 'ratio', 'at most', 'on'];
const lineOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const heading = (electron: string) => [
  '# Benchmarks',
  '',
  'Written by `npm run bench`: medians, those of a line measured in turn in the same run, on the day it says; the',
  'whole process and the tray are measured once. The machines these come from are shared and noisy: the ratios are',
  'what counts.',
  '',
  'An update keeps a copy of the state before the newer OpenClaw migrates it. By hand is the quickest that anybody',
  'could type: the new container is made before the old one stops, from an image that is there and was used before.',
  '',
  `Electron ${electron}, ${cpus().length} cores.`,
  '',
];

/** In a run of some parts, all that is written there stays but for their own lines. */
function among(written: readonly string[], lines: ReadonlyMap<string, string>): string[] {
  const start = written.findIndex((line) => line.startsWith('|'));
  const rows = written.slice(start + 2).filter((line) => line.startsWith('|'));
  const all = new Map(rows.map((line) => [line.split('|')[1]?.trim() ?? '', line]));
  return [...written.slice(0, start + 2), ...new Map([...all, ...lines]).values(), ''];
}

/**
 * @param day on which this was measured
 * @param isWhole whether everything was measured; else other lines stay as they are
 * @returns what is written there now
 */
export function writeReport(
  measured: readonly Row[],
  { electron, day, isWhole }: { readonly electron: string; readonly day: string; readonly isWhole: boolean },
): string {
  const lines = new Map(measured.map((row) => [row.what, lineOf([...cellsOf(row), day])]));
  const table = [lineOf(columns), lineOf(columns.map(() => '---')), ...lines.values(), ''];
  const text = isWhole
    ? [...heading(electron), ...table]
    : among(readFileSync(file, 'utf8').split('\n'), lines);
  writeFileSync(file, text.join('\n'));
  return text.join('\n');
}
