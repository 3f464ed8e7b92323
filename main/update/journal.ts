/** What ClawCove writes down about updates, so that the next start of it can finish or undo one. */
import * as z from 'zod';
import { BackupId, PutBack, SafeguardId } from '../contract.ts';
import type { Receipts } from '../doors.ts';

const Made = z.object({ image: z.string().min(1).max(500), version: z.string().min(1).max(100) });

/** What was not in order already before an update: no reason to take the update back. */
export const Baseline = z.object({
  /** Ids of critical findings of OpenClaw's own audit. */
  critical: z.array(z.string().max(200)).max(200),
  broken: z.array(SafeguardId),
});
export type Baseline = z.infer<typeof Baseline>;

/** From one OpenClaw to another: an update, or the return to a backup, which is loaded. */
export const Move = z.object({
  from: Made,
  to: Made,
  /** The backup whose state takes the place of the present one; null: the state is kept. */
  load: BackupId.nullable(),
  before: Baseline,
});
export type Move = z.infer<typeof Move>;

/**
 * How far a move has come; each stage is written down before its work begins.
 *
 * - `preparing`: the old version serves, only scratch things are made; at its end the AI service of a
 *   backup may take the place of the other one
 * - `swapping`: the state is still the old version's
 * - `trying`: the state is kept as the copy `before`; the new version may have touched it
 * - `watching`: the new version has passed the gate, and is watched for a while; the state from
 *   before lies archived as that backup, or not yet (null)
 * - `going-back`: the old version and its state are being put back
 * - `lost`: there was a journal, but it can't be read
 */
export const Open = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('preparing') }),
  z.object({ stage: z.literal('swapping'), move: Move }),
  z.object({ stage: z.literal('trying'), move: Move }),
  z.object({
    stage: z.literal('watching'),
    move: Move,
    since: z.number(),
    revived: z.boolean(),
    archived: BackupId.nullable(),
  }),
  z.object({ stage: z.literal('going-back'), move: Move, why: PutBack.nullable() }),
  z.object({ stage: z.literal('lost') }),
]);
export type Open = z.infer<typeof Open>;

/** A version that did not work here: not to be tried again until a newer one comes. */
const Failed = z.object({ version: z.string().max(100), why: PutBack, at: z.number() });

/** How the last move ended (at: ms since 1970). */
const Last = z.object({
  is: z.enum(['kept', 'put-back']),
  from: z.string().max(100),
  to: z.string().max(100),
  at: z.number(),
  /** The backup that was loaded; null: none was. */
  load: BackupId.nullable().default(null),
});

export const Updates = z.object({
  open: Open.nullable(),
  failed: Failed.nullable(),
  last: Last.nullable(),
});
export type Updates = z.infer<typeof Updates>;

export const noUpdates: Updates = { open: null, failed: null, last: null };
/** What to go by when the journal can't be read: the facts alone. */
export const lostUpdates: Updates = { ...noUpdates, open: { stage: 'lost' } };

/** Versions whose images must stay: that of the home, and both of a move that isn't over. */
export function neededVersions(store: { receipts(): Receipts; updates(): Updates }): string[] {
  const { open } = store.updates();
  const move = open !== null && 'move' in open ? open.move : null;
  const made = store.receipts().sandbox;
  return [...(made ? [made.version] : []), ...(move ? [move.from.version, move.to.version] : [])];
}
