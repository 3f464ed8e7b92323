import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeKeyPair } from './example-release.ts';
import { feedIn } from './feed.ts';

const { publicKey } = makeKeyPair();
const withFeed = (address: string, publicKeys: readonly string[] = [publicKey]) => ({
  name: 'clawcove',
  clawcove: { updates: { address, publicKeys } },
});

describe('the source of updates', () => {
  it.each(['https://clawcove.invalid/releases/', 'http://127.0.0.1:8080/'])('may be %s', (address) => {
    expect(feedIn(withFeed(address))).toEqual({ address, publicKeys: [publicKey] });
  });

  it.each([
    'http://clawcove.invalid/releases/',
    'http://127.0.0.1.example.com/',
    'https://clawcove.invalid/releases',
    'file:///tmp/',
    'nonsense',
  ])('is none at %s', (address) => {
    expect(feedIn(withFeed(address))).toBeNull();
  });

  it('is none without a key, with a strange one, or where nothing is said', () => {
    expect(feedIn(withFeed('https://clawcove.invalid/', []))).toBeNull();
    expect(feedIn(withFeed('https://clawcove.invalid/', ['AAAA']))).toBeNull();
    expect(feedIn({ name: 'clawcove' })).toBeNull();
    expect(feedIn(null)).toBeNull();
    expect(feedIn(JSON.parse(readFileSync('package.json', 'utf8')))).toBeNull();
  });
});
