/** TCP ports of this computer. */
import { readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import type { HostComputer, Run } from '../doors.ts';

/**
 * Whether a port could be listened on, both for this computer alone and for all: somebody
 * who listens on every address takes the port from 127.0.0.1, too.
 */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0']) if (!(await canListen(host, port))) return false;
  return true;
}

/** Whether a port of one address could be listened on. */
export function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Reads `ss -H -ltnp`; pure. It tells programs only of processes that this person may look into.
 *
 * @returns null when nobody listens, or somebody whose name can't be told
 */
export function holderFrom(ss: string, port: number): { program: string; pid: number } | null {
  for (const line of ss.split('\n')) {
    const local = line.trim().split(/\s+/)[3] ?? '';
    if (!local.endsWith(`:${port}`)) continue;
    const [, program, pid] = /users:\(\("((?:[^"\\]|\\.){1,64})",pid=(\d+)/.exec(line) ?? [];
    // A process chooses its own name.
    if (program && pid) return { program: program.replace(/[^\x20-\x7e]/g, '?'), pid: Number(pid) };
  }
  return null;
}

/** What Node 24 calls its main thread, and with it, for the kernel, itself. */
const namelessNode = 'MainThread';

/** Who listens on a port, by iproute2's `ss`. */
export function createPortHolder(run: Run): HostComputer['portHolder'] {
  return async (port, signal) => {
    const args = ['-H', '-l', '-t', '-n', '-p', `sport = :${port}`];
    const answer = await run({ file: 'ss', args, timeoutMs: 5_000, signal });
    const holder = answer.is === 'exited' && answer.code === 0 ? holderFrom(answer.stdout, port) : null;
    if (holder?.program !== namelessNode) return holder;
    const file = await readlink(`/proc/${holder.pid}/exe`).catch(() => 'node');
    return { ...holder, program: basename(file) };
  };
}
