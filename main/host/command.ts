/** Runs programs: the one place of main/ that starts any. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Command, Outcome, Run } from '../doors.ts';
import { Cancelled } from '../problem.ts';
import { nothingToInherit } from './inheritance.ts';
import { gather } from './output.ts';

const defaultMaxBytes = 4 * 1024 * 1024;
/** How long a program may take to end after being asked politely, and then after being killed (ms). */
const politeness = 2_000;
/**
 * How long output is waited for after a program ended (ms). Whatever it left running may
 * hold the pipes open for ever: `podman start` leaves conmon and its network helpers.
 */
const patienceForPipes = 300;

/** Why a program can't be started that isn't there, or isn't one. Source: execve(2). */
const cannotBeHere: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENOEXEC', 'ENAMETOOLONG'];

type End = { readonly code: number | null; readonly by: string | null };
/** A program that does not end although it was killed: an administrator's, say. */
const unkillable: End = { code: null, by: 'nobody' };

/** Signals a program and everything it started, which forms a process group of its own. */
function signalTree(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already, or it is an administrator's and not ours to end.
  }
}

/**
 * The real {@link Run}: programs with arrays of arguments, never a shell.
 *
 * Every program starts in a process group of its own, so that cancelling and timing out
 * end it with all its children: first politely, then hard. Output beyond the bound is
 * thrown away, not fatal. Rejects only with {@link Cancelled}.
 *
 * @param environment all that programs get to know, see environmentForPrograms
 */
export function createRun(environment: Readonly<Record<string, string>>): Run {
  return (command) => runOne(command, environment);
}

async function runOne(command: Command, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  // Large, and not wanted before the first program: no start waits for it.
  const { execa } = await import('execa');
  const { signal, maxBytes = defaultMaxBytes, timeoutMs, onLine, input } = command;
  if (signal.aborted) throw new Cancelled();
  const child = execa(command.file, [...command.args], {
    env: { ...environment, ...command.environment },
    extendEnv: false,
    cwd: '/',
    detached: true,
    windowsHide: true,
    buffer: false,
    reject: false,
    // Its types know numbers of one digit only.
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(nothingToInherit() as 'ignore'[])],
  });
  // A program that can't be started never exits; execa's promise answers for it.
  if (child.pid === undefined) {
    const { code = '' } = await child;
    // A computer that has nothing left to start it with is no computer without it.
    return cannotBeHere.includes(code) ? { is: 'not-found' } : { is: 'killed', by: code || 'nobody' };
  }
  const out = gather(child.stdout, maxBytes, onLine);
  const err = gather(child.stderr, maxBytes, onLine);
  // A program that doesn't read all of its input is no fault of ours.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);

  const exited = new Promise<End>((resolve) => {
    child.once('exit', (code, by) => resolve({ code, by }));
  });
  const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const end = await Promise.race([exited, aborted(enough).then(() => endTree(child.pid, exited))]);
  await Promise.race([Promise.all([out.ended, err.ended]), pause(patienceForPipes)]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (signal.aborted) throw new Cancelled();
  if (enough.aborted) return { is: 'timed-out' };
  if (end.code === null) return { is: 'killed', by: end.by ?? 'nobody' };
  const [stdout, stderr] = [out.finish(), err.finish()];
  return {
    is: 'exited',
    code: end.code,
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: stdout.isTruncated || stderr.isTruncated,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Ends a program with its children, and answers when it is gone or can't be ended. */
async function endTree(pid: number | undefined, exited: Promise<End>): Promise<End> {
  signalTree(pid, 'SIGTERM');
  await Promise.race([exited, pause(politeness)]);
  // Also when it went politely: its children may not have.
  signalTree(pid, 'SIGKILL');
  return Promise.race([exited, pause(politeness, unkillable)]);
}
