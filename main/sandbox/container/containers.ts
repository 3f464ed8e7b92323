/** Containers of any kind: stopping them, hearing their last words, and knowing which belong to nobody any more. */
import type { Log } from '../../doors.ts';
import { isAlive } from '../../host/is-alive.ts';
import { stopSeconds } from '../every-home.ts';
import { type Cli, engineProblem, errorLine, mustSucceed } from './call.ts';
import type { Container } from './inspection.ts';
import { passing } from './names.ts';

const timeoutMs = 60_000;
/** How long stopping one may take (ms). */
export const stopTimeout = (stopSeconds + 40) * 1000;
/** The last words of a home, in bytes. */
const maxLog = 256 * 1024;
/**
 * A home under construction that is this old (ms) belongs to nobody any more, even if a process
 * with its maker's number lives: numbers are given again.
 */
const abandonedAfter = 1_800_000;

/** Looks for a container by id or name; null when there is none that anything can be done with. */
export type Find = (idOrName: string, signal: AbortSignal) => Promise<Container | null>;

/** Stops a container, politely first; one that rests already is fine. */
export async function stopContainer(
  cli: Cli,
  find: Find,
  there: Container,
  signal: AbortSignal,
): Promise<void> {
  if (there.inspection.state !== 'running') return;
  if (there.isPaused) await mustSucceed(cli(['unpause', '--', there.id], { timeoutMs, signal }));
  const args = ['stop', `--time=${stopSeconds}`, '--', there.id];
  const { code, stderr } = await cli(args, { timeoutMs: stopTimeout, signal });
  if (code === 0) return;
  // What counts is that it rests: without its keeper (conmon) Podman 5.4 stops it and reports a failure.
  const after = await find(there.id, signal);
  if (after?.inspection.state === 'running') throw engineProblem(stderr);
}

/** Whether a container passes, or would take a home's place; `abandoned`: and whoever made it can't take it away any more. */
export function isPassing(name: string, which: 'all' | 'abandoned', ageMs: number): boolean {
  const maker = passing.exec(name)?.groups?.maker;
  if (maker === undefined) return false;
  return which === 'all' || ageMs > abandonedAfter || !isAlive(Number(maker));
}

/** The last lines a container printed, both streams in the order they came; bounded. */
export async function lastLines(
  cli: Cli,
  name: string,
  lines: number,
  signal: AbortSignal,
  log: Log,
): Promise<string> {
  const found: string[] = [];
  let size = 0;
  const { code, stderr } = await cli(['logs', `--tail=${lines}`, '--', name], {
    timeoutMs,
    signal,
    maxBytes: maxLog,
    onLine(line) {
      size += line.length;
      if (size <= maxLog) found.push(line);
    },
  });
  if (code !== 0) {
    log.info(`no log of ${name}: ${errorLine(stderr)}`);
    return '';
  }
  return found.join('\n');
}
