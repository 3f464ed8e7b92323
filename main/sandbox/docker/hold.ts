/** Holds a running home still for a moment, so that its files can be copied as of one instant. */
import type { Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import { engineProblem, mustHaveExited } from '../container/call.ts';
import { dockerWords } from './call.ts';
import type { Engine } from './engine.ts';
import type { Hired, Keeper } from './keeper.ts';

/** Who waits for an answer of the home's gives up after about this long (s). */
const holdSeconds = 60;
/** `timeout` ends with this when time was up. Source: timeout(1). */
const timeIsUp = 124;

/** All in one shell of its own: a ClawCove that is killed meanwhile leaves no home behind that is held for ever. */
const script = `
host=$1 home=$2 limit=$3
shift 3
trap 'docker "$host" unpause "$home" >/dev/null' EXIT
trap 'exit 1' HUP INT TERM
docker "$host" pause "$home" >/dev/null || exit 125
timeout "$limit" "$@"
`;

/**
 * Has a keeper work while the home stands still.
 *
 * @param home the engine's id of it
 * @throws ProblemError `engine-too-slow` when a minute was not enough
 */
export async function holdWhile(
  { host }: Pick<Engine, 'host'>,
  run: Run,
  configFolder: string,
  home: string,
  keeper: Keeper,
  { name, args }: Hired,
): Promise<void> {
  const words = [`--host=${host}`, home, String(holdSeconds), ...dockerWords(host, args)];
  // What gives up on this call must not leave the home held: it can't be cancelled.
  const outcome = await run({
    file: '/bin/sh',
    args: ['-c', script, 'hold', ...words],
    environment: { DOCKER_CONFIG: configFolder },
    timeoutMs: (holdSeconds + 30) * 1000,
    signal: new AbortController().signal,
  });
  const { code, stderr } = mustHaveExited(outcome, 'copy');
  if (code === 0) return;
  await keeper.dismiss(name);
  if (code === timeIsUp) throw new ProblemError('engine-too-slow', { command: 'copy' }, ['try-again']);
  throw engineProblem(stderr);
}
