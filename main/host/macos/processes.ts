/** What runs on a Mac. Source: ps(1) of macOS. */
import type { Run } from '../../doors.ts';

const timeoutMs = 5_000;

export interface MacProcess {
  readonly pid: number;
  readonly uid: number;
  /** The program that really runs, by its last name, cut at 16 letters: a title that it gives itself doesn't change it. */
  readonly program: string;
  /** Its words with blanks between them, or its title. */
  readonly line: string;
}

/** Reads `ps -o pid=,uid=,ucomm=,command=`; pure. Null: it is no such list, in which the first process of all is never missing. */
export function processesIn(text: string): MacProcess[] | null {
  const found = text.split('\n').flatMap((row) => {
    const [, pid, uid, program = '', line = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*\S)\s*$/.exec(row) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), uid: Number(uid), program, line }];
  });
  return found.some(({ pid }) => pid === 1) ? found : null;
}

/** Everything that runs; null: nobody tells. */
export async function processesOf(run: Run, signal: AbortSignal): Promise<MacProcess[] | null> {
  const args = ['-axww', '-o', 'pid=,uid=,ucomm=,command='];
  const answer = await run({ file: '/bin/ps', args, timeoutMs, signal });
  if (answer.is !== 'exited' || answer.code !== 0 || answer.truncated) return null;
  return processesIn(answer.stdout);
}

/** When a process was started, in ps' own words; null: it is gone, or nobody tells. */
export async function birthOf(run: Run, pid: number, signal: AbortSignal): Promise<string | null> {
  const args = ['-o', 'lstart=', '-p', String(pid)];
  const answer = await run({ file: '/bin/ps', args, timeoutMs, signal });
  if (answer.is !== 'exited' || answer.code !== 0) return null;
  return answer.stdout.trim() || null;
}

/**
 * Reads the paths in `lsof -Fn`; pure. Where it takes a letter for one that can't be printed it writes its bytes as `\xe7`.
 */
export function pathsIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('n/'))
    .map((line) => unescaped(line.slice(1)));
}

function unescaped(path: string): string {
  if (!path.includes('\\')) return path;
  const bytes = Buffer.from(path).toString('latin1');
  const plain = bytes.replace(/\\(?:x([\da-f]{2})|\\)/gi, (_, code?: string) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}

/** The paths that a process has open; null: nobody tells. */
export async function openPaths(run: Run, pid: number, signal: AbortSignal): Promise<string[] | null> {
  const args = ['-nP', '-a', '-p', String(pid), '-Fn'];
  const answer = await run({ file: '/usr/sbin/lsof', args, timeoutMs, signal });
  // It ends with 1 where it may not tell everything; what it tells is still true.
  if (answer.is !== 'exited' || !answer.stdout.startsWith(`p${pid}\n`)) return null;
  return pathsIn(answer.stdout);
}
