/** Backups as their notes in the backup folder tell of them; there is no other list that could lie. */
import * as z from 'zod';
import { type Backup, BackupId, BackupWhy, ModelChoice } from '../contract.ts';

/** What lies beside an archive. */
export const Note = z.object({
  /** ms since 1970. */
  at: z.number(),
  why: BackupWhy,
  /** `name@sha256:…` of the image that the state belongs to; told only: what is run is fetched by the version. */
  image: z.string().min(1).max(500),
  version: z.string().min(1).max(100),
  bytes: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was read back whole (ms since 1970); null: not yet. */
  verifiedAt: z.number().nullable(),
  /** Who answered for the agent; its key is not in the archive. null: nobody wrote that down. */
  model: ModelChoice.nullable().default(null),
});
export type Note = z.infer<typeof Note>;

/** A name for a backup that is made now (ms since 1970). */
export function newId(at: number, why: BackupWhy): BackupId {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(':', '-');
  return BackupId.parse(`${time}Z-${why}`);
}

/** When a backup got its name (ms since 1970); pure. */
export function timeIn(id: BackupId): number {
  return Date.parse(`${id.slice(0, 10)}T${id.slice(11, 19).replaceAll('-', ':')}Z`);
}

/** As the views show them, newest first; pure. */
export function catalogueOf(found: readonly { readonly id: BackupId; readonly note: Note }[]): Backup[] {
  return found
    .map(({ id, note: { at, why, version, bytes, verifiedAt } }) => ({
      id,
      at,
      why,
      version,
      bytes,
      verifiedAt,
    }))
    .sort((a, b) => b.at - a.at);
}
