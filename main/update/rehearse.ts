/** Tries an OpenClaw out on a copy of the state, while the one that serves goes on serving. */
import type { Doors } from '../doors.ts';
import { diagnose } from '../openclaw/diagnosis.ts';
import { gatherSpec } from '../openclaw/home.ts';
import { ProblemError } from '../problem.ts';
import type { HomeSpec, MadeBy } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { type Ask, examine, Unfit } from './fitness.ts';

/** With a migration 31 s were measured; this is for slow computers that do two things at once (ms). */
const readyTimeout = 300_000;
const pollEvery = 2_000;
/** Each of OpenClaw's commands starts a Node of its own (ms). */
const commandTimeout = 120_000;

/**
 * Starts an OpenClaw on the copy `rehearsal`, which must be there, waits until it is ready and
 * examines it; nothing of it is left afterwards. Without a network no channel connects twice.
 *
 * @param known critical findings of the audit that are no news; null: it isn't audited
 * @throws Unfit when it does not work there
 */
export async function rehearse(
  doors: Doors,
  job: Job,
  made: MadeBy,
  known: readonly string[] | null,
): Promise<void> {
  const { sandbox } = doors;
  try {
    const spec = await gatherSpec(doors, { reference: made.image, version: made.version }, job.signal);
    await sandbox.startRehearsal(spec, job);
    await untilReady(doors, job, spec);
    await examine(ask(doors, job), known);
  } catch (error) {
    const said = await sandbox.endRehearsal(new AbortController().signal);
    for (const line of said.split('\n').slice(-12)) job.log(line);
    throw error instanceof Unfit ? (notItsFault(said, made) ?? error) : error;
  }
  await sandbox.endRehearsal(job.signal);
}

/** What an OpenClaw stumbled over that has nothing to do with its version; null: nothing like that. */
function notItsFault(said: string, { version }: MadeBy): ProblemError | null {
  const diagnosis = diagnose(said);
  if (diagnosis === 'disk-full') return new ProblemError('disk-full');
  return diagnosis === 'lease-lost' ? new ProblemError('computer-too-busy', { version }) : null;
}

/** Runs commands in the rehearsal; one that has ended is its version's fault. */
export const ask =
  ({ sandbox }: Doors, job: Job): Ask =>
  async (argv) => {
    try {
      return await sandbox.inRehearsal(argv, { timeoutMs: commandTimeout, signal: job.signal });
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'home-not-running')
        throw new Unfit('did-not-start');
      throw error;
    }
  };

/**
 * Says with its exit code whether the gateway has started. `startupz` is made for updates and says
 * so although no channel connects here; older versions have only `readyz`.
 */
const isReadyScript = `Promise.any(['startupz', 'readyz'].map((path) =>
  fetch('http://127.0.0.1:' + process.argv[1] + '/' + path).then((answer) => answer.ok || Promise.reject())
)).then(() => process.exit(0), () => process.exit(1))`;

async function untilReady(doors: Doors, job: Job, { port }: HomeSpec): Promise<void> {
  const until = doors.clock.monotonic() + readyTimeout;
  const command = ['node', '-e', isReadyScript, String(port)];
  while (doors.clock.monotonic() < until) {
    if ((await ask(doors, job)(command)).exitCode === 0) return;
    await doors.clock.sleep(pollEvery, job.signal);
  }
  throw new Unfit('not-ready');
}
