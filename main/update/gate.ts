/** Whether a new OpenClaw that has taken the old one's place is really well; bounded in time. */

import type { SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { knock } from '../openclaw/gateway.ts';
import { lastWords } from '../openclaw/last-words.ts';
import { untilReady } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { agentAccount } from '../safeguards/agent-account.ts';
import { gatewayLocalOnly } from '../safeguards/gateway-local-only.ts';
import { gatewayLocked } from '../safeguards/gateway-locked.ts';
import { networkFenced } from '../safeguards/network-fenced.ts';
import type { Safeguard } from '../safeguards/safeguard.ts';
import { sandboxExists } from '../safeguards/sandbox-exists.ts';
import { sandboxHardened } from '../safeguards/sandbox-hardened.ts';
import type { MadeBy } from '../sandbox/sandbox.ts';
import { checkOne } from '../work/inspect.ts';
import type { Job } from '../work/job.ts';
import { type Ask, examine, knownCritical, Unfit } from './fitness.ts';
import type { Baseline, Move } from './journal.ts';

const commandTimeout = 120_000;
/** A lease of a gateway that was killed runs out by itself within a minute (ms, times). */
const leaseWait = 20_000;
const leaseTries = 4;
/** What crashes right after it got ready is caught here; what does later, by the watch (ms). */
const settleTime = 20_000;
const settlePoll = 2_000;
/** A gateway that is busy with something may be slow to answer now and then (times, ms). */
const knocks = 3;
const knockPause = 5_000;

/** What must not be worse than before. */
const guards: readonly Safeguard[] = [
  sandboxExists,
  sandboxHardened,
  agentAccount,
  networkFenced,
  gatewayLocalOnly,
  gatewayLocked,
];

/** What has ended after it had started: its own fault, or that of a computer without time for it. */
async function endOf(doors: Doors, job: Job, version: string): Promise<Error> {
  return (await lastWords(doors, job.signal)) === 'lease-lost'
    ? new ProblemError('computer-too-busy', { version })
    : new Unfit('crashed');
}

const ask =
  (doors: Doors, job: Job, version: string): Ask =>
  async (argv) => {
    try {
      return await doors.sandbox.exec('agent', argv, { timeoutMs: commandTimeout, signal: job.signal });
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'home-not-running')
        throw await endOf(doors, job, version);
      throw error;
    }
  };

async function brokenGuards(doors: Doors, job: Job): Promise<SafeguardId[]> {
  const broken: SafeguardId[] = [];
  for (const guard of guards) {
    const finding = await checkOne(guard, doors, job.signal);
    if (finding.is === 'broken') broken.push(guard.id);
  }
  return broken;
}

/** What is wrong already while the old version serves; where it doesn't, nothing is known. */
export async function baseline(doors: Doors, job: Job): Promise<Baseline> {
  const there = await doors.sandbox.inspect(job.signal);
  if (there.is !== 'present' || there.state === 'stopped') return { critical: [], broken: [] };
  return {
    critical: await knownCritical(ask(doors, job, there.version)),
    broken: await brokenGuards(doors, job),
  };
}

/**
 * Starts the home and lets it prove itself: ready through the published port; a request with our
 * token answered by the wanted version; its own health and audit; our safeguards; and still up
 * after a while.
 *
 * @throws Unfit when the version doesn't work here; ProblemError when something else is in the way
 */
export async function passGate(doors: Doors, job: Job, { to, load, before }: Move): Promise<void> {
  await start(doors, job, to);
  job.step('examining');
  await answersAs(doors, job, to.version);
  // What a backup brings along was the person's own, too.
  await examine(ask(doors, job, to.version), load === null ? before.critical : null);
  const broken = await brokenGuards(doors, job);
  if (broken.some((id) => !before.broken.includes(id))) throw new Unfit('safeguard-broken');
  await settle(doors, job, to.version);
  await answersAs(doors, job, to.version);
}

async function start(doors: Doors, job: Job, { version }: MadeBy): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    job.step('starting-home');
    await doors.sandbox.start(job.signal);
    const started = await untilReady(doors, job);
    if (started.is === 'ready') return;
    if (started.is === 'too-slow') throw new Unfit('not-ready');
    if (started.diagnosis === 'disk-full') throw new ProblemError('disk-full');
    const isLost = started.diagnosis === 'lease-lost';
    if (isLost && attempt === leaseTries) throw new ProblemError('computer-too-busy', { version });
    if (!isLost && (started.diagnosis !== 'lease-held' || attempt === leaseTries))
      throw new Unfit('did-not-start');
    job.step('waiting-for-lease');
    await doors.clock.sleep(leaseWait, job.signal);
  }
}

/** @throws what it ended with, where it has; and an engine that has fallen says so itself */
async function mustBeUp(doors: Doors, job: Job, version: string): Promise<void> {
  const there = await doors.sandbox.inspect(job.signal);
  if (there.is !== 'present' || there.state === 'stopped' || there.restarts > 0)
    throw await endOf(doors, job, version);
}

async function answersAs(doors: Doors, job: Job, version: string): Promise<void> {
  const { net, store, vault, clock } = doors;
  // A token that can't be read just now is not the version's fault.
  const token = await vault.read('gateway-token');
  for (let attempt = 1; ; attempt++) {
    const answer = await knock(net, store.choices().port, token, job.signal);
    if (answer.is === 'let-in' && answer.version === version) return;
    if (answer.is === 'let-in') throw new Unfit('other-version');
    if (attempt === knocks) {
      await mustBeUp(doors, job, version);
      throw new Unfit('no-answer');
    }
    await clock.sleep(knockPause, job.signal);
  }
}

async function settle(doors: Doors, job: Job, version: string): Promise<void> {
  const { clock } = doors;
  const until = clock.monotonic() + settleTime;
  while (clock.monotonic() < until) {
    await mustBeUp(doors, job, version);
    await clock.sleep(settlePoll, job.signal);
  }
}
