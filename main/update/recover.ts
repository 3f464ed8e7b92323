/** Finishes or undoes what a ClawCove that was killed left of a move. */

import type { Doors } from '../doors.ts';
import type { Diagnosis } from '../openclaw/diagnosis.ts';
import { knock } from '../openclaw/gateway.ts';
import { lastWords } from '../openclaw/last-words.ts';
import { tokenForWork } from '../openclaw/token.ts';
import { ProblemError } from '../problem.ts';
import type { Inspection, MadeBy } from '../sandbox/sandbox.ts';
import type { Job } from '../work/job.ts';
import { Unfit } from './fitness.ts';
import { passGate } from './gate.ts';
import type { Move, Open } from './journal.ts';
import { keep, putBack, tryOut, undoSwap } from './transaction.ts';
import { judgeWatch } from './watch.ts';

/** What there is to go by besides the journal. */
export interface Facts {
  /** The copy from before the move, with the version it belongs to. */
  readonly before: MadeBy | null;
  /** Whether something else has been the state already. */
  readonly isExchanged: boolean;
  readonly there: Inspection;
  /** See {@link WatchFacts.lastWords}. */
  readonly lastWords: Diagnosis | null;
  /** The version that answers to our key. */
  readonly answers: string | null;
  /** What the receipts say the home was made from. */
  readonly made: MadeBy | null;
  readonly isStopped: boolean;
  readonly now: number;
}

export type Decision =
  | { readonly is: 'nothing' }
  /** Only scratch things were made. */
  | { readonly is: 'close' }
  | { readonly is: 'undo-swap'; readonly move: Move }
  | { readonly is: 'try-out'; readonly move: Move }
  /** It rests while it is watched: it is started once more and has to prove itself again. */
  | { readonly is: 'revive'; readonly move: Move }
  | { readonly is: 'keep'; readonly move: Move }
  | { readonly is: 'go-back'; readonly move: Move; readonly why: Extract<Open, { why: unknown }>['why'] };

/** Whether what stands there as the home is that version and has run: then it may have touched the state. */
function hasRun({ there }: Facts, version: string): boolean {
  if (there.is !== 'present' || there.version !== version) return false;
  return there.state === 'running' || there.exitCode !== null;
}

/** Whether the way back was begun already, on a disk too full to write that down. */
const isGoingBack = ({ before, isExchanged }: Facts): boolean => before === null && isExchanged;

/** What to do about an open journal; pure. */
export function decide(open: Open | null, facts: Facts): Decision {
  if (open === null) return { is: 'nothing' };
  switch (open.stage) {
    case 'preparing':
      return { is: 'close' };
    case 'swapping': {
      const { move } = open;
      if (isGoingBack(facts)) return { is: 'go-back', move, why: null };
      const isSame = move.from.version === move.to.version;
      if (isSame || !hasRun(facts, move.to.version)) return { is: 'undo-swap', move };
      // Somebody has started it: the state may be its own already.
      return facts.before ? { is: 'go-back', move, why: null } : { is: 'try-out', move };
    }
    case 'trying': {
      const { move } = open;
      if (isGoingBack(facts)) return { is: 'go-back', move, why: null };
      if (!facts.isStopped) return { is: 'try-out', move };
      // What is not to run can't prove itself.
      return facts.before ? { is: 'go-back', move, why: null } : { is: 'keep', move };
    }
    case 'going-back':
      return { is: 'go-back', move: open.move, why: open.why };
    case 'watching': {
      if (isGoingBack(facts)) return { is: 'go-back', move: open.move, why: null };
      // It was being kept: what the way back needs is gone.
      if (!facts.before) return { is: 'keep', move: open.move };
      const verdict = judgeWatch(open, facts);
      if (verdict.is === 'go-back') return { is: 'go-back', move: open.move, why: verdict.why };
      return verdict.is === 'wait' ? { is: 'nothing' } : { is: verdict.is, move: open.move };
    }
    case 'lost': {
      const { before, made, answers } = facts;
      if (!before || !made) return { is: 'close' };
      const move: Move = { from: before, to: made, load: null, before: { critical: [], broken: [] } };
      return answers === made.version ? { is: 'keep', move } : { is: 'go-back', move, why: null };
    }
  }
}

/** Looks at what there is; changes nothing. */
export async function gatherFacts(doors: Doors, signal: AbortSignal): Promise<Facts> {
  const { sandbox, store, net, clock } = doors;
  const { port, stopped } = store.choices();
  const answer = await knock(net, port, await tokenForWork(doors), signal);
  const there = await sandbox.inspect(signal);
  const hasEnded = there.is === 'present' && (there.state === 'stopped' || there.restarts > 0);
  return {
    before: await sandbox.findCopy('before', signal),
    isExchanged: (await sandbox.findCopy('aside', signal)) !== null,
    there,
    lastWords: hasEnded ? await lastWords(doors, signal) : null,
    answers: answer.is === 'let-in' ? answer.version : null,
    made: store.receipts().sandbox,
    isStopped: stopped,
    now: clock.now(),
  };
}

/**
 * Comes before anything else that ClawCove does: afterwards the home is the old one or the new
 * one, with its state, or on its way to be watched.
 */
export async function recover(doors: Doors, job: Job): Promise<void> {
  const { open } = doors.store.updates();
  if (open === null) return;
  // What is only watched needs nothing yet, and must not be told of as if it did.
  if (open.stage === 'watching' && decide(open, await gatherFacts(doors, job.signal)).is === 'nothing')
    return;
  job.step('finishing-update');
  await doors.sandbox.tidy(job.signal);
  await carryOut(doors, job, decide(open, await gatherFacts(doors, job.signal)));
  // A program that the killed one had started may have outlived it, and made something since.
  await doors.sandbox
    .tidy(job.signal)
    .catch((error) => doors.log.error('something of a killed update may be left', error));
}

async function carryOut(doors: Doors, job: Job, decision: Decision): Promise<void> {
  switch (decision.is) {
    case 'nothing':
      return;
    case 'close':
      return doors.store.saveUpdates({ open: null });
    case 'undo-swap':
      return undoSwap(doors, job, decision.move);
    case 'try-out':
      return putBackIsFine(tryOut(doors, job, decision.move));
    case 'keep':
      return keep(doors, job, decision.move);
    case 'go-back':
      job.noReturn();
      return putBack(doors, job, decision.move, decision.why);
    case 'revive':
      return revive(doors, job, decision.move);
  }
}

/** What was begun is undone: for the work that waits for it, that is as good as finished. */
async function putBackIsFine(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'update-put-back') throw error;
  }
}

async function revive(doors: Doors, job: Job, move: Move): Promise<void> {
  const { store, clock } = doors;
  const { open } = store.updates();
  if (open?.stage !== 'watching') return;
  job.noReturn();
  await store.saveUpdates({ open: { ...open, revived: true } });
  try {
    await passGate(doors, job, move);
    await store.saveUpdates({ open: { ...open, revived: true, since: clock.now() } });
  } catch (error) {
    await putBack(doors, job, move, error instanceof Unfit ? error.why : null);
  }
}
