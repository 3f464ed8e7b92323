/** What ClawCove writes down while an OpenClaw of the computer itself moves in, and as long as that can be undone. */
import * as z from 'zod';
import { BackupId, Choices } from '../contract.ts';
import { Profile, Resting } from './found.ts';

/** What came into the home. */
export const Came = z.object({
  /** Whose memories. */
  profile: Profile,
  /** What was packed, as a backup. */
  backup: BackupId,
  /** What its folder looked like then. */
  fingerprint: z.string().max(200),
  /** ClawCove's own choices from before. */
  former: Choices.pick({ model: true, nearbyServices: true }),
  /** The home's own state from before, as a backup; null: it is not archived yet, or gone. */
  home: BackupId.nullable(),
});
export type Came = z.infer<typeof Came>;

const begun = {
  /** When it began (ms since 1970). */
  at: z.number(),
  resting: Resting,
};

/**
 * How far it has come; each stage is written down before its work begins and may be repeated.
 * `came` is null where the old one is only put to rest.
 *
 * - `stopping`: the old one is stopped and packed; nothing of it or of the home has changed
 * - `moving`: what was packed takes the place of the home's state (update/transaction.ts); the old one is as it was
 * - `resting`: the new one lives; the old one is put to rest
 * - `done`: the old one rests, and all of it can be undone
 * - `returning`: the home's own state, and then the old one, come back
 */
export const HostMove = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('stopping'), ...begun }),
  z.object({ stage: z.literal('moving'), ...begun, came: Came }),
  z.object({ stage: z.literal('resting'), ...begun, came: Came.nullable() }),
  z.object({ stage: z.literal('done'), ...begun, came: Came.nullable() }),
  z.object({ stage: z.literal('returning'), ...begun, came: Came.nullable() }),
]);
export type HostMove = z.infer<typeof HostMove>;

/** When something moved in or was put to rest that can go back (ms since 1970); null: nothing can. */
export const hostMovedAt = ({ hostMove }: { readonly hostMove: HostMove | null }): number | null =>
  hostMove?.stage === 'done' ? hostMove.at : null;

/** Backups that undoing it takes. */
export function neededBackups(move: HostMove | null): BackupId[] {
  const came = move !== null && 'came' in move ? move.came : null;
  return came === null ? [] : [came.backup, ...(came.home === null ? [] : [came.home])];
}
