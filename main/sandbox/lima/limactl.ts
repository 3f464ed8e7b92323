/** Calls Lima, which ships inside ClawCove, and turns what it says when it fails into problems a person can understand. */
import type { ProblemCode } from '../../contract.ts';
import type { Command, Outcome, Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';

export type Exited = Extract<Outcome, { is: 'exited' }>;
type CallOptions = Pick<
  Command,
  'signal' | 'input' | 'inputFile' | 'outputFile' | 'timeoutMs' | 'maxBytes' | 'onLine'
>;

export interface Limactl {
  /** Runs limactl with arguments and answers with how it ended, whatever its exit code. */
  call(args: readonly string[], options: CallOptions): Promise<Exited>;
  /** What its calls are told of their surroundings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string;
  readonly home: string;
}

export interface LimactlOptions {
  readonly run: Run;
  /** `limactl` inside the app. */
  readonly program: string;
  /** LIMA_HOME, see home.ts. */
  readonly home: string;
}

/**
 * Lima with a home of its own, asking nobody.
 *
 * @throws ProblemError when it isn't there, hangs, or dies (of the returned function)
 */
export function createLimactl({ run, program, home }: LimactlOptions): Limactl {
  const environment = {
    LIMA_HOME: home,
    // Lima's own process listens then, and none of ssh's: who holds a port can be told. Its default since 1.1.
    LIMA_SSH_PORT_FORWARDER: 'false',
  };
  const words = (args: readonly string[]) => ['--tty=false', ...args];
  const ended = (outcome: Outcome, args: readonly string[]): Exited => {
    switch (outcome.is) {
      case 'exited':
        return outcome;
      case 'not-found':
        throw new ProblemError('engine-gone', {}, ['check-now']);
      case 'timed-out':
        throw new ProblemError('engine-too-slow', { command: args[0] ?? '' }, ['try-again', 'open-log']);
      case 'killed':
        throw new ProblemError('engine-failed', { detail: `${args[0]}: ${outcome.by}` }, [
          'try-again',
          'open-log',
        ]);
    }
  };
  return {
    environment,
    program,
    home,
    call: async (args, options) =>
      ended(await run({ file: program, args: words(args), environment, ...options }), args),
  };
}

/** The result of a call that has to succeed. */
export async function mustSucceed(call: Promise<Exited>): Promise<Exited> {
  const result = await call;
  if (result.code !== 0) throw limaProblem(result.stderr);
  return result;
}

/** A line of logrus: `time="…" level=fatal msg="…"`, or `FATA[0031] …` on a terminal. */
const fatalLine = /^(?:time="[^"]*" level=(?:fatal|error) msg=|(?:FATA|ERRO)\[\d+\] )/;

/** What Lima said when it failed, in one line. */
export function errorLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((entry) => fatalLine.test(entry)) ?? lines.at(-1) ?? '';
  const [, quoted] = /msg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return (quoted?.replace(/\\(["\\])/g, '$1') ?? line.replace(fatalLine, '')).slice(0, 300);
}

/** How Lima, and Apple's own frameworks under it, say what a person can understand. */
const known: readonly (readonly [RegExp, ProblemCode])[] = [
  [/no space left on device|disk quota exceeded/i, 'no-room-on-disk'],
  [/expected digest|digest mismatch|expected.*sha256/i, 'system-damaged'],
  [/no such host|network is unreachable|server misbehaving/i, 'no-internet'],
  [
    /i\/o timeout|TLS handshake timeout|connection reset|unexpected EOF|context deadline exceeded/i,
    'source-silent',
  ],
  [/x509:|certificate signed by unknown authority/i, 'somebody-in-between'],
  [/expected status 200.*got 404/i, 'system-gone'],
  [/com\.apple\.security\.virtualization/, 'machine-not-permitted'],
  [/Virtualization is not available on this hardware/i, 'virtualization-missing'],
  [/requires macOS 13 or higher/i, 'machine-system-too-old'],
  [/running under rosetta/i, 'machine-wrong-processor'],
];

/** Any failure of Lima's. */
export function limaProblem(stderr: string): ProblemError {
  const code = known.find(([words]) => words.test(stderr))?.[1];
  if (code !== undefined) return new ProblemError(code, {}, ['try-again', 'open-log']);
  return new ProblemError('engine-failed', { detail: errorLine(stderr) }, ['try-again', 'open-log']);
}
