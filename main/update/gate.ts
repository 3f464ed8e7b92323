/** Whether a new OpenClaw that has taken the old one's place is really well; bounded in time. */
import type { SafeguardId } from '../contract.ts';
import type { Doors } from '../doors.ts';
import { knock } from '../openclaw/gateway.ts';
import { untilReady } from '../openclaw/wake.ts';
import { ProblemError } from '../problem.ts';
import { agentAccount } from '../safeguards/agent-account.ts';
import { gatewayLocalOnly } from '../safeguards/gateway-local-only.ts';
import { gatewayLocked } from '../safeguards/gateway-locked.ts';
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

/** What must not be worse than before. */
const guards: readonly Safeguard[] = [
  sandboxExists,
  sandboxHardened,
  agentAccount,
  gatewayLocalOnly,
  gatewayLocked,
];

const ask =
  ({ sandbox }: Doors, job: Job): Ask =>
  async (argv) => {
    try {
      return await sandbox.exec('agent', argv, { timeoutMs: commandTimeout, signal: job.signal });
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'home-not-running')
        throw new Unfit('crashed');
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
  return { critical: await knownCritical(ask(doors, job)), broken: await brokenGuards(doors, job) };
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
  await examine(ask(doors, job), load === null ? before.critical : null);
  const broken = await brokenGuards(doors, job);
  if (broken.some((id) => !before.broken.includes(id))) throw new Unfit('safeguard-broken');
  await settle(doors, job);
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

async function answersAs({ net, store, vault }: Doors, job: Job, version: string): Promise<void> {
  const answer = await knock(net, store.choices().port, await vault.read('gateway-token'), job.signal);
  if (answer.is !== 'let-in') throw new Unfit('no-answer');
  if (answer.version !== version) throw new Unfit('other-version');
}

async function settle({ clock, sandbox }: Doors, job: Job): Promise<void> {
  const until = clock.now() + settleTime;
  while (clock.now() < until) {
    const there = await sandbox.inspect(job.signal);
    if (there.is !== 'present' || there.state === 'stopped' || there.restarts > 0) throw new Unfit('crashed');
    await clock.sleep(settlePoll, job.signal);
  }
}
