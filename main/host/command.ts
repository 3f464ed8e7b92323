/** Runs programs: the one place of main/ that starts any. */
import { type FileHandle, open } from 'node:fs/promises';
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

/** What differs from system to system about programs that run. */
export interface Ways {
  /** The folder that they start in. */
  readonly folder: string;
  /** Whether they start in a group of their own, apart from ClawCove's. */
  readonly ownGroup: boolean;
  /** Ends a program and everything it started: asks politely, or ends it hard. */
  endTree(pid: number, how: 'politely' | 'hard'): void;
}

const unixWays: Ways = {
  folder: '/',
  ownGroup: true,
  endTree(pid, how) {
    try {
      process.kill(-pid, how === 'politely' ? 'SIGTERM' : 'SIGKILL');
    } catch {
      // It has ended already, or it is an administrator's and not ours to end.
    }
  },
};

/** No files at all is the usual case. */
type Files = Readonly<Record<'input' | 'output', FileHandle | null>>;

/** Opens the files of this computer that a command reads from and writes to. */
async function openFiles({ inputFile, outputFile }: Command): Promise<Files> {
  const input = inputFile === undefined ? null : await open(inputFile, 'r');
  try {
    // `wx`: nobody's link is written through.
    return { input, output: outputFile === undefined ? null : await open(outputFile, 'wx', 0o600) };
  } catch (error) {
    await input?.close();
    throw error;
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
export function createRun(environment: Readonly<Record<string, string>>, ways: Ways = unixWays): Run {
  return async (command) => {
    const files = await openFiles(command);
    try {
      return await runOne(command, files, environment, ways);
    } finally {
      await files.input?.close();
      await files.output?.close();
    }
  };
}

async function runOne(
  command: Command,
  files: Files,
  environment: Readonly<Record<string, string>>,
  ways: Ways,
): Promise<Outcome> {
  // Large, and not wanted before the first program: no start waits for it.
  const { execa } = await import('execa');
  const { signal, maxBytes = defaultMaxBytes, timeoutMs, onLine, input, encoding } = command;
  if (signal.aborted) throw new Cancelled();
  const child = execa(command.file, [...command.args], {
    env: { ...environment, ...command.environment },
    extendEnv: false,
    cwd: ways.folder,
    detached: ways.ownGroup,
    windowsHide: true,
    buffer: false,
    reject: false,
    // Its types know numbers of one digit only.
    stdio: [
      (files.input?.fd as 0 | undefined) ?? (input === undefined ? 'ignore' : 'pipe'),
      (files.output?.fd as 1 | undefined) ?? 'pipe',
      'pipe',
      ...(nothingToInherit() as 'ignore'[]),
    ],
  });
  // A program that can't be started never exits; execa's promise answers for it.
  if (child.pid === undefined) {
    const { code = '' } = await child;
    // A computer that has nothing left to start it with is no computer without it.
    return cannotBeHere.includes(code) ? { is: 'not-found' } : { is: 'killed', by: code || 'nobody' };
  }
  const out = child.stdout && gather(child.stdout, maxBytes, onLine, encoding);
  const err = gather(child.stderr, maxBytes, onLine, encoding);
  // A program that doesn't read all of its input is no fault of ours.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);

  const exited = new Promise<End>((resolve) => {
    child.once('exit', (code, by) => resolve({ code, by }));
  });
  const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const end = await Promise.race([exited, aborted(enough).then(() => endTree(child.pid, exited, ways))]);
  await Promise.race([Promise.all([out?.ended, err.ended]), pause(patienceForPipes)]);
  child.stdout?.destroy();
  child.stderr.destroy();
  if (signal.aborted) throw new Cancelled();
  if (enough.aborted) return { is: 'timed-out' };
  if (end.code === null) return { is: 'killed', by: end.by ?? 'nobody' };
  const stdout = out?.finish() ?? { text: '', isTruncated: false };
  const stderr = err.finish();
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
async function endTree(pid: number | undefined, exited: Promise<End>, ways: Ways): Promise<End> {
  if (pid === undefined) return exited;
  ways.endTree(pid, 'politely');
  await Promise.race([exited, pause(politeness)]);
  // Also when it went politely: its children may not have.
  ways.endTree(pid, 'hard');
  return Promise.race([exited, pause(politeness, unkillable)]);
}
