/**
 * Makes another computer ours to keep a home on, with its person's word at every step: that its key is its own, that
 * we may come in, and that it is there for nothing else. What was said once isn't asked again.
 */
import type { OtherComputer } from '../contract.ts';
import type { Doors, OtherComputerAccess } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';

/** @throws ProblemError where the person declines, or the computer can't be reached */
export async function prepareComputer(doors: Doors, job: Job): Promise<void> {
  const computer = doors.store.choices().otherComputer;
  if (computer === null) throw new ProblemError('computer-not-named', {}, []);
  const access = doors.otherComputer;
  if (access === null) throw new ProblemError('home-not-here', {}, []);
  job.step('greeting-computer');
  const state = await doors.sandbox.probe(job.signal);
  if (state.is !== 'not-prepared') return;
  if (state.lacks === 'key') await confirmKey(access, job, computer);
  await comeIn(access, job, computer);
  await askWhatFor(access, job, computer);
}

async function confirmKey(access: OtherComputerAccess, job: Job, computer: OtherComputer): Promise<void> {
  const key = await access.shownKey(computer, job.signal);
  const { fingerprint } = key;
  const answer = await job.ask({ is: 'computer-key', host: computer.host, fingerprint });
  if (answer.is !== 'yes') throw new ProblemError('computer-key-declined', {}, ['try-again']);
  await access.trust(computer, key, job.signal);
}

/** By our own key; until that is there, by a password that is used once, or by somebody's hand. */
async function comeIn(access: OtherComputerAccess, job: Job, computer: OtherComputer): Promise<void> {
  const { host, account } = computer;
  let again: 'wrong-password' | 'not-administrator' | 'no-passwords' | 'not-let-in' | null = null;
  for (;;) {
    job.step('greeting-computer');
    const noAnswer = await access.knock(job.signal);
    if (noAnswer === null) return;
    if (noAnswer === 'silent') throw new ProblemError('computer-unreachable', { host }, ['try-again']);
    if (noAnswer === 'host-key-changed')
      throw new ProblemError('computer-other-key', { host }, ['check-now']);
    const commands = await access.commands();
    const answer = await job.ask({ is: 'computer-let-in', host, account, commands, again });
    if (answer.is !== 'password' && answer.is !== 'yes')
      throw new ProblemError('computer-shut', { host }, ['try-again']);
    again = 'not-let-in';
    if (answer.is !== 'password') continue;
    job.step('entering-computer');
    const letIn = await access.letIn(computer, answer.password, job.signal);
    switch (letIn.is) {
      case 'done':
        continue;
      case 'unreachable':
        throw new ProblemError('computer-unreachable', { host }, ['try-again']);
      case 'host-key-changed':
        throw new ProblemError('computer-other-key', { host }, ['check-now']);
      case 'failed':
        throw new ProblemError('engine-failed', { detail: letIn.detail }, ['try-again', 'open-log']);
      default:
        again = letIn.is;
    }
  }
}

async function askWhatFor(access: OtherComputerAccess, job: Job, { host }: OtherComputer): Promise<void> {
  const signs = await access.signs(job.signal);
  if (signs.length > 0)
    job.log(`signs that somebody lives with ${host}: ${signs.map(({ sign }) => sign).join(', ')}`);
  // Asked in any case: what isn't seen may be there all the same.
  const answer = await job.ask({ is: 'computer-lived-in', host, signs: [...signs] });
  if (answer.is !== 'yes') throw new ProblemError('computer-lived-in', { host }, ['try-again']);
  await access.dedicate();
}
