import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channel } from '../contract.ts';
import { isOlder, isOnChannel, offeredOn } from './versions.ts';

const newestOn = (
  channel: Channel,
  tags: readonly string[],
  withdrawn: readonly string[],
  latest: string | null = null,
) => offeredOn(channel, tags, withdrawn, latest)[0] ?? null;

const year = fc.integer({ min: 2024, max: 2099 });
const month = fc.integer({ min: 1, max: 12 });
const number = fc.integer({ min: 0, max: 40 });
const version = fc.tuple(year, month, number).map((parts) => parts.join('.'));

describe('the stable channel', () => {
  it.each(['2026.1.29', '2026.9.6', '2026.12.0', '2026.9.32'])('takes %s', (tag) => {
    expect(isOnChannel('stable', tag)).toBe(true);
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
    expect(isOnChannel('stable', tag)).toBe(false);
  });
});

describe('the other channels', () => {
  it.each<[Channel, string, boolean]>([
    ['extended-stable', '2026.7.35', true],
    ['extended-stable', '2026.9.6', false],
    ['extended-stable', '2026.7.35-beta.1', false],
    ['beta', '2026.9.6', true],
    ['beta', '2026.10.1-beta.1', true],
    ['beta', '2026.10.1-beta', false],
    ['beta', '2026.10.1-rc.1', false],
    ['beta', '2026.7.35', false],
    ['beta', '2026.9.6-1', false],
    ['beta', '0.0.1', false],
    ['beta', '0.0.1-beta.1', false],
    ['extended-stable', '0.0.40', false],
  ])('%s and %s: %s', (channel, tag, isOn) => {
    expect(isOnChannel(channel, tag)).toBe(isOn);
  });
});

describe('the newest version', () => {
  it('compares numbers, not letters', () => {
    expect(newestOn('stable', ['2026.9.6', '2026.10.1', '2026.9.10'], [])).toBe('2026.10.1');
  });

  it('is one for each channel, and null on a channel that offers nothing', () => {
    const tags = [
      'latest',
      '2026.7.35',
      '2026.7.34',
      '2099.1.1-rc.1',
      '0.0.1',
      '2026.10.1-beta.2',
      '2026.9.6',
    ];
    expect(Channel.options.map((channel) => newestOn(channel, tags, []))).toEqual([
      '2026.9.6',
      '2026.7.35',
      '2026.10.1-beta.2',
    ]);
    expect(newestOn('extended-stable', ['2026.9.6'], [])).toBeNull();
    expect(newestOn('stable', ['latest', '0.0.1', '2026.9.7-beta.2'], [])).toBeNull();
    expect(newestOn('beta', ['2026.9.6-beta.3', '2026.9.6'], [])).toBe('2026.9.6');
  });

  it('is none that was taken back', () => {
    expect(newestOn('stable', ['2026.9.5', '2026.9.6'], ['2026.9.6'])).toBe('2026.9.5');
    expect(newestOn('stable', ['2026.9.6'], ['2026.9.6'])).toBeNull();
  });

  it.each<[Channel, string, string | null]>([
    ['stable', '2026.9.5', '2026.9.5'],
    ['stable', '2026.9.6', '2026.9.6'],
    ['stable', '2026.10.9', '2026.9.6'],
    ['stable', '2026.9.1', null],
    // Not a stable version: it says nothing about those that are.
    ['stable', '2026.7.35', '2026.9.6'],
    ['stable', 'latest', '2026.9.6'],
    ['beta', '2026.9.5', '2026.10.1-beta.1'],
    ['extended-stable', '2026.9.5', '2026.9.35'],
  ])('on %s is not beyond what its makers call latest, %s: %s', (channel, latest, newest) => {
    const tags = ['2026.9.5', '2026.9.6', '2026.9.35', '2026.10.1-beta.1', 'latest'];
    expect(newestOn(channel, tags, [], latest)).toBe(newest);
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
      fc.property(fc.constantFrom(...Channel.options), tags, fc.array(version), (channel, all, withdrawn) => {
        const newest = newestOn(channel, all, withdrawn);
        const offered = all.filter((tag) => isOnChannel(channel, tag) && !withdrawn.includes(tag));
        expect(newest === null).toBe(offered.length === 0);
        if (newest === null) return;
        expect(offered).toContain(newest);
        for (const tag of offered) expect(isOlder(newest, tag)).toBe(false);
      }),
    );
  });

  it('leaves the tags as they were', () => {
    const tags = ['2026.9.5', '2026.9.6'];
    newestOn('stable', tags, []);
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
