/** What the person agreed to, as it is kept: what to compare with and what to put back, in one piece. */
import * as z from 'zod';
import type { Doors } from '../doors.ts';
import { parseJson } from '../parse-json.ts';

const Agreed = z.object({
  /** When they agreed (ms since 1970). */
  at: z.number(),
  /** Of the hashes. */
  salt: z.string(),
  /** The keyed hash (HMAC-SHA-256, hex) of each setting, by its path. */
  leaves: z.record(z.string(), z.string()),
  /** The settings themselves. */
  settings: z.record(z.string(), z.unknown()),
});
export type Agreed = Readonly<z.infer<typeof Agreed>>;

/** null: they never agreed to anything, or it is lost. */
export async function readAgreed({ vault }: Pick<Doors, 'vault'>): Promise<Agreed | null> {
  const kept = Agreed.safeParse(parseJson((await vault.read('agreed-settings')) ?? ''));
  return kept.success ? kept.data : null;
}

/** Takes the place of what was agreed to before, whole or not at all. */
export function keepAgreed({ vault }: Pick<Doors, 'vault'>, agreed: Agreed): Promise<void> {
  return vault.write('agreed-settings', JSON.stringify(agreed));
}
