/**
 * Passing containers that look after what a home leaves behind when it rests: state, copies, secrets.
 *
 * They run programs of OpenClaw's image, never anything out of the state; they have no network and see
 * nothing but {@link baseVolume}. Root, because what they look after belongs to several users, with no
 * powers but those over files.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { type CallOptions, type Exited, engineFailed, engineProblem } from '../container/call.ts';
import { type Filter, oursLabel } from '../container/hardening.ts';
import { passingName } from '../container/names.ts';
import type { Docker, Streams } from './call.ts';
import { removeGivenUp } from './containers.ts';
import { baseVolume } from './names.ts';

/** Half a second usually, much more on a computer that is busy (ms). */
const timeoutMs = 300_000;
/** Where they see the volume. */
const place = '/clawcove';

export interface Work extends Partial<Pick<CallOptions, 'input' | 'timeoutMs' | 'maxBytes'>>, Streams {
  /** Constant; it runs in the volume's own folder. */
  readonly script: string;
  /** Its arguments. */
  readonly args?: readonly string[];
  /** `look`: it can't change anything. */
  readonly as: 'look' | 'change';
  readonly signal: AbortSignal;
}

/** A keeper, as the arguments of Docker that make it, its name among them. */
export interface Hired {
  readonly name: string;
  readonly args: readonly string[];
}

export interface Keeper {
  /** Does some work and answers with how its script ended. Throws what the engine's own failure is. */
  (work: Work): Promise<Exited>;
  /** The same, without starting it. */
  hire(work: Pick<Work, 'script' | 'args' | 'as'>): Hired;
  /** Takes one away whose call was given up. */
  dismiss(name: string): Promise<void>;
}

/** Where the shell lies in every image, and what it is told first. */
const begin = `cd ${place} || exit 125; `;

export function keeperArguments(
  name: string,
  image: string,
  seccomp: Filter,
  { script, args = [], as, hasInput }: Pick<Work, 'script' | 'args' | 'as'> & { readonly hasInput: boolean },
): string[] {
  return [
    'run',
    '--rm',
    `--name=${name}`,
    oursLabel,
    '--network=none',
    '--user=0:0',
    '--cap-drop=ALL',
    ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER'].map((power) => `--cap-add=${power}`),
    '--security-opt=no-new-privileges',
    ...(seccomp ? [`--security-opt=seccomp=${seccomp.file}`] : []),
    '--read-only',
    `--mount=type=volume,src=${baseVolume},dst=${place},volume-nocopy${as === 'look' ? ',readonly' : ''}`,
    '--log-driver=none',
    '--no-healthcheck',
    '--pull=never',
    ...(hasInput ? ['--interactive'] : []),
    '--entrypoint=/bin/sh',
    image,
    '-c',
    begin + script,
    'keeper',
    ...args,
  ];
}

/** @param image of OpenClaw's, of whichever version lies here */
export function createKeeper(docker: Docker, clock: Clock, image: string, seccomp: Filter): Keeper {
  const newName = () => passingName('once', process.pid, randomBytes(6).toString('hex'));
  const dismiss = (name: string) => removeGivenUp(docker, clock, name);
  const keeper = async ({ script, args, as, ...call }: Work): Promise<Exited> => {
    const name = newName();
    const hasInput = call.input !== undefined || call.from !== undefined;
    const words = keeperArguments(name, image, seccomp, { script, as, ...(args && { args }), hasInput });
    const exited = await docker(words, { timeoutMs, ...call }).catch(async (error) => {
      await dismiss(name);
      throw error;
    });
    if (exited.code >= engineFailed) throw keeperProblem(exited.stderr);
    return exited;
  };
  const hire: Keeper['hire'] = (work) => {
    const name = newName();
    return { name, args: keeperArguments(name, image, seccomp, { ...work, hasInput: false }) };
  };
  return Object.assign(keeper, { hire, dismiss });
}

function keeperProblem(stderr: string): ProblemError {
  if (/no such image|unable to find image/i.test(stderr))
    return new ProblemError('image-gone', { version: '?' }, ['try-again']);
  return engineProblem(stderr);
}

/** The work has to succeed. */
export async function mustBeDone(work: Promise<Exited>): Promise<Exited> {
  const done = await work;
  if (done.code !== 0) throw engineProblem(done.stderr);
  return done;
}
