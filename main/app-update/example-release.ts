/** For tests: a release in its makers' words, and keys to sign it with. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface KeyPair {
  /** DER in base64, as it stands in ClawCove. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

/** In base64. */
export const signatureOf = (words: string, { privateKey }: KeyPair): string =>
  sign(null, Buffer.from(words), privateKey).toString('base64');

/** The lines of latest-linux.yml, with some of them replaced; undefined leaves one out. */
export function releaseWords(change: Readonly<Record<string, string | undefined>> = {}): string {
  const { url, sha512, size, ...rest } = change;
  const lines = {
    version: '1.3.0',
    releaseDate: "'2026-11-20T10:00:00.000Z'",
    signedAs: 'latest-linux.yml',
    validUntil: "'2027-02-20T10:00:00.000Z'",
    ...rest,
  };
  return [
    'files:',
    `  - url: ${url ?? 'ClawCove-1.3.0.AppImage'}`,
    `    sha512: ${sha512 ?? `${'A'.repeat(86)}==`}`,
    `    size: ${size ?? '100'}`,
    '    blockMapSize: 12',
    ...Object.entries(lines).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`])),
    '',
  ].join('\n');
}
