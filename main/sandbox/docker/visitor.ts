/**
 * Passing containers that look at another one's processes from beside it. They come from OpenClaw's image, not
 * out of the home, which can't change or deceive them: they are root among the home's processes, which are not.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import type { Exited } from '../container/call.ts';
import { type Filter, oursLabel } from '../container/hardening.ts';
import { passingName } from '../container/names.ts';
import type { Docker } from './call.ts';
import { removeGivenUp } from './containers.ts';

const timeoutMs = 120_000;

/** From what visitors are made. */
export interface Visit {
  readonly clock: Clock;
  readonly image: string;
  readonly seccomp: Filter;
}

type Power = 'KILL' | 'SYS_PTRACE' | 'DAC_READ_SEARCH';

export function visitorArguments(
  name: string,
  { image, seccomp }: Pick<Visit, 'image' | 'seccomp'>,
  container: string,
  powers: readonly Power[],
  [program = '', ...args]: readonly string[],
): string[] {
  return [
    'run',
    '--rm',
    `--name=${name}`,
    oursLabel,
    `--pid=container:${container}`,
    '--network=none',
    '--user=0:0',
    '--cap-drop=ALL',
    ...powers.map((power) => `--cap-add=${power}`),
    '--security-opt=no-new-privileges',
    ...(seccomp ? [`--security-opt=seccomp=${seccomp.file}`] : []),
    '--read-only',
    '--log-driver=none',
    '--no-healthcheck',
    '--pull=never',
    `--entrypoint=${program}`,
    image,
    ...args,
  ];
}

/** Sends a visitor who runs a command there. */
export async function visit(
  docker: Docker,
  from: Visit,
  container: string,
  powers: readonly Power[],
  argv: readonly string[],
  signal: AbortSignal,
): Promise<Exited> {
  const name = passingName('once', process.pid, randomBytes(6).toString('hex'));
  try {
    return await docker(visitorArguments(name, from, container, powers, argv), { timeoutMs, signal });
  } catch (error) {
    await removeGivenUp(docker, from.clock, name);
    throw error;
  }
}
