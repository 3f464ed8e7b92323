import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOlder, isStable, newestStable } from './versions.ts';

const year = fc.integer({ min: 2024, max: 2099 });
const month = fc.integer({ min: 1, max: 12 });
const number = fc.integer({ min: 0, max: 32 });
const version = fc.tuple(year, month, number).map((parts) => parts.join('.'));

describe('isStable', () => {
  it.each(['2026.1.29', '2026.9.6', '2026.12.0', '2026.9.32'])('takes %s', (tag) => {
    expect(isStable(tag)).toBe(true);
  });

  it.each([
    ['0.0.1', 'the placeholder that an old Node is given'],
    ['0.1.0', 'a version from before dates'],
    ['2026.9.33', 'extended-stable'],
    ['2026.7.35', 'extended-stable'],
    ['2026.9.6-beta.1', 'a beta'],
    ['2026.9.6-1', 'a pre-release by semver'],
    ['2026.9.6-r20261101', 'a rebuild'],
    ['2026.9.6-slim', 'another image'],
    ['v2026.9.6', 'not a tag of the image'],
    ['2026.09.6', 'not semver'],
    ['2026.13.1', 'no month'],
    ['2026.0.1', 'no month'],
    ['1926.9.6', 'no year of ours'],
    ['2026.9', 'too short'],
    ['2026.9.6.1', 'too long'],
    ['2026.9.1000', 'too long'],
    ['latest', 'a moving tag'],
    ['2026.9.6\n', 'garbage'],
    [' 2026.9.6', 'garbage'],
    ['２０２６.9.6', 'garbage'],
    ['', 'garbage'],
  ])('does not take %j: %s', (tag) => {
    expect(isStable(tag)).toBe(false);
  });
});

describe('newestStable', () => {
  it('compares numbers, not letters', () => {
    expect(newestStable(['2026.9.6', '2026.10.1', '2026.9.10'])).toBe('2026.10.1');
  });

  it('sees through what is not a stable release, whatever its order', () => {
    expect(newestStable(['latest', '2026.9.40', '2099.1.1-beta.1', '0.0.1', '2026.9.5', '2026.9.6'])).toBe(
      '2026.9.6',
    );
    expect(newestStable(['latest', '0.0.1', '2026.9.7-beta.2'])).toBeNull();
    expect(newestStable([])).toBeNull();
  });

  it('is one of the tags, and none of them is newer, among any garbage', () => {
    const tags = fc.array(
      fc.oneof(
        version,
        fc.string(),
        version.map((tag) => `${tag}-beta.1`),
      ),
    );
    fc.assert(
      fc.property(tags, (all) => {
        const newest = newestStable(all);
        expect(newest === null).toBe(!all.some(isStable));
        if (newest === null) return;
        expect(all).toContain(newest);
        for (const tag of all.filter(isStable)) expect(isOlder(newest, tag)).toBe(false);
      }),
    );
  });

  it('leaves the tags as they were', () => {
    const tags = ['2026.9.5', '2026.9.6'];
    newestStable(tags);
    expect(tags).toEqual(['2026.9.5', '2026.9.6']);
  });
});

describe('isOlder', () => {
  it('is an order: of two different versions exactly one is older', () => {
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(isOlder(one, other) !== isOlder(other, one)).toBe(one !== other);
      }),
    );
  });

  it('puts a beta before its release', () => {
    expect(isOlder('2026.9.6-beta.1', '2026.9.6')).toBe(true);
    expect(isOlder('2026.9.6', '2026.9.6-beta.1')).toBe(false);
  });

  it('counts a version that can’t be read as older than any: unknown is not safe', () => {
    for (const odd of ['', 'dev', 'latest', '2026.9', 'v']) expect(isOlder(odd, '2026.1.1'), odd).toBe(true);
  });
});
