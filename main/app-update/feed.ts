import * as z from 'zod';

/** Loopback never leaves this computer; a test's server has no certificate. */
const loopback = /^http:\/\/127\.0\.0\.1(?::\d+)?\//;

/** Where ClawCove's makers say what is newest, and the keys that they sign it with. */
const Feed = z.object({
  address: z
    .url()
    .regex(/\/$/)
    .refine((address) => address.startsWith('https://') || loopback.test(address)),
  /** Ed25519, DER in base64. */
  publicKeys: z.array(z.string().regex(/^[A-Za-z\d+/]{59}=$/)).min(1),
});
export type Feed = z.infer<typeof Feed>;

/**
 * The feed that stands in ClawCove's own package.json. That file lies inside the sealed archive
 * of a packaged app, and nothing else is asked: no variable and no argument can lead elsewhere.
 *
 * @returns null where there is none, or none that may be used
 */
export function feedIn(packageJson: unknown): Feed | null {
  const parsed = z.object({ clawcove: z.object({ updates: Feed }) }).safeParse(packageJson);
  return parsed.success ? parsed.data.clawcove.updates : null;
}
