/** What ClawCove writes down while OpenClaw moves from one engine's home to another's, and as long as the former one rests. */
import * as z from 'zod';
import { BackupId, EngineName } from '../contract.ts';
import type { Updates } from '../update/journal.ts';

const begun = {
  /** When it began (ms since 1970). */
  at: z.number(),
  from: EngineName,
  to: EngineName,
  /** What the former home was made from. */
  former: z.object({ image: z.string().max(500), version: z.string().max(100), madeAt: z.number() }),
};

/**
 * How far it has come; each stage is written down before its work begins.
 *
 * - `packing`: the former home is stopped and packed; nothing of it has changed, and it is still the chosen one
 * - `settling`: the new one is built around what was packed; nothing of the former one has changed
 * - `done`: the new one lives, and the former one rests, whole
 */
export const HomeMove = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('packing'), ...begun }),
  z.object({ stage: z.literal('settling'), ...begun, backup: BackupId }),
  z.object({ stage: z.literal('done'), ...begun, backup: BackupId }),
]);
export type HomeMove = z.infer<typeof HomeMove>;

/** Whether what was packed lives in the new home; pure. */
export function hasSettled(
  { open, last }: Updates,
  { backup }: Extract<HomeMove, { stage: 'settling' }>,
): boolean {
  if (open !== null) return open.stage === 'watching' && open.move.load === backup;
  return last?.is === 'kept' && last.load === backup;
}

/** Whether there is anything to go on with, or to take back; pure. */
export function isHomeMoveOpen(move: HomeMove | null): boolean {
  return move !== null && move.stage !== 'done';
}

/** Whether the new home was left again by itself, so that the former one is needed; pure. */
export function hasLeftAgain(move: HomeMove | null, { open, last }: Updates): boolean {
  if (move?.stage !== 'done' || open !== null) return false;
  return last?.is === 'put-back' && last.load === move.backup;
}

/** By which engine the home is that was left and rests; null: none is. */
export const formerHomeOf = ({ homeMove }: { readonly homeMove: HomeMove | null }): EngineName | null =>
  homeMove?.stage === 'done' ? homeMove.from : null;

/** Backups that it takes. */
export const backupsOf = (move: HomeMove | null): BackupId[] =>
  move === null || move.stage === 'packing' ? [] : [move.backup];
