/** What a home was made from, as it is noted beside it in the machine and, for when that is asleep, on this computer. */
import * as z from 'zod';

const HomeRecord = z.object({
  /** Another one for every home that was made. */
  id: z.string(),
  /** Of everything that it was made from: making it again as it is changes nothing. */
  digest: z.string(),
  /** ms since 1970. */
  madeAt: z.number(),
  image: z.string(),
  imageDigest: z.string(),
  version: z.string(),
  /** Number of the agent's account and group. */
  user: z.string(),
  /** Null: no folder of this computer's. */
  sharedFolder: z.string().nullable(),
  port: z.number(),
  limits: z.object({ memoryBytes: z.number(), cpus: z.number(), pids: z.number() }),
  command: z.array(z.string()),
  secrets: z.array(z.string()),
  /** What the unit of the home has to say. */
  unit: z.string(),
});
export type HomeRecord = z.infer<typeof HomeRecord>;

/** Null when it isn't a record that we know. */
export function parseRecord(text: string): HomeRecord | null {
  try {
    return HomeRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
