/** Who listens on the TCP ports of a Mac. */
import type { HostComputer, Run } from '../../doors.ts';

/** Somebody who listens. */
export interface ListeningProgram {
  readonly pid: number;
  readonly program: string;
  /** `0.0.0.0` or `::` for every address. */
  readonly address: string;
  readonly port: number;
}

/** `127.0.0.1:18789`, `[::1]:18789`, `*:18789`. */
const place = /^(\*|\[[\da-f:.%\w]+\]|[\d.]+):(\d{1,5})$/i;

/**
 * Reads `lsof -F pcn` (with or without more fields); pure. Each field is a line that begins with its letter:
 * of a process, and then of its files. `tIPv6` tells which "every address" a star is.
 */
export function listenersFrom(text: string): ListeningProgram[] {
  const found: ListeningProgram[] = [];
  let [pid, program, isV6] = [0, '', false];
  for (const line of text.split('\n')) {
    const rest = line.slice(1);
    switch (line[0]) {
      case 'p':
        [pid, program] = [Number(rest), ''];
        break;
      case 'c':
        // A process chooses its own name.
        program = rest.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
        break;
      case 'f':
        isV6 = false;
        break;
      case 't':
        isV6 = rest === 'IPv6';
        break;
      case 'n': {
        const [, at = '', port = ''] = place.exec(rest) ?? [];
        if (at === '' || pid === 0) break;
        const every = isV6 ? '::' : '0.0.0.0';
        found.push({
          pid,
          program,
          address: at === '*' ? every : at.replace(/^\[|\]$/g, ''),
          port: Number(port),
        });
        break;
      }
    }
  }
  return found;
}

/** Who listens on a port, by `lsof`, which tells only of this person's own processes. */
export function createPortHolder(run: Run): HostComputer['portHolder'] {
  return async (port, signal) => {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpcn'];
    const answer = await run({ file: '/usr/sbin/lsof', args, timeoutMs: 5_000, signal });
    // It ends with 1 when it finds nobody, or somebody among those that it may not look at.
    if (answer.is !== 'exited') return null;
    const holder = listenersFrom(answer.stdout).find((entry) => entry.port === port);
    return holder ? { program: holder.program, pid: holder.pid } : null;
  };
}
