/** Calls Docker. */
import type { Run } from '../../doors.ts';
import { type CallOptions, type Exited, mustHaveExited } from '../container/call.ts';

/** Where a call's standard input comes from, or its standard output goes to: files on this computer, of any size. */
export interface Streams {
  readonly from?: string;
  /** One that is there already; its mode is left alone. */
  readonly to?: string;
}

export type Docker = (args: readonly string[], options: CallOptions & Streams) => Promise<Exited>;

/** Constant: file and command come as arguments. */
const fromFile = ['-c', 'file=$1; shift; exec "$@" < "$file"', 'clawcove'] as const;
const toFile = ['-c', 'file=$1; shift; exec "$@" > "$file"', 'clawcove'] as const;

/**
 * Docker's own program, which asks one engine and no other.
 *
 * @param host the engine's address: `unix:///…`
 * @param configFolder of our own: what the person's configuration has it do to every container (proxies,
 *   passwords of registries) has no place in a home
 * @throws ProblemError when Docker isn't there, hangs, or dies (of the returned function)
 */
export function createDocker(run: Run, host: string, configFolder: string): Docker {
  return async (args, { from, to, ...options }) => {
    const environment = { ...options.environment, DOCKER_CONFIG: configFolder };
    const words = dockerWords(host, args);
    const [file = '', ...rest] =
      from !== undefined
        ? ['/bin/sh', ...fromFile, from, ...words]
        : to !== undefined
          ? ['/bin/sh', ...toFile, to, ...words]
          : words;
    return mustHaveExited(await run({ file, args: rest, ...options, environment }), args[0] ?? '');
  };
}

/** The whole command line. */
export function dockerWords(host: string, args: readonly string[]): string[] {
  return ['docker', `--host=${host}`, ...args];
}
