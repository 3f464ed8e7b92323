/** A system reached over SSH, as its administrator. */
import { rename, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Clock, Command, Outcome, Run } from '../../doors.ts';
import { exists, readBounded } from '../../host/files.ts';
import { ProblemError } from '../../problem.ts';
import type { Guest } from '../distro/machine.ts';
import { endLine, launchCommand } from '../launch.ts';
import { newCallMark, reaping, reapTimeout } from '../reap.ts';
import type { ExecResult, Report } from '../sandbox.ts';
import {
  type Connection,
  controlArguments,
  keepOpenArguments,
  type NoAnswer,
  noAnswerFrom,
  sshArguments,
  sshFailed,
} from './arguments.ts';
import { oneWord } from './guest-script.ts';

const defaultMaxBytes = 1024 * 1024;
/** Long enough for a home's whole memory over a slow disk (ms). */
const streamTimeout = 6 * 3_600_000;
const progressEvery = 1_000;

/** Whether somebody listens at a socket; the file alone says nothing, after a crash. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Words come as arguments: the file, then the whole command. The first line says who reads, so that it can be seen how far it is. */
const fromFile = ['-c', 'file=$1; shift; echo "$$" >&2; exec "$@" <"$file"', 'send'] as const;
const toFile = ['-c', 'umask 077; file=$1; shift; exec "$@" >"$file"', 'receive'] as const;

export interface GuestOptions {
  readonly run: Run;
  readonly clock: Clock;
  /** Where it can be reached now. */
  readonly connection: () => Promise<Connection>;
  /** How long an answer may take (ms). */
  readonly patience: number;
  /** What is said when nobody answers. */
  readonly problems: Readonly<Record<NoAnswer, () => ProblemError>>;
}

export interface OpenGuest extends Guest {
  /** Knocks, with a greeting of its own; answers why nobody answers, or null when all is well. */
  knock(signal: AbortSignal): Promise<NoAnswer | null>;
  /** Whether a connection is kept now. */
  isKept(): Promise<boolean>;
  /** Lets go of the connection that is kept. */
  hangUp(): Promise<void>;
}

type Exited = Extract<Outcome, { is: 'exited' }>;

