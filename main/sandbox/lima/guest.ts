/** Commands as root in the machine, through Lima's own way in. */
import { open, rename, rm, stat } from 'node:fs/promises';
import { ProblemError } from '../../problem.ts';
import type { Guest } from '../distro/machine.ts';
import type { ExecResult, Report } from '../sandbox.ts';
import { type Exited, type Limactl, limaProblem } from './limactl.ts';
import { machineName } from './names.ts';

const defaultMaxBytes = 1024 * 1024;
/** A state of many gigabytes on a slow disk may take its time (ms). */
const streamTimeout = 3_600_000;
/** What is given up on here ends inside so much later (s), by itself: ssh tells nobody there. */
const grace = 5;
/** ssh's own exit code for "I failed". A command inside may end with it as well. Source: ssh(1). */
const sshFailed = 255;

/**
 * The order for a command inside; pure. Lima joins the words into one line for the shell inside, each quoted
 * by itself (its `shellescape`); only words with `=` before the first without one it reads as variables,
 * and ours begins with a program. `--` ends the options of sudo and its own reading of variables.
 */
export function shellOrder(argv: readonly string[], timeoutMs: number): string[] {
  const seconds = String(Math.ceil(timeoutMs / 1000) + grace);
  return [
    ...['shell', '--workdir', '/', '--shell', '/bin/bash', machineName],
    ...['sudo', '-n', '--', 'timeout', `--kill-after=${grace}`, seconds, ...argv],
  ];
}

const resultOf = ({ code, stdout, stderr, truncated }: Exited): ExecResult => ({
  exitCode: code,
  untrustedOut: stdout,
  untrustedErr: stderr,
  truncated,
});

/** Whether Lima or ssh seem to have failed themselves; what runs inside can say the same. */
const seemsLimas = ({ code, stdout, stderr }: Exited): boolean =>
  code === sshFailed || (code === 1 && stdout === '' && /level=fatal|^FATA\[/m.test(stderr));

/**
 * @param isRunning asked when Lima or ssh seem to have failed
 */
export function createGuest(limactl: Limactl, isRunning: (signal: AbortSignal) => Promise<boolean>): Guest {
  const judged = async (exited: Exited, signal: AbortSignal): Promise<ExecResult> => {
    if (seemsLimas(exited)) {
      if (!(await isRunning(signal))) throw new ProblemError('home-not-running');
      // A machine that runs, and a way in that doesn't work: nobody knows whether anything ran.
      if (
        exited.code === sshFailed &&
        /^(?:ssh|kex_exchange|mux_client|Connection|Permission denied)/m.test(exited.stderr)
      )
        throw limaProblem(exited.stderr);
    }
    return resultOf(exited);
  };
  return {
    async run(argv, { maxBytes = defaultMaxBytes, ...options }) {
      const exited = await limactl.call(shellOrder(argv, options.timeoutMs), { maxBytes, ...options });
      return judged(exited, options.signal);
    },
    async send(file, argv, { signal, progress }: Report) {
      const { size } = await stat(file);
      progress(0, size);
      const options = { inputFile: file, timeoutMs: streamTimeout, maxBytes: defaultMaxBytes, signal };
      const exited = await limactl.call(shellOrder(argv, streamTimeout), options);
      progress(size, size);
      return judged(exited, signal);
    },
    async receive(argv, file, { signal }: Report) {
      const part = `${file}.part`;
      await rm(part, { force: true });
      try {
        const options = { outputFile: part, timeoutMs: streamTimeout, maxBytes: defaultMaxBytes, signal };
        const result = await judged(await limactl.call(shellOrder(argv, streamTimeout), options), signal);
        if (result.exitCode === 0) await takePlace(part, file);
        return result;
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}

/** On the disk before it has the name. */
async function takePlace(part: string, file: string): Promise<void> {
  const handle = await open(part, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(part, file);
}
