import type { AdminTaskId, StepCode } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from './job.ts';

/**
 * Has an administrator do one task of the compiled list: says first what would run
 * and why, then shows the system's own prompt.
 *
 * @throws ProblemError when this system isn't known, the person declines, closes the
 *   prompt, isn't allowed to, or the task fails: each has its own code
 */
export async function askAdministrator(
  task: AdminTaskId,
  step: StepCode,
  doors: Doors,
  job: Job,
): Promise<void> {
  const commands = await doors.admin.commands(task);
  if (commands.length === 0) throw new ProblemError('unknown-package-manager', {}, ['check-now']);
  const facts = { commands: commands.join('\n') };
  const answer = await job.ask({ is: 'admin', task, commands });
  if (answer.is !== 'yes') throw new ProblemError('admin-declined', facts, ['try-again', 'copy-commands']);
  job.step(step);
  const consent = await doors.admin.run(task, { signal: job.signal, log: job.log });
  const detail = 'detail' in consent ? consent.detail.slice(0, 300) : '';
  switch (consent.is) {
    case 'done':
      return;
    case 'dismissed':
      throw new ProblemError('admin-dismissed', facts, ['try-again', 'copy-commands']);
    case 'refused':
      throw new ProblemError('admin-refused', { ...facts, detail }, ['try-again', 'copy-commands']);
    case 'failed':
      throw new ProblemError('admin-failed', { ...facts, detail }, [
        'try-again',
        'open-log',
        'copy-commands',
      ]);
  }
}
