/** Commands inside the distribution, as its root. */
import { rm } from 'node:fs/promises';
import { ProblemError } from '../../problem.ts';
import type { Guest } from '../distro/machine.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import { isOwnFailure, type Wsl, type WslAnswer, type WslOptions, wslProblem } from './call.ts';
import { failureIn } from './failure.ts';
import { distroName } from './names.ts';

/** A state of many gigabytes on a slow disk may take its time (ms). */
const fileTimeout = 3_600_000;
const defaultMaxBytes = 1024 * 1024;
/** What Windows takes as one command line, with wsl.exe's own words and quotes to spare. Source: CreateProcessW. */
const longestCommand = 30_000;

/**
 * Arguments of wsl.exe for a command inside. `--exec` starts it as it is; without that word all of it would pass through
 * a shell, which takes `$` and quotes out of it. `--cd /`: where Windows' own folder is, nothing is mounted.
 */
export function inDistro(argv: readonly string[]): string[] {
  const [program] = argv;
  // wsl.exe looks it up in its own way otherwise, and an option in its place would be its own.
  if (program === undefined || !/^[\w./+-]+$/.test(program) || program.startsWith('-'))
    throw new Error('not a program');
  if (argv.reduce((sum, word) => sum + 2 * word.length + 3, 0) > longestCommand)
    throw new Error('the command is too long for Windows: hand it over as input');
  return ['--distribution', distroName, '--user', 'root', '--cd', '/', '--exec', ...argv];
}

/** Runs a command inside, whoever asks; starts the distribution where it sleeps. */
export async function runInside(
  wsl: Wsl,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const { input, timeoutMs, maxBytes = defaultMaxBytes, signal } = options;
  return resultOf(
    await wsl(inDistro(argv), { timeoutMs, maxBytes, signal, ...(input === undefined ? {} : { input }) }),
  );
}

/** What is inside writes UTF-8, whatever wsl.exe itself writes. */
function resultOf(answer: WslAnswer): ExecResult {
  if (isOwnFailure(answer)) {
    const isGone = failureIn(answer.text) === 'distro-not-found';
    throw isGone ? new ProblemError('home-not-running', {}, ['try-again']) : wslProblem(answer.text);
  }
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
  return {
    exitCode: answer.code,
    untrustedOut: text(answer.out),
    untrustedErr: text(answer.err),
    truncated: answer.truncated,
  };
}

/**
 * The system inside.
 *
 * @param demandRunning throws `home-not-running` when it sleeps: a command would wake it
 */
export function createGuest(wsl: Wsl, demandRunning: (signal: AbortSignal) => Promise<void>): Guest {
  const withFile = async (argv: readonly string[], options: WslOptions) => {
    await demandRunning(options.signal);
    return resultOf(await wsl(inDistro(argv), options));
  };
  return {
    async run(argv, options) {
      await demandRunning(options.signal);
      return runInside(wsl, argv, options);
    },
    send: (file, argv, { signal }) => withFile(argv, { inputFile: file, timeoutMs: fileTimeout, signal }),
    async receive(argv, file, { signal }) {
      await rm(file, { force: true });
      try {
        const result = await withFile(argv, { outputFile: file, timeoutMs: fileTimeout, signal });
        if (result.exitCode !== 0) await rm(file, { force: true });
        return result;
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
  };
}
