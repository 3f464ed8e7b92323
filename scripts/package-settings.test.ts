import { describe, expect, it } from 'vitest';
import { makeKeyPair } from '../main/app-update/example-release.ts';
import { feedIn } from '../main/app-update/feed.ts';
import { settingsFrom } from './package-settings.ts';

const keys = [makeKeyPair().publicKey, makeKeyPair().publicKey];
const releases = 'https://example.org/clawcove/';

describe('what a build says of its makers', () => {
  it('is nothing where nothing is set: such a ClawCove leaves its updates to others', () => {
    // An empty variable is how a build's settings say "not set".
    for (const environment of [
      {},
      { CLAWCOVE_RELEASES: '', CLAWCOVE_PUBLIC_KEYS: '', CLAWCOVE_HOMEPAGE: '' },
    ])
      expect(settingsFrom(environment)).toEqual({ extraMetadata: {} });
  });

  it('is a feed that ClawCove itself believes', () => {
    const { extraMetadata, publish } = settingsFrom({
      CLAWCOVE_RELEASES: releases,
      CLAWCOVE_PUBLIC_KEYS: keys.join('\n'),
    });
    expect(feedIn(extraMetadata)).toEqual({ address: releases, publicKeys: keys });
    expect(publish).toEqual({ provider: 'generic', url: releases });
  });

  it.each([
    ['an address without a key', { CLAWCOVE_RELEASES: releases }],
    ['a key without an address', { CLAWCOVE_PUBLIC_KEYS: keys[0] }],
    [
      'an address without a slash',
      { CLAWCOVE_RELEASES: 'https://example.org', CLAWCOVE_PUBLIC_KEYS: keys[0] },
    ],
    ['an open address', { CLAWCOVE_RELEASES: 'http://example.org/', CLAWCOVE_PUBLIC_KEYS: keys[0] }],
    ['something else than a key', { CLAWCOVE_RELEASES: releases, CLAWCOVE_PUBLIC_KEYS: 'AAAA' }],
    ['a page that is none', { CLAWCOVE_HOMEPAGE: 'example.org' }],
  ])('is not %s', (_what, environment) => expect(() => settingsFrom(environment)).toThrow(/must be/));

  it('names page and maintainer', () =>
    expect(
      settingsFrom({ CLAWCOVE_HOMEPAGE: 'https://example.org', CLAWCOVE_MAINTAINER: 'A <a@example.org>' }),
    ).toEqual({
      extraMetadata: { homepage: 'https://example.org' },
      linux: { maintainer: 'A <a@example.org>' },
    }));
});
