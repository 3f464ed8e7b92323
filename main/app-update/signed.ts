/** What ClawCove's makers say of its newest release: signed, and read only after that was verified. Pure. */
import { createPublicKey, verify } from 'node:crypto';
import { parseUpdateInfo } from 'electron-updater/out/providers/Provider.js';
import semver from 'semver';
import * as z from 'zod';
import { ProblemError } from '../problem.ts';

const version = z
  .string()
  .max(100)
  .refine((text) => semver.valid(text) === text);
/** A moment as `2026-11-22T12:00:00.000Z`. */
const moment = z.iso.datetime();

/** The signed words: electron-builder's own, and what scripts/sign-release.mjs adds to them. */
const Release = z.object({
  version,
  files: z
    .array(
      z.object({
        // A name beside these words, never another place.
        url: z.string().regex(/^[\w][\w.-]{0,200}$/),
        sha512: z.string().regex(/^[A-Za-z\d+/]{86}==$/),
        size: z
          .int()
          .min(1)
          .max(2 ** 30),
      }),
    )
    .min(1)
    .max(20),
  releaseDate: moment,
  stagingPercentage: z.number().min(0).max(100).optional(),
  /** The file that these words were signed as: words for another system or processor are none for this one. */
  signedAs: z.string(),
  validUntil: moment,
  safeFrom: version.optional(),
});
export type Release = z.infer<typeof Release>;

/** So far clocks may differ (ms). */
const tolerance = 24 * 3_600_000;

function isSigned(words: string, signature: string, publicKeys: readonly string[]): boolean {
  const made = Buffer.from(signature.trim(), 'base64');
  // A new key is brought by a release that an older one signed, so there may be several.
  return publicKeys.some((key) =>
    verify(
      null,
      Buffer.from(words),
      createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
      made,
    ),
  );
}

/**
 * The words about a release, if they are believed.
 *
 * Whoever sits between may not make words up (the signature), pass on those for another kind of
 * computer (`signedAs`), or go on for ever with old ones (`validUntil`): then nobody would notice
 * that a newer release is kept from them. Their makers renew the date with every signature.
 *
 * @param signature Ed25519 over exactly these words, in base64
 * @param name the file that was asked for
 * @param publicKeys Ed25519, DER in base64; any of them will do
 * @param now ms since 1970
 * @throws ProblemError `app-unsigned`, `app-expired`
 */
export function readRelease(
  words: string,
  signature: string,
  { name, publicKeys, now }: { name: string; publicKeys: readonly string[]; now: number },
): Release {
  if (!isSigned(words, signature, publicKeys)) throw new ProblemError('app-unsigned', {}, ['open-log']);
  // Not parsed before this line.
  const read = Release.safeParse(parseUpdateInfo(words, name, new URL('https://clawcove.invalid')));
  if (!read.success || read.data.signedAs !== name) throw new ProblemError('app-unsigned', {}, ['open-log']);
  if (Date.parse(read.data.validUntil) + tolerance < now)
    throw new ProblemError('app-expired', {}, ['try-again', 'open-log']);
  return read.data;
}
