import { describe, expect, it } from 'vitest';
import { makeKeyPair, releaseWords, signatureOf } from './example-release.ts';
import { readRelease } from './signed.ts';

const makers = makeKeyPair();
const now = Date.UTC(2026, 10, 22);
const read = (words: string, signature = signatureOf(words, makers), publicKeys = [makers.publicKey]) =>
  readRelease(words, signature, { name: 'latest-linux.yml', publicKeys, now });

describe('what is said of a release', () => {
  it('is believed with its makers’ signature, and read for what is needed', () => {
    expect(read(releaseWords({ stagingPercentage: '10', safeFrom: '1.2.0', surprise: 'yes' }))).toEqual({
      version: '1.3.0',
      files: [{ url: 'ClawCove-1.3.0.AppImage', sha512: `${'A'.repeat(86)}==`, size: 100 }],
      releaseDate: '2026-11-20T10:00:00.000Z',
      signedAs: 'latest-linux.yml',
      validUntil: '2027-02-20T10:00:00.000Z',
      stagingPercentage: 10,
      safeFrom: '1.2.0',
    });
  });

  it('may be signed with any of the keys, so that a new one can be brought', () => {
    const words = releaseWords();
    const other = makeKeyPair().publicKey;
    expect(read(words, signatureOf(words, makers), [other, makers.publicKey]).version).toBe('1.3.0');
    expect(() => read(words, signatureOf(words, makers), [other])).toThrow('app-unsigned');
  });

  const words = releaseWords();
  const good = signatureOf(words, makers);
  it.each([
    ['one letter of it is another', words.replace('1.3.0', '1.3.1'), good],
    ['it is cut off', words.slice(0, -20), good],
    ['something is added', `${words}safeFrom: 9.0.0\n`, good],
    ['there is no signature', words, ''],
    ['the signature is no such thing', words, '<html>'],
    ['the signature is cut off', words, good.slice(0, 40)],
    ['somebody else signed it', words, signatureOf(words, makeKeyPair())],
  ])('is not believed when %s', (_, said, signature) => {
    expect(() => read(said, signature)).toThrow('app-unsigned');
  });

  it.each([
    ['was signed for another kind of computer', { signedAs: 'latest-mac.yml' }],
    ['was signed for none', { signedAs: undefined }],
    ['names a file elsewhere', { url: 'https://example.com/a.AppImage' }],
    ['names a file above', { url: '../a.AppImage' }],
    ['names no size', { size: 'none' }],
    ['names no digest', { sha512: 'none' }],
    ['names no version', { version: 'newest' }],
    ['has no end', { validUntil: undefined }],
    ['is nothing that can be read', { version: '[' }],
  ])('is no good, signed or not, when it %s', (_, change) => {
    expect(() => read(releaseWords(change))).toThrow();
  });

  it('is not believed for ever: old words that are repeated keep no newer release away', () => {
    expect(() => read(releaseWords({ validUntil: "'2026-11-20T00:00:00.000Z'" }))).toThrow('app-expired');
    // Clocks may differ by a day.
    expect(read(releaseWords({ validUntil: "'2026-11-21T12:00:00.000Z'" })).version).toBe('1.3.0');
  });
});
