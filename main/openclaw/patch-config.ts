/** Changes OpenClaw's settings while it runs. */
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import { wakeGateway } from './wake.ts';

/** One of OpenClaw's own commands starts a Node of its own (ms). */
const timeoutMs = 180_000;

/**
 * Merges settings into OpenClaw's, in one write. They go in through stdin: what comes from the home
 * stands in no argument list.
 *
 * @param reloads whether OpenClaw follows its settings by itself; else it is started anew
 * @throws ProblemError `config-refused`
 */
export async function patchConfig(doors: Doors, job: Job, patch: object, reloads: boolean): Promise<void> {
  const { exitCode } = await doors.sandbox.exec('agent', ['openclaw', 'config', 'patch', '--stdin'], {
    input: JSON.stringify(patch),
    timeoutMs,
    signal: job.signal,
  });
  if (exitCode !== 0) throw new ProblemError('config-refused', { exitCode }, ['try-again', 'open-log']);
  if (reloads) return;
  await doors.sandbox.stop(job.signal);
  await wakeGateway(doors, job);
}
