/** Holds a running home still for a moment, so that its files can be copied as of one instant. */
import { ProblemError } from '../../problem.ts';
import { type Cli, engineProblem } from '../container/call.ts';

/** Who waits for an answer of the home's gives up after about this long (s). */
const holdSeconds = 60;
/** `timeout` ends with this when time was up. Source: timeout(1). */
const timeIsUp = 124;

/**
 * The home's processes, by their process namespace, are stopped until no new one appears; then
 * the command runs; and whatever happens they go on. All in one shell of its own: a ClawCove that
 * is killed meanwhile leaves no home behind that is held for ever. Podman's own `pause` wants a
 * cgroup freezer, which older systems don't give to ordinary people.
 */
const script = `
space=$(readlink "/proc/$1/ns/pid") || exit 1
limit=$2
shift 2
all() { find /proc/[0-9]*/ns/pid -maxdepth 0 -lname "pid:?\${space#pid:?}" 2>/dev/null | cut -d/ -f3; }
go() { found=$(all); [ -n "$found" ] && kill -CONT $found 2>/dev/null; }
trap go EXIT
trap 'exit 1' HUP INT TERM
before=
found=$(all)
while [ "$found" != "$before" ]; do
  kill -STOP $found 2>/dev/null
  before=$found
  found=$(all)
done
[ "$limit" = 0 ] || timeout "$limit" "$@"
`;

/**
 * Runs a command while the home stands still.
 *
 * @param pid the home's init, on this computer
 * @throws ProblemError `engine-too-slow` when a minute was not enough
 */
export async function holdWhile(podman: Cli, pid: number, command: readonly string[]): Promise<void> {
  const idle = new AbortController().signal;
  const words = ['unshare', 'sh', '-c', script, 'hold', String(pid), String(holdSeconds), ...command];
  // What gives up on this call must not leave the home held: it can't be cancelled.
  const { code, stderr } = await podman(words, { timeoutMs: (holdSeconds + 30) * 1000, signal: idle });
  if (code === 0) return;
  await release(podman, pid);
  if (code === timeIsUp) throw new ProblemError('engine-too-slow', { command: 'copy' }, ['try-again']);
  throw engineProblem(stderr);
}

/** Lets a home go on that somebody was killed over while holding it. */
export async function release(podman: Cli, pid: number): Promise<void> {
  const idle = new AbortController().signal;
  await podman(['unshare', 'sh', '-c', script, 'hold', String(pid), '0'], {
    timeoutMs: 30_000,
    signal: idle,
  });
}
