/** "Prove it": a harmless escape attempt from inside, as whoever OpenClaw runs as, one try after the other. */
import { randomBytes } from 'node:crypto';
import type { Attempted, Proof, ProofUnderWay } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import type { MarkedProcess } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { type Attempt, attempts } from './attempts.ts';
import { judge } from './judge.ts';
import { type OpenScene, type ProofDoors, setScene } from './scene.ts';

/** Attempts end by themselves within seconds; a busy computer takes its time to begin them (ms). */
const timeoutMs = 30_000;
/** Nothing that an attempt says is longer. */
const maxBytes = 16 * 1024;
/** How often is looked from outside what runs (ms): who got through waits for longer than that. */
const lookEvery = 100;
/** What was said to a listener is heard after this at the latest (ms). */
const hearWithin = 200;

/** Nobody can guess it. */
const secret = () => randomBytes(16).toString('hex');

/** What the inside printed; null: nothing could be run there. */
async function listenInside(
  { sandbox, log }: ProofDoors,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { untrustedOut } = await sandbox.exec('as-made', argv, { timeoutMs, maxBytes, signal });
    return untrustedOut;
  } catch (error) {
    signal.throwIfAborted();
    log.error('an attempt could not be made', error);
    // One that was begun and never ended has said nothing.
    return error instanceof ProblemError && error.problem.code === 'engine-too-slow' ? '' : null;
  }
}

/** All that is seen from outside until an attempt is over; null when nothing could be. */
async function lookMeanwhile(
  { sandbox, clock, log }: ProofDoors,
  mark: string,
  over: Promise<unknown>,
  signal: AbortSignal,
): Promise<MarkedProcess[] | null> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  over.then(end, end);
  const seen: MarkedProcess[] = [];
  let hasLooked = false;
  while (!isOver) {
    try {
      seen.push(...(await sandbox.findMarked(mark, signal)));
      hasLooked = true;
    } catch (error) {
      signal.throwIfAborted();
      log.error('could not look from outside', error);
    }
    await clock.sleep(lookEvery, signal);
  }
  return hasLooked ? seen : null;
}

async function make(
  attempt: Attempt,
  doors: ProofDoors,
  scene: OpenScene,
  bait: string,
  signal: AbortSignal,
): Promise<Attempted> {
  const order = attempt.order(scene);
  if (order.is === 'untried') return { is: 'could-not-try', why: order.why };
  const mark = secret();
  const running = listenInside(doors, [...order.program, mark, ...order.words], signal);
  const looking =
    attempt.watch === 'processes' ? lookMeanwhile(doors, mark, running, signal) : Promise.resolve(null);
  // Whatever is cancelled is waited for: nothing of it is left inside.
  const [said, seen] = await Promise.allSettled([running, looking]);
  if (said.status === 'rejected') throw said.reason;
  if (seen.status === 'rejected') throw seen.reason;
  if (attempt.watch === 'listeners') await doors.clock.sleep(hearWithin, signal);
  return judge(mark, bait, attempt.watch, {
    untrustedOut: said.value,
    processes: seen.value,
    untrustedHeard: attempt.watch === 'listeners' ? scene.untrustedHeard() : null,
  });
}

/**
 * Makes every attempt and keeps what became of them, once all are made.
 *
 * @param show told of the whole as it comes about
 * @throws ProblemError `home-not-running`: who isn't there can't try
 */
export async function prove(
  doors: ProofDoors,
  job: Job,
  show: (proof: ProofUnderWay) => void,
): Promise<void> {
  const { sandbox, clock, store } = doors;
  const { signal } = job;
  job.step('proving');
  const there = await sandbox.inspect(signal);
  if (there.is !== 'present' || there.state !== 'running')
    throw new ProblemError('home-not-running', {}, ['try-again']);
  const { version } = there;
  const results: Proof['attempts'] = [];
  const showAll = () =>
    show({
      at: clock.now(),
      version,
      attempts: attempts.map(({ id, guide }, index) => ({
        id,
        guide,
        result: results[index]?.result ?? { is: index === results.length ? 'running' : 'waiting' },
      })),
    });
  showAll();
  const bait = secret();
  const scene = await setScene(doors, bait, signal);
  try {
    for (const attempt of attempts) {
      const result = await make(attempt, doors, scene, bait, signal);
      job.log(`${attempt.id}: ${JSON.stringify(result)}`);
      results.push({ id: attempt.id, guide: attempt.guide, result });
      showAll();
    }
  } finally {
    await scene.close();
  }
  await store.saveReceipts({ proof: { at: clock.now(), version, attempts: results } });
}
