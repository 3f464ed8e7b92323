import type { Finding } from '../contract.ts';
import type { Doors, HostComputer } from '../doors.ts';
import { isNear } from '../near.ts';
import { type GatewayAnswer, isReady, knock } from '../openclaw/gateway.ts';
import { changeLock } from '../openclaw/make.ts';
import { mendMachine } from '../openclaw/mend-machine.ts';
import { tokenForWork } from '../openclaw/token.ts';
import { wakeGateway } from '../openclaw/wake.ts';
import type { Inspection } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { broken, ok, type Safeguard, saw, unknown } from './safeguard.ts';

/** A gateway may need this long to get ready (ms); until then its silence is no fault. */
const graceToStart = 90_000;
/** OpenClaw's exit code for "my configuration won't do". */
const badConfigExit = 78;

/** What was gathered about the gateway. */
export interface GatewayFacts {
  readonly there: Inspection;
  readonly isReady: boolean;
  readonly answer: GatewayAnswer;
  readonly isStoppedOnPurpose: boolean;
  /** Program that has the gateway's port although the home doesn't run. */
  readonly squatter: string | null;
}

/** Whether the gateway lives; pure. */
export function judgeGateway(facts: GatewayFacts, port: number, at: number): Finding {
  const { there, answer } = facts;
  const isRunning = there.is === 'present' && there.state === 'running';
  const evidence = [
    saw(at, isRunning ? 'home-runs' : 'home-rests'),
    saw(at, `gateway-${answer.is}` as const, { port }),
  ];
  if (!isRunning) {
    if (facts.isStoppedOnPurpose) return unknown('stopped-on-purpose', evidence);
    if (facts.squatter !== null)
      return broken('attention', 'port-taken', evidence, { port, program: facts.squatter });
    if (there.is === 'present' && there.exitCode === badConfigExit)
      return broken('attention', 'config-broken', evidence);
    return broken('attention', 'gateway-stopped', evidence);
  }
  if (facts.isStoppedOnPurpose) return broken('attention', 'runs-though-stopped', evidence);
  if (facts.isReady && answer.is === 'let-in') return ok([...evidence, saw(at, 'gateway-ready', { port })]);
  if (facts.isReady && answer.is === 'turned-away')
    return broken('attention', 'gateway-other-token', evidence);
  const isStarting = there.startedAt !== null && isNear(there.startedAt, at, graceToStart);
  return isStarting ? unknown('gateway-starting', evidence) : broken('attention', 'gateway-silent', evidence);
}

/** A machine that hangs keeps its port. */
const mayHavePort = (there: Inspection) => there.is === 'present' && there.fault !== undefined;

async function squatterOf(computer: HostComputer, port: number, signal: AbortSignal): Promise<string | null> {
  if (await computer.isPortFree(port)) return null;
  return (await computer.portHolder(port, signal))?.program ?? '?';
}

/** Somebody has started it, or the stop was broken off: what the person said counts. */
async function runsThoughStopped({ sandbox, store }: Doors, job: Job): Promise<boolean> {
  const there = await sandbox.inspect(job.signal);
  return store.choices().stopped && there.is === 'present' && there.state === 'running';
}

async function stopAgain({ sandbox }: Doors, job: Job): Promise<void> {
  job.step('stopping-home');
  await sandbox.stop(job.signal);
  await sandbox.setAutostart(false, job.signal);
}

/** OpenClaw answers, through the published port, with our token, unless the person has stopped it. */
export const gatewayRunning: Safeguard = {
  id: 'gateway-running',
  guide: [],
  needs: ['sandbox-exists'],
  patience: 60_000,
  async check({ sandbox, net, vault, store, computer, clock }, signal) {
    const { port, stopped } = store.choices();
    const there = await sandbox.inspect(signal);
    const isRunning = there.is === 'present' && there.state === 'running';
    const token = await vault.read('gateway-token');
    const [ready, answer, squatter] = await Promise.all([
      isReady(net, port, signal),
      knock(net, port, token, signal),
      isRunning || mayHavePort(there) ? null : squatterOf(computer, port, signal),
    ]);
    return judgeGateway(
      { there, isReady: ready, answer, isStoppedOnPurpose: stopped, squatter },
      port,
      clock.now(),
    );
  },
  async fix(doors, job) {
    if (await runsThoughStopped(doors, job)) return stopAgain(doors, job);
    await doors.store.saveChoices({ stopped: false });
    // A damage that nothing shows at rest is found at the start.
    await mendMachine(doors, job);
    await wakeGateway(doors, job);
    const { port } = doors.store.choices();
    const answer = await knock(doors.net, port, await tokenForWork(doors), job.signal);
    if (answer.is !== 'turned-away') return;
    // It lives but knows another key, e.g. after a change of the lock that was broken off.
    await changeLock(doors, job);
    await wakeGateway(doors, job);
  },
};