export function createGuest({ run, clock, connection, patience, problems }: GuestOptions): OpenGuest {
  const idle = new AbortController().signal;

  const knock = async (signal: AbortSignal): Promise<NoAnswer | null> => {
    const args = sshArguments(await connection(), oneWord('knock', ['true']), 'anew');
    const outcome = await run({ file: 'ssh', args, timeoutMs: patience, signal });
    // Not even started: a computer at its limits has no process left for a moment (seen).
    if (outcome.is !== 'exited') return 'silent';
    return outcome.code === sshFailed ? noAnswerFrom(outcome.stderr) : null;
  };

  /** Without one, every call greets for itself: slower, and as good. */
  const keepOpen = async (signal: AbortSignal) => {
    const to = await connection();
    if (await isListening(to.socket)) return;
    await rm(to.socket, { force: true });
    await run(launchCommand(`${to.socket}.log`, ['ssh', ...keepOpenArguments(to)], signal));
    for (let waited = 0; waited < patience && !(await exists(to.socket)); waited += 100) {
      if (endLine.test((await readBounded(`${to.socket}.log`)) ?? '')) return;
      await clock.sleep(100, signal);
    }
  };

  const hangUp = async () => {
    const to = await connection();
    const args = controlArguments(to, 'exit');
    if (await exists(to.socket)) await run({ file: 'ssh', args, timeoutMs: 10_000, signal: idle });
    await Promise.all([to.socket, `${to.socket}.log`].map((file) => rm(file, { force: true })));
  };

  /** @param command makes the command for this computer of ssh's arguments */
  const call = async (
    argv: readonly string[],
    signal: AbortSignal,
    command: (sshArgs: readonly string[]) => Command,
  ): Promise<Exited> => {
    const mark = newCallMark();
    const word = oneWord(mark, argv);
    await keepOpen(signal);
    const giveUp = async () => {
      const args = sshArguments(await connection(), oneWord('reap', reaping(mark)), 'as-it-is');
      await run({ file: 'ssh', args, timeoutMs: patience + reapTimeout, signal: idle });
    };
    const outcome = await run(command(sshArguments(await connection(), word, 'as-it-is'))).catch(
      async (error) => {
        await giveUp();
        throw error;
      },
    );
    switch (outcome.is) {
      case 'exited': {
        if (outcome.code !== sshFailed) return outcome;
        // What ran inside may end with the same and print the same words: asked apart from it.
        const noAnswer = await knock(signal);
        if (noAnswer === null) return outcome;
        await hangUp();
        throw problems[noAnswer]();
      }
      case 'not-found':
        throw new ProblemError('engine-gone', {}, ['check-now']);
      case 'timed-out':
        await giveUp();
        throw new ProblemError('engine-too-slow', { command: 'ssh' }, ['try-again', 'open-log']);
      case 'killed':
        throw new ProblemError('engine-failed', { detail: `ssh: ${outcome.by}` }, ['try-again', 'open-log']);
    }
  };

  const resultOf = ({ code, stdout, stderr, truncated }: Exited): ExecResult => ({
    exitCode: code,
    untrustedOut: stdout,
    untrustedErr: stderr,
    truncated,
  });

  /** Says how far it is, every second until it has ended. */
  const telling = async <T>(
    work: Promise<T>,
    of: number | null,
    { progress, signal }: Report,
    done: () => Promise<number | null>,
  ) => {
    const end = new AbortController();
    const telling = (async () => {
      while (!end.signal.aborted) {
        const bytes = await done();
        if (bytes !== null) progress(of === null ? bytes : Math.min(bytes, of), of);
        await clock.sleep(progressEvery, AbortSignal.any([signal, end.signal]));
      }
    })().catch(() => {});
    try {
      return await work;
    } finally {
      end.abort();
      await telling;
    }
  };

  return {
    knock,
    isKept: async () => isListening((await connection()).socket),
    hangUp,
    async run(argv, options) {
      const exited = await call(argv, options.signal, (args) => ({
        file: 'ssh',
        args,
        maxBytes: defaultMaxBytes,
        ...options,
      }));
      return resultOf(exited);
    },
    async send(file, argv, report) {
      const { size } = await stat(file);
      let reader: string | null = null;
      const work = call(argv, report.signal, (args) => ({
        file: '/bin/sh',
        args: [...fromFile, file, 'ssh', ...args],
        timeoutMs: streamTimeout,
        maxBytes: defaultMaxBytes,
        signal: report.signal,
        onLine(line) {
          reader ??= line;
        },
      }));
      const position = async () => {
        if (reader === null || !/^\d+$/.test(reader)) return null;
        const [, at] = /^pos:\s*(\d+)$/m.exec((await readBounded(`/proc/${reader}/fdinfo/0`)) ?? '') ?? [];
        return at === undefined ? null : Number(at);
      };
      const exited = await telling(work, size, report, position);
      if (exited.code === 0) report.progress(size, size);
      return resultOf({ ...exited, stderr: exited.stderr.slice(exited.stderr.indexOf('\n') + 1) });
    },
    async receive(argv, file, report) {
      const part = `${file}.part`;
      try {
        const work = call(argv, report.signal, (args) => ({
          file: '/bin/sh',
          args: [...toFile, part, 'ssh', ...args],
          timeoutMs: streamTimeout,
          maxBytes: defaultMaxBytes,
          signal: report.signal,
        }));
        const written = () =>
          stat(part).then(
            ({ size }) => size,
            () => null,
          );
        const exited = await telling(work, null, report, written);
        if (exited.code === 0) await rename(part, file);
        return resultOf(exited);
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}
