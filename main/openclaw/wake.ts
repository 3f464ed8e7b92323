/** Brings the gateway to life, whatever keeps it from living. */
import type { Doors } from '../doors.ts';
import { ProblemError } from '../problem.ts';
import type { Job } from '../work/job.ts';
import type { Diagnosis } from './diagnosis.ts';
import { isReady } from './gateway.ts';
import { lastWords } from './last-words.ts';
import { makeHome } from './make.ts';

/**
 * A start takes 14–20 s on a quick computer and up to 45 s with a wrong clock (measured
 * on 2026.9.6); a first start after a migration 31 s. This is for slow ones (ms).
 */
const startTimeout = 240_000;
/** How often readiness is asked for while starting (ms). */
const pollEvery = 500;
/** Every so many times the engine is asked as well: that takes processor from who is starting. */
const enginePolls = 4;
/** Each try mends one thing; more than this many things at once are not ours to mend. */
const tries = 4;
/** How many ports after a taken one are tried. */
const portRange = 200;

type Started =
  | { readonly is: 'ready' }
  | { readonly is: 'ended'; readonly diagnosis: Diagnosis }
  | { readonly is: 'too-slow' };

/** Starts the home and waits until its gateway is ready, mending what is in the way. */
export async function wakeGateway(doors: Doors, job: Job): Promise<void> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const there = await doors.sandbox.inspect(job.signal);
    const isThere = there.is === 'present';
    // A move to another port that was broken off: the home is still on the old one.
    const ports = isThere ? there.ports.map(({ port }) => port) : [];
    const isMoved = ports.length > 0 && !ports.includes(doors.store.choices().port);
    if (!isThere || isMoved) await makeHome(doors, job, isMoved ? 'mend' : 'if-bare');
    if (!isThere || isMoved || there.state === 'stopped') await startOnFreePort(doors, job);
    const started = await untilReady(doors, job);
    if (started.is === 'ready') return;
    await mend(doors, job, started);
  }
  throw new ProblemError('gateway-will-not-start', {}, ['try-again', 'open-log']);
}

/** The same after a repair: a home that the person stopped on purpose stays stopped. */
export async function wakeIfWanted(doors: Doors, job: Job): Promise<void> {
  if (!doors.store.choices().stopped) await wakeGateway(doors, job);
}

/** Makes a home anew that has gone with what held it, around the same state, and wakes it where it is wanted. */
export async function bringBack(doors: Doors, job: Job): Promise<void> {
  if (doors.store.receipts().sandbox === null) return;
  if ((await doors.sandbox.inspect(job.signal)).is === 'missing') await makeHome(doors, job);
  await wakeIfWanted(doors, job);
}

async function startOnFreePort(doors: Doors, job: Job): Promise<void> {
  if (!(await doors.computer.isPortFree(doors.store.choices().port))) await moveToFreePort(doors, job);
  job.step('starting-home');
  await doors.sandbox.start(job.signal);
}

/** Another program has our port: it stays with it, and the home moves, inside and out. */
async function moveToFreePort(doors: Doors, job: Job): Promise<void> {
  job.step('changing-port');
  const taken = doors.store.choices().port;
  for (let port = taken + 1; port <= Math.min(taken + portRange, 65_535); port++) {
    if (!(await doors.computer.isPortFree(port))) continue;
    await doors.store.saveChoices({ port });
    await makeHome(doors, job, 'mend');
    return;
  }
  throw new ProblemError('no-free-port', { port: taken });
}

/** Waits until a home that was started is ready, has ended, or took too long. */
export async function untilReady(doors: Doors, job: Job): Promise<Started> {
  const { clock, sandbox, net, store } = doors;
  job.step('waiting-until-ready');
  const { port } = store.choices();
  const until = clock.monotonic() + startTimeout;
  for (let poll = 0; clock.monotonic() < until; poll++) {
    if (await isReady(net, port, job.signal)) return { is: 'ready' };
    const there = poll % enginePolls === 0 ? await sandbox.inspect(job.signal) : null;
    if (there && (there.is !== 'present' || there.state === 'stopped')) {
      return { is: 'ended', diagnosis: await lastWords(doors, job.signal) };
    }
    await clock.sleep(pollEvery, job.signal);
  }
  return { is: 'too-slow' };
}

async function mend(doors: Doors, job: Job, started: Exclude<Started, { is: 'ready' }>): Promise<void> {
  const diagnosis = started.is === 'ended' ? started.diagnosis : 'unknown';
  job.log(`gateway did not start: ${started.is}, ${diagnosis}`);
  switch (diagnosis) {
    case 'config-missing':
    case 'config-invalid':
    case 'no-token':
      return makeHome(doors, job, 'mend');
    case 'lease-held':
    case 'lease-lost':
      // A lease of a gateway that was killed runs out by itself within a minute.
      job.step('waiting-for-lease');
      return doors.clock.sleep(20_000, job.signal);
    case 'disk-full':
      throw new ProblemError('disk-full');
    case 'newer-state':
      throw new ProblemError('state-is-newer', {}, ['open-log']);
    case 'not-its-files':
    case 'unknown':
      // Made again around the same state: whoever owned its files, they are the agent's afterwards.
      await doors.sandbox.stop(job.signal);
      return makeHome(doors, job);
  }
}
